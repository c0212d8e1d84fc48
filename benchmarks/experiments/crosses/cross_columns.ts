import type {FieldSpec} from 'tfjs-autofis';
import type {PartName, Table} from '../encode';

/** A cross of fields, as their positions, ascending. */
export type Cross = readonly number[];

/** Ids of one or more fields, by part. */
export interface Columns {
  fields: FieldSpec[];
  /** Row-major, [rows, columns of the fields]. */
  ids: Record<PartName, Int32Array>;
}

/** Columns that a field takes in the input. */
const widthOf = ({width}: FieldSpec) => width ?? 1;

/**
 * A cross as a field: one id for each combination of values that at least `leastRows` training rows have, in the order
 * of their appearance; all others share the last id. A cross with a multi-hot field is multi-hot itself: its values are
 * the combinations with each value that the row has.
 */
export function crossColumns(
  fields: readonly FieldSpec[],
  parts: Record<PartName, Table>,
  cross: Cross,
  leastRows: number,
): Columns {
  const W = fields.reduce((sum, field) => sum + widthOf(field), 0);
  const places = cross.map(f => ({
    ...fields[f],
    columns: widthOf(fields[f]),
    start: fields.slice(0, f).reduce((sum, field) => sum + widthOf(field), 0),
  }));
  const combinations = places.reduce((product, {size}) => product * size, 1);
  if (combinations > Number.MAX_SAFE_INTEGER) {
    throw new Error(
      `The cross of ${cross.map(f => fields[f].name).join(', ')} has ${combinations} combinations, ` +
        'more than can be counted. ' +
        'Leave it out, or merge rare values first.',
    );
  }
  const width = places.reduce((product, {columns}) => product * columns, 1);
  /** The combination as one number, or -1 where a multi-hot field is padding. */
  const keysOf = ({ids, rows}: Table) =>
    Float64Array.from({length: rows * width}, (_, i) => {
      const row = Math.floor(i / width) * W;
      let rest = i % width;
      let key = 0;
      for (const {start, columns, size} of places) {
        const id = ids[row + start + (rest % columns)];
        rest = Math.floor(rest / columns);
        key = id < 0 || key < 0 ? -1 : key * size + id;
      }
      return key;
    });
  const train = keysOf(parts.train);
  const counts = new Map<number, number>();
  const idOf = new Map<number, number>();
  for (const key of train) counts.set(key, (counts.get(key) ?? 0) + 1);
  counts.forEach((count, key) => {
    if (key >= 0 && count >= leastRows) idOf.set(key, idOf.size);
  });
  const numbered = (keys: Float64Array) => Int32Array.from(keys, key => (key < 0 ? -1 : (idOf.get(key) ?? idOf.size)));
  const multiHot = places.some(place => place.width !== undefined);
  return {
    fields: [
      {
        name: cross.map(f => fields[f].name).join(' x '),
        size: idOf.size + 1,
        ...(multiHot && {width, combiner: 'mean' as const}),
      },
    ],
    ids: {train: numbered(train), validation: numbered(keysOf(parts.validation)), test: numbered(keysOf(parts.test))},
  };
}

/** Columns side by side. */
export function sideBySide(list: readonly Columns[]): Columns {
  const widths = list.map(({fields}) => fields.reduce((sum, field) => sum + widthOf(field), 0));
  const W = widths.reduce((a, b) => a + b, 0);
  const join = (part: PartName) => {
    const rows = list[0].ids[part].length / widths[0];
    const joined = new Int32Array(rows * W);
    let start = 0;
    list.forEach(({ids}, k) => {
      const own = ids[part];
      const width = widths[k];
      for (let row = 0; row < rows; row++)
        for (let c = 0; c < width; c++) joined[row * W + start + c] = own[row * width + c];
      start += width;
    });
    return joined;
  };
  return {
    fields: list.flatMap(({fields}) => fields),
    ids: {train: join('train'), validation: join('validation'), test: join('test')},
  };
}
