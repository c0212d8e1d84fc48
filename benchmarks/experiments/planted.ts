import {seededRandom} from '../random';
import {normalFrom, pairsApart} from './drawing';
import {byTens, PartName, Table} from './encode';

export interface PlantedData {
  fields: Array<{name: string; size: number}>;
  parts: Record<PartName, Table>;
  /** The pairs that the label depends on, as field positions in the order of allInteractions. */
  planted: number[][];
}

const FIELDS = 6;
const VALUES = 60;
/** Standard deviation of the noise. */
const NOISE = 0.1;

/**
 * The paper's synthetic data: every field uniform over its values, y = 1[sum_i w_i(x_i) + sum_{planted (i,j)} v_ij(x_i,
 * x_j) + noise >= 0] with w and v standard normal. Three planted pairs that share no field, drawn by the seed. 8 of 10
 * rows are for training, one for validation, one for testing.
 */
export function plantedData({rows, seed}: {rows: number; seed: number}): PlantedData {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const integer = (size: number) => Math.floor(random() * size);
  const planted = pairsApart(3, FIELDS, random).sort((a, b) => a[0] - b[0]);
  const table = (size: number) => Float64Array.from({length: size}, normal);
  const w = Array.from({length: FIELDS}, () => table(VALUES));
  const v = planted.map(() => table(VALUES * VALUES));
  const columns = w.map(() => new Int32Array(rows));
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = NOISE * normal();
    columns.forEach((column, f) => {
      column[row] = integer(VALUES);
      sum += w[f][column[row]];
    });
    planted.forEach(([i, j], p) => {
      sum += v[p][columns[i][row] * VALUES + columns[j][row]];
    });
    labels[row] = sum >= 0 ? 1 : 0;
  }
  return {
    fields: w.map((_, i) => ({name: `f${i}`, size: VALUES})),
    planted,
    parts: byTens(columns, labels),
  };
}
