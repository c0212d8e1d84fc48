import * as tf from '@tensorflow/tfjs-core';
import type {Interaction, Order} from '../interactions';
import {nativeBackend} from '../tfjs_internals';
import {Passes, Statistics} from './passes';

/**
 * The passes by the ops of src/native/kernels: all interactions of a layer at once, each product at one place, computed
 * again in each pass, since that is faster than reading it from memory. Nothing of size [B, P] is made but by `list`.
 */
export class NativePasses extends Passes {
  private readonly fields: Int32Array;

  /** The interactions in canonical order, so that those with the same first fields follow each other. */
  constructor(
    interactions: readonly Interaction[],
    private readonly order: Order,
  ) {
    super(interactions.length);
    this.fields = Int32Array.from(interactions.flat());
  }

  moments([e]: tf.Tensor[]): Statistics {
    const [mean, variance] = this.run('AutofisMoments', e, [], 2);
    return {mean, variance} as Statistics;
  }

  weightedSum([e]: tf.Tensor[], w: tf.Tensor1D): tf.Tensor2D {
    return this.run('AutofisWeightedSum', e, [w])[0] as tf.Tensor2D;
  }

  correlate([e]: tf.Tensor[], g: tf.Tensor2D): tf.Tensor1D {
    return this.run('AutofisCorrelate', e, [g])[0] as tf.Tensor1D;
  }

  pullBack([e]: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[] {
    return this.run('AutofisPullBack', e, [w, u, q, r]);
  }

  list([e]: tf.Tensor[]): tf.Tensor2D {
    return this.run('AutofisProducts', e, [])[0] as tf.Tensor2D;
  }

  pullBackList([e]: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    return this.run('AutofisProductsGradient', e, [dx]);
  }

  private run(op: string, e: tf.Tensor, inputs: tf.Tensor[], outputs = 1): tf.Tensor[] {
    const interactions = tf.tensor2d(this.fields, [this.count, this.order], 'int32');
    const results = nativeBackend()!.executeMultipleOutputs(op, [], [e, interactions, ...inputs], outputs);
    interactions.dispose();
    return results;
  }
}
