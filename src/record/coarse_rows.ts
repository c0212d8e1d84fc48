import type {FieldSpec} from '../../layers/field_layout';
import {coarseField} from '../components/tables/coarse_field';
import {columnCount, type IdRows} from './id_rows';
import type {ValueNames} from './value_examples';

/** Rows with what their ids mean. */
export interface NamedRows {
  fields: readonly FieldSpec[];
  train: IdRows;
  names?: ReadonlyArray<ValueNames | undefined>;
}

/**
 * Merge neighbouring bins of numbers, and return the rows with the merged ids. Level 0 has the fewest groups. Multi-hot
 * fields are unchanged.
 */
export function coarseRows({fields, train, names}: NamedRows, level: number): NamedRows {
  const {labels} = train;
  const columns = columnCount(fields);
  const ids = Int32Array.from(train.ids);
  const coarse = fields.map((field, f) => {
    if (field.ordered !== true || field.width != null) return {field, names: names?.[f]};
    const column = columnCount(fields.slice(0, f));
    const {size, of} = coarseField({ids, labels}, field, column).levels[level];
    for (let k = column; k < ids.length; k += columns) ids[k] = of[ids[k]];
    return {field: {...field, size}, names: namesOf(size, of, names?.[f])};
  });
  return {fields: coarse.map(each => each.field), train: {...train, ids}, names: coarse.map(each => each.names)};
}

/** "first … last" of the ids of each group; an id without a name is called by its number. */
function namesOf(size: number, of: Int32Array, names: ValueNames | undefined): ValueNames {
  const name = (id: number) => names?.[id] ?? `#${id}`;
  return Array.from({length: size}, (_, group) => {
    const [first, last] = [of.indexOf(group), of.lastIndexOf(group)];
    return first === last ? name(first) : `${name(first)} … ${name(last)}`;
  });
}
