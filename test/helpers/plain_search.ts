import {allInteractions} from 'tfjs-autofis';
import {numericGradient, plainGate, plainProducts, plainStatistics} from './plain_gate';

export interface PlainModel {
  /** [V * d], one row a feature. */
  table: number[];
  /** One gate a pair. */
  alpha: number[];
  sizes: readonly number[];
  dim: number;
  epsilon: number;
}

/** Rows of the table for a batch of ids: [B * m * d]. */
function embed(table: readonly number[], sizes: readonly number[], dim: number, ids: readonly number[][]): number[] {
  const starts = sizes.map((_, f) => sizes.slice(0, f).reduce((sum, n) => sum + n, 0));
  return ids.flatMap(row =>
    row.flatMap((id, f) => {
      const at = (starts[f] + id) * dim;
      return table.slice(at, at + dim);
    }),
  );
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Predictions of embeddings -> gate -> sigmoid, normalised by the batch or by given statistics. */
export function plainPredict(
  model: PlainModel,
  ids: readonly number[][],
  normalization: 'batch' | {mean: number[]; variance: number[]},
): number[] {
  const {table, alpha, sizes, dim, epsilon} = model;
  const interactions = allInteractions(sizes.length, 2);
  return plainGate(embed(table, sizes, dim, ids), [ids.length, sizes.length, dim], {
    interactions,
    output: 'sum',
    alpha,
    normalization,
    epsilon,
  }).map(([logit]) => sigmoid(logit));
}

/** Mean and variance of each pair's product over a batch. */
export function plainBatchStatistics({table, sizes, dim}: PlainModel, ids: readonly number[][]) {
  return plainStatistics(
    plainProducts(embed(table, sizes, dim, ids), [ids.length, sizes.length, dim], allInteractions(sizes.length, 2)),
  );
}

/** Gradients of the mean binary cross-entropy of a training batch by central differences in float64. */
export function plainGradients(model: PlainModel, ids: readonly number[][], labels: readonly number[]) {
  const loss = (changed: Partial<PlainModel>) =>
    plainPredict({...model, ...changed}, ids, 'batch').reduce(
      (sum, p, b) => sum - (labels[b] === 1 ? Math.log(p) : Math.log(1 - p)),
      0,
    ) / ids.length;
  return {
    table: numericGradient(table => loss({table}), model.table),
    alpha: numericGradient(alpha => loss({alpha}), model.alpha),
  };
}
