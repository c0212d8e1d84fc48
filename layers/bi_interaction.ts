import * as tf from '@tensorflow/tfjs-core';
import {checkKeys} from '../src/checks';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';

export type BiInteractionArgs = LayerArgs;

/** Implements {@link biInteraction}. */
export class BiInteraction extends BaseLayer {
  /** @nocollapse */
  static className = 'BiInteraction';

  constructor(args: BiInteractionArgs = {}) {
    checkKeys('BiInteraction', args, layerArgKeys);
    super(args);
  }

  override build(inputShape: Shape | Shape[]): void {
    checkEmbeddings(`BiInteraction ${this.name}`, this.one(inputShape), 1);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , d] = this.one(inputShape);
    return [batch, d];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const embeddings = this.one<tf.Tensor3D>(inputs);
      return tf.mul(0.5, tf.sub(tf.square(tf.sum(embeddings, 1)), tf.sum(tf.square(embeddings), 1)));
    });
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
