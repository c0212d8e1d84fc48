import type {IdTable} from './linear/ridge_regression';

/** Take rows of a table, by position. */
export function tableRows({ids, labels, weights, groups}: IdTable, rows: Int32Array): IdTable {
  const width = ids.length / labels.length;
  const subset = new Int32Array(rows.length * width);
  rows.forEach((row, i) => subset.set(ids.subarray(row * width, (row + 1) * width), i * width));
  return {
    ids: subset,
    labels: new Float32Array(rows.length).map((_, i) => labels[rows[i]]),
    ...(weights && {weights: new Float32Array(rows.length).map((_, i) => weights[rows[i]])}),
    ...(groups && {groups: new Float64Array(rows.length).map((_, i) => groups[rows[i]])}),
  };
}

/** Take every k-th row, so that rows times `columns` are at most `most`. */
export function thinnedTable(table: IdTable, columns: number, most: number): IdTable {
  const rows = table.labels.length;
  const every = Math.ceil((rows * columns) / most);
  if (every <= 1) return table;
  return tableRows(
    table,
    new Int32Array(Math.ceil(rows / every)).map((_, i) => i * every),
  );
}
