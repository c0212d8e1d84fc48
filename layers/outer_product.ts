import * as tf from '@tensorflow/tfjs-core';
import type {LayerArgs, Shape} from './base_layer';
import {EmbeddingsLayer} from './embeddings_layer';

export type OuterProductArgs = LayerArgs;

/** Implements {@link outerProduct}. */
export class OuterProduct extends EmbeddingsLayer {
  /** @nocollapse */
  static className = 'OuterProduct';

  constructor(args: OuterProductArgs = {}) {
    super('OuterProduct', args);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , d] = this.one(inputShape);
    return [batch, d! * d!];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    const [batch, , d] = embeddings.shape;
    const sum = tf.sum(embeddings, 1);
    return tf.reshape(tf.mul(tf.reshape(sum, [batch, d, 1]), tf.reshape(sum, [batch, 1, d])), [batch, d * d]);
  }
}
tf.serialization.registerClass(OuterProduct);

/**
 * Create the outer products of OPNN, superposed (Qu et al., ICDM 2016, section III.C): the sum over all pairs of fields
 * is one outer product of the sum of the embeddings,
 *   sum_i sum_j e_i e_j^T = s s^T,  s = sum_i e_i.
 *
 * Input: [B, m, d]. Output: [B, d^2], row by row. No weights.
 *
 * @throws AutofisError if the input is not [B, m, d].
 */
export function outerProduct(args?: OuterProductArgs): OuterProduct {
  return new OuterProduct(args);
}
