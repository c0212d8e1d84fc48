import type {IdTable} from '../linear/ridge_regression';

/** Every k-th row, so that rows times `columns` are at most `most`. */
export function thinnedTable(table: IdTable, columns: number, most: number): IdTable {
  const {ids, labels, weights} = table;
  const every = Math.ceil((labels.length * columns) / most);
  if (every <= 1) return table;
  const width = ids.length / labels.length;
  const places = Int32Array.from({length: Math.ceil(labels.length / every)}, (_, i) => i * every);
  const own = new Int32Array(places.length * width);
  places.forEach((row, i) => own.set(ids.subarray(row * width, (row + 1) * width), i * width));
  return {
    ids: own,
    labels: Float32Array.from(places, row => labels[row]),
    ...(weights === undefined ? {} : {weights: Float32Array.from(places, row => weights[row])}),
  };
}
