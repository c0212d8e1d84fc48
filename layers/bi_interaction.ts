import * as tf from '@tensorflow/tfjs-core';
import type {LayerArgs, Shape} from './base_layer';
import {EmbeddingsLayer} from './embeddings_layer';

export type BiInteractionArgs = LayerArgs;

/** Implements {@link biInteraction}. */
export class BiInteraction extends EmbeddingsLayer {
  /** @nocollapse */
  static className = 'BiInteraction';

  constructor(args: BiInteractionArgs = {}) {
    super('BiInteraction', args);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , d] = this.one(inputShape);
    return [batch, d];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    return tf.mul(0.5, tf.sub(tf.square(tf.sum(embeddings, 1)), tf.sum(tf.square(embeddings), 1)));
  }
}
tf.serialization.registerClass(BiInteraction);

/**
 * Create bi-interaction pooling (He and Chua, SIGIR 2017): the sum of all pairs' elementwise products,
 *   sum_{i<j} e_i * e_j = ((sum_i e_i)^2 - sum_i e_i^2) / 2.
 *
 * Input: [B, m, d]. Output: [B, d]. No weights.
 *
 * @throws AutofisError if the input is not [B, m, d].
 */
export function biInteraction(args?: BiInteractionArgs): BiInteraction {
  return new BiInteraction(args);
}
