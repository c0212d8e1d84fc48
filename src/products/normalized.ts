import * as tf from '@tensorflow/tfjs-core';
import type {Passes, Statistics} from './passes';

/** Statistics that normalise the products. */
export type Normalization =
  /** The batch's own statistics; `report` receives them. */
  | {readonly kind: 'batch'; readonly epsilon: number; report(statistics: Statistics): void}
  /** Given statistics of the group's interactions, e.g. the moving ones. */
  | {readonly kind: 'fixed'; readonly epsilon: number; readonly statistics: Statistics}
  /** The products as they are. */
  | {readonly kind: 'none'};

/**
 * Normalised products of one group of interactions, x^ = (x - mean) / sqrt(variance + epsilon): [B, m, d] -> [B,
 * count]. Gradient, with g the gradient of x^ and s = 1 / sqrt(variance + epsilon):
 *   batch statistics  dx = s (g - mean_b g - x^ mean_b(g x^));   fixed ones  dx = s g.
 */
export function normalizedProducts(embeddings: tf.Tensor, passes: Passes, normalization: Normalization): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const operands = args as tf.Tensor[];
    const {value, scale} = normalize(passes.list(operands), normalization);
    save(scale === null ? operands : [...operands, value, scale]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const [normalized, inverseDeviation] = saved.slice(operands.length);
          let dx = dy as tf.Tensor2D;
          if (normalization.kind === 'batch') {
            const projection = tf.mul(normalized, tf.mean(tf.mul(dy, normalized), 0));
            dx = tf.sub(tf.sub(dy, tf.mean(dy, 0)), projection);
          }
          if (inverseDeviation !== undefined) dx = tf.mul(dx, inverseDeviation);
          return passes.pullBackList(saved.slice(0, operands.length), dx);
        }),
    };
  });
  return op(...passes.operands(embeddings)) as tf.Tensor2D;
}

function normalize(x: tf.Tensor2D, normalization: Normalization): {value: tf.Tensor2D; scale: tf.Tensor1D | null} {
  if (normalization.kind === 'none') return {value: x, scale: null};
  let statistics: Statistics;
  if (normalization.kind === 'batch') {
    const mean = tf.mean(x, 0) as tf.Tensor1D;
    statistics = {mean, variance: tf.mean(tf.squaredDifference(x, mean), 0)};
    normalization.report(statistics);
  } else {
    statistics = normalization.statistics;
  }
  const scale = tf.rsqrt(tf.add(statistics.variance, normalization.epsilon)) as tf.Tensor1D;
  return {value: tf.mul(tf.sub(x, statistics.mean), scale), scale};
}
