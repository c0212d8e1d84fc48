import type {Interaction} from 'tfjs-autofis';

/** [B, m, d]. */
export type EmbeddingShape = readonly [number, number, number];

export interface PlainGate {
  interactions: readonly Interaction[];
  output: 'sum' | 'each';
  /** One weight an interaction; null without gates. */
  alpha: readonly number[] | null;
  /** 'batch', given statistics, or null without normalisation. */
  normalization: 'batch' | {mean: readonly number[]; variance: readonly number[]} | null;
  epsilon: number;
}

/** x[b][p] = sum_d of the product of the interaction's fields, by plain loops in float64. */
export function plainProducts(
  values: ArrayLike<number>,
  [batch, m, d]: EmbeddingShape,
  interactions: readonly Interaction[],
): number[][] {
  const rows: number[][] = [];
  for (let b = 0; b < batch; b++) {
    const row: number[] = [];
    for (const interaction of interactions) {
      let sum = 0;
      for (let k = 0; k < d; k++) {
        let product = 1;
        for (const field of interaction) product *= values[(b * m + field) * d + k];
        sum += product;
      }
      row.push(sum);
    }
    rows.push(row);
  }
  return rows;
}

/** Mean and population variance of each column. */
export function plainStatistics(x: readonly number[][]): {mean: number[]; variance: number[]} {
  const columns = x[0].map((_, p) => x.map(row => row[p]));
  const mean = columns.map(column => column.reduce((s, v) => s + v, 0) / column.length);
  const variance = columns.map((column, p) => column.reduce((s, v) => s + (v - mean[p]) ** 2, 0) / column.length);
  return {mean, variance};
}

/** The output of a gate, [B][1] or [B][P], straight from the paper's equations. */
export function plainGate(values: ArrayLike<number>, shape: EmbeddingShape, gate: PlainGate): number[][] {
  const x = plainProducts(values, shape, gate.interactions);
  const statistics = gate.normalization === 'batch' ? plainStatistics(x) : gate.normalization;
  const each = x.map(row =>
    row.map((value, p) => {
      const normalized =
        statistics === null ? value : (value - statistics.mean[p]) / Math.sqrt(statistics.variance[p] + gate.epsilon);
      return (gate.alpha?.[p] ?? 1) * normalized;
    }),
  );
  return gate.output === 'each' ? each : each.map(row => [row.reduce((s, v) => s + v, 0)]);
}

/** Central differences of a float64 function. */
export function numericGradient(f: (x: number[]) => number, x: readonly number[], step = 1e-4): number[] {
  return x.map((value, i) => {
    const moved = [...x];
    moved[i] = value + step;
    const above = f(moved);
    moved[i] = value - step;
    return (above - f(moved)) / (2 * step);
  });
}

/** sum_ij c_ij y_ij, which turns an output into a number to differentiate. */
export function weighted(y: readonly number[][], coefficients: readonly number[]): number {
  return y.flat().reduce((sum, value, i) => sum + value * coefficients[i], 0);
}
