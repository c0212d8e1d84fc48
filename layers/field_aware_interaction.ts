import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../src/checks';
import {AutofisError} from '../src/errors';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';

export type FieldAwareInteractionArgs = LayerArgs;

/**
 * The interactions of a field-aware factorisation machine (Juan et al., RecSys 2016): every feature has one embedding for
 * each field that it meets, and
 *   sum_{i<j} <v_{i, f_j}, v_{j, f_i}>.
 *
 * Input: [B, m, m d], in row i the m embeddings of field i's feature, that for field 0 first: a FieldEmbedding with
 * `outputDim` m d. Output: [B, 1]. No weights.
 * Products are summed field by field and the gradient is written down in closed form, so that beside the input and its
 * gradient there is never more than one tensor of their size.
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
      const each = tf.reshape(x as tf.Tensor, [...shape]);
      let sum: tf.Tensor = tf.zeros([batch, 1]);
      for (let i = 0; i < m - 1; i++) sum = tf.tidy(() => tf.add(sum, meetings(each as tf.Tensor4D, i)));
      return sum;
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

/** sum_{j>i} <E_ij, E_ji>: [B, 1]. */
function meetings(each: tf.Tensor4D, i: number): tf.Tensor {
  const [batch, m, , d] = each.shape, count = m - i - 1;
  const ours = tf.slice(each, [0, i, i + 1, 0], [batch, 1, count, d]);
  const theirs = tf.slice(each, [0, i + 1, i, 0], [batch, count, 1, d]);
  return tf.sum(tf.mul(tf.reshape(ours, [batch, count * d]), tf.reshape(theirs, [batch, count * d])), 1, true);
}

/** Factory of {@link FieldAwareInteraction}. */
export function fieldAwareInteraction(args?: FieldAwareInteractionArgs): FieldAwareInteraction {
  return new FieldAwareInteraction(args);
}
