import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';
import {collectColumns, products, pullBack, SliceRows, spreadColumns, takeRows} from './slice';

/** Batch statistics of a slice's interactions: mean and (population) variance, each [count]. */
export interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** What the products are normalised with. */
export type Normalization =
  /** The batch's own statistics; `report` receives them. */
  | {readonly kind: 'batch', readonly epsilon: number, report(statistics: Statistics): void}
  /** Given statistics of the slice's interactions, e.g. the moving ones. */
  | {readonly kind: 'fixed', readonly epsilon: number, readonly statistics: Statistics}
  /** The products as they are. */
  | {readonly kind: 'none'};

/**
 * Normalised products of one slice, x^ = (x - mean) / sqrt(variance + epsilon): [B, m, d] -> [B, count].
 * Gradient, with g the gradient of x^ and s = 1 / sqrt(variance + epsilon):
 *   batch statistics  dx = s (g - mean_b g - x^ mean_b(g x^));   fixed ones  dx = s g.
 */
export function normalizedProducts(embeddings: tf.Tensor3D, slice: Slice, normalization: Normalization): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const rows = args as SliceRows;
    const x = collectColumns(products(rows), slice);
    const {value, scale} = normalize(x, normalization);
    save(scale === null ? rows : [...rows, value, scale]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => {
        const [normalized, inverseDeviation] = saved.slice(rows.length);
        let dx = dy as tf.Tensor2D;
        if (normalization.kind === 'batch') {
          const projection = tf.mul(normalized, tf.mean(tf.mul(dy, normalized), 0));
          dx = tf.sub(tf.sub(dy, tf.mean(dy, 0)), projection);
        }
        if (inverseDeviation !== undefined) dx = tf.mul(dx, inverseDeviation);
        return pullBack(saved.slice(0, rows.length) as SliceRows, spreadColumns(dx, slice));
      }),
    };
  });
  return op(...takeRows(embeddings, slice)) as tf.Tensor2D;
}

function normalize(x: tf.Tensor2D, normalization: Normalization): {value: tf.Tensor2D, scale: tf.Tensor1D | null} {
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
