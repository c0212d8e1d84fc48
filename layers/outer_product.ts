import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../src/checks';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';

export type OuterProductArgs = LayerArgs;

/** Implements {@link outerProduct}. */
export class OuterProduct extends BaseLayer {
  /** @nocollapse */
  static className = 'OuterProduct';

  constructor(args: OuterProductArgs = {}) {
    checkKeys('OuterProduct', args, layerArgKeys);
    super(args);
  }

  override build(inputShape: Shape | Shape[]): void {
    checkEmbeddings(`OuterProduct ${this.name}`, this.one(inputShape), 1);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , d] = this.one(inputShape);
    return [batch, d! * d!];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const embeddings = this.one<tf.Tensor3D>(inputs);
      const [batch, , d] = embeddings.shape;
      const sum = tf.sum(embeddings, 1);
      return tf.reshape(tf.mul(tf.reshape(sum, [batch, d, 1]), tf.reshape(sum, [batch, 1, d])), [batch, d * d]);
    });
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
