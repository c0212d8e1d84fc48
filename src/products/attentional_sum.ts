import * as tf from '@tensorflow/tfjs-core';
import type {PairSides} from '../interactions';
import {byPieces, gradientsByPieces} from './pieces';

/** W [d, t], b [t], h [t, 1] of the attention network. */
export type PoolingWeights = [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D];

/** Intermediate results of the forward pass of n rows. */
interface Pooled {
  /** e_i and e_j of each pair, and their products: [n, P, d]. */
  left: tf.Tensor3D;
  right: tf.Tensor3D;
  x: tf.Tensor3D;
  /** relu(x W + b): [n P, t]. */
  hidden: tf.Tensor2D;
  /** softmax over the pairs: [n, P]. */
  attention: tf.Tensor2D;
  /** [n, d]. */
  sum: tf.Tensor2D;
}

/** sum_p a_p x_p: [B, m, d] -> [B, d]. */
export function attentionalSum(e: tf.Tensor3D, weights: PoolingWeights, sides: PairSides): tf.Tensor2D {
  return byPieces(e, valuesOfRow(e, weights, sides), piece => pool(piece, weights, sides).sum);
}

/** The gradients for e, W, b and h, with the pairs made again. */
export function attentionalSumGradient(
  dy: tf.Tensor2D,
  e: tf.Tensor3D,
  weights: PoolingWeights,
  sides: PairSides,
): tf.Tensor[] {
  return gradientsByPieces(dy, e, valuesOfRow(e, weights, sides), (g, piece) =>
    pieceGradient(g, piece, weights, sides),
  );
}

function pool(e: tf.Tensor3D, [W, b, h]: PoolingWeights, sides: PairSides): Pooled {
  const [n, , d] = e.shape;
  const pairs = sides.left.length;
  const left = tf.gather(e, tf.tensor1d(sides.left, 'int32'), 1);
  const right = tf.gather(e, tf.tensor1d(sides.right, 'int32'), 1);
  const x = tf.mul(left, right) as tf.Tensor3D;
  const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(x, [n * pairs, d]), W), b)) as tf.Tensor2D;
  const attention = tf.softmax(tf.reshape(tf.matMul(hidden, h), [n, pairs])) as tf.Tensor2D;
  const sum = tf.reshape(tf.matMul(tf.reshape(attention, [n, 1, pairs]), x), [n, d]) as tf.Tensor2D;
  return {left, right, x, hidden, attention, sum};
}

/**
 * With g = dy: da_p = <g, x_p>, ds = a * (da - sum_q a_q da_q), dU = ds h^T where U > 0, and
 * dx_p = a_p g + dU_p W^T, which goes to e_i as dx_p * e_j and to e_j as dx_p * e_i.
 */
function pieceGradient(g: tf.Tensor2D, e: tf.Tensor3D, weights: PoolingWeights, sides: PairSides): tf.Tensor[] {
  const [W, , h] = weights;
  const [n, m, d] = e.shape;
  const pairs = sides.left.length;
  const {left, right, x, hidden, attention} = pool(e, weights, sides);
  const da = tf.reshape(tf.matMul(x, tf.reshape(g, [n, d, 1])), [n, pairs]);
  const ds = tf.mul(attention, tf.sub(da, tf.sum(tf.mul(attention, da), 1, true)));
  const dScore = tf.reshape(ds, [n * pairs, 1]) as tf.Tensor2D;
  const dU = tf.mul(tf.mul(dScore, tf.reshape(h, [1, -1])), tf.step(hidden)) as tf.Tensor2D;
  const direct = tf.mul(tf.reshape(attention, [n, pairs, 1]), tf.reshape(g, [n, 1, d]));
  const dx = tf.add(direct, tf.reshape(tf.matMul(dU, W, false, true), [n, pairs, d]));
  const de = tf.add(toFields(tf.mul(dx, right), sides.left, m), toFields(tf.mul(dx, left), sides.right, m));
  return [
    de,
    tf.matMul(tf.reshape(x, [n * pairs, d]) as tf.Tensor2D, dU, true, false),
    tf.sum(dU, 0),
    tf.matMul(hidden, dScore, true, false),
  ];
}

/**
 * Add up values of pairs by the field they belong to: [n, P, d] -> [n, m, d], a product with a matrix of zeros and
 * ones.
 */
function toFields(values: tf.Tensor, fields: Int32Array, m: number): tf.Tensor {
  const members = tf.cast(tf.transpose(tf.oneHot(tf.tensor1d(fields, 'int32'), m)), 'float32');
  return tf.matMul(tf.reshape(members, [1, m, fields.length]), values);
}

/** Values of the largest tensor of a row's pairs. */
function valuesOfRow(e: tf.Tensor3D, [W]: PoolingWeights, {left}: PairSides): number {
  return left.length * Math.max(e.shape[2], W.shape[1]);
}
