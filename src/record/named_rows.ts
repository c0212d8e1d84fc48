import {columnCount, type FieldSpec} from '../../layers/field_layout';
import {coarseField} from '../components/tables/coarse_field';
import type {IdRows} from './id_rows';

/** Names of a field's values by id; undefined where a value has none. */
export type ValueNames = ReadonlyArray<string | undefined>;

/** Rows with what their ids mean. */
export interface NamedRows {
  fields: readonly FieldSpec[];
  rows: IdRows;
  names: ReadonlyArray<ValueNames | undefined>;
}

/** Merge neighbouring bins of numbers into four groups, and return the rows with the merged ids. */
export function coarseRows({fields, rows, names}: NamedRows): NamedRows {
  const {labels} = rows;
  const columns = columnCount(fields);
  const ids = Int32Array.from(rows.ids);
  const coarse = fields.map((field, f) => {
    if (field.ordered !== true || field.width != null) return {field, names: names[f]};
    const column = columnCount(fields.slice(0, f));
    const {size, of} = coarseField({ids, labels}, field, column).levels[0];
    for (let k = column; k < ids.length; k += columns) ids[k] = of[ids[k]];
    return {field: {...field, size}, names: namesOf(size, of, names[f])};
  });
  return {fields: coarse.map(({field}) => field), rows: {...rows, ids}, names: coarse.map(field => field.names)};
}

/** "first … last" of the ids of each group. */
function namesOf(size: number, of: Int32Array, names: ValueNames | undefined): ValueNames {
  return Array.from({length: size}, (_, group) => {
    const [first, last] = [of.indexOf(group), of.lastIndexOf(group)].map(id => nameOfValue(names, id));
    return first === last ? first : `${first} … ${last}`;
  });
}

/** The name of a value; its id where it has none. */
export function nameOfValue(names: ValueNames | undefined, id: number): string {
  return names?.[id] ?? `#${id}`;
}
