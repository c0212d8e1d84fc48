import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../src/checks';
import {AutofisError} from '../src/errors';
import {pieces, rowsOf} from '../src/products/pieces';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';

export type FieldAwareInteractionArgs = LayerArgs;

/**
 * The interactions of a field-aware factorisation machine (Juan et al., RecSys 2016): every feature has one embedding for
 * each field that it meets, and
 *   sum_{i<j} <v_{i, f_j}, v_{j, f_i}>.
 *
 * Input: [B, m, m d], in row i the m embeddings of field i's feature, that for field 0 first: a FieldEmbedding with
 * `outputDim` m d. Output: [B, 1]. No weights.
 * Products are made for a few rows of the batch at a time and the gradient is written down in closed form, so that beside the
 * input and its gradient there is never more than one tensor of their size.
 *
 * Errors at build: a rank other than 3, a last dimension that m does not divide.
 */
export class FieldAwareInteraction extends BaseLayer {
  /** @nocollapse */
  static className = 'FieldAwareInteraction';

  constructor(args: FieldAwareInteractionArgs = {}) {
    checkKeys('FieldAwareInteraction', args, layerArgKeys);
    super(args);
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape), [, m, width] = shape;
    if (shape.length !== 3 || m == null || width == null || width % m !== 0) {
      throw new AutofisError(`FieldAwareInteraction ${this.name}: the input must have the shape [batch, fields, fields * dimension]. ` +
        `Received shape: [${shape.map(n => n ?? 'null')}].`);
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      return fieldAwareSum(this.one(inputs));
    });
  }
}
tf.serialization.registerClass(FieldAwareInteraction);

/** E [B, m, m d] -> sum_{i<j} <E_ij, E_ji>: [B, 1]. */
export function fieldAwareSum(embeddings: tf.Tensor3D): tf.Tensor2D {
  const [batch, m, width] = embeddings.shape;
  const shape = [batch, m, m, width / m] as const;
  return tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const value = tf.tidy(() => {
      // 1 where i < j, which counts each pair once.
      const pairs = tf.tensor2d(Float32Array.from({length: m * m}, (_, k) => Math.floor(k / m) < k % m ? 1 : 0), [m * m, 1]);
      return tf.concat(pieces(batch, m * width).map(([start, count]) => tf.tidy(() => {
        const each = tf.reshape(rowsOf(x as tf.Tensor, start, count), [count, ...shape.slice(1)]);
        const products = tf.sum(tf.mul(each, tf.transpose(each, [0, 2, 1, 3])), 3);
        return tf.matMul(tf.reshape(products, [count, m * m]) as tf.Tensor2D, pairs);
      })));
    });
    const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]) => tf.tidy(() => {
      // d/dE_ij = dy E_ji, and 0 on the diagonal.
      const others = tf.sub(1, tf.reshape(tf.eye(m), [1, m, m, 1]));
      const factor = tf.mul(tf.reshape(dy, [batch, 1, 1, 1]), others);
      return tf.reshape(tf.mul(tf.transpose(tf.reshape(x, [...shape]), [0, 2, 1, 3]), factor), x.shape);
    });
    return {value, gradFunc};
  })(embeddings) as tf.Tensor2D;
}

/** Factory of {@link FieldAwareInteraction}. */
export function fieldAwareInteraction(args?: FieldAwareInteractionArgs): FieldAwareInteraction {
  return new FieldAwareInteraction(args);
}
