import * as tf from '@tensorflow/tfjs-core';

/** Return looked-up embeddings E unchanged, with the gradient of weight / rows * |E|^2 added to theirs; weight >= 0. */
export function penalized<T extends tf.Tensor>(embeddings: T, weight: number, rows = embeddings.shape[0]): T {
  if (weight === 0) return embeddings;
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => tf.add(dy, tf.mul(x, (2 * weight) / rows)),
    };
  })(embeddings) as T;
}
