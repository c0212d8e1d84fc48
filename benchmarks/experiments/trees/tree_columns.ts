import type {FieldSpec} from 'tfjs-autofis';

/**
 * Ids as the columns of a table for trees: a one-hot field's id as it is, and for each value of a multi-hot field a
 * column that is 1 where the row has it.
 *
 * @param ids Row-major [rows, W], -1 for padding.
 * @returns Row-major [rows, columns].
 */
export function treeColumns(fields: readonly FieldSpec[], ids: Int32Array): Int32Array {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const W = sum(fields.map(({width}) => width ?? 1));
  const columns = sum(fields.map(({size, width}) => (width === undefined ? 1 : size)));
  const rows = ids.length / W;
  const table = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    let from = row * W;
    let to = row * columns;
    for (const {size, width} of fields) {
      if (width === undefined) table[to++] = ids[from++];
      else {
        for (const end = from + width; from < end; from++) if (ids[from] >= 0) table[to + ids[from]] = 1;
        to += size;
      }
    }
  }
  return table;
}

/** One field a tree, whose values are its leaves. */
export function leafFields(sizes: readonly number[]): FieldSpec[] {
  return sizes.map((size, i) => ({name: `tree ${i + 1}`, size}));
}
