import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {pairSides} from '../src/interactions';
import {attentionalSum, attentionalSumGradient, PoolingWeights} from '../src/products/attentional_sum';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface AttentionalPoolingArgs extends SeededArgs {
  /** t, units of the attention network; an integer >= 1, default 16. */
  units?: number;
}

/** Implements {@link attentionalPooling}. */
export class AttentionalPooling extends SeededLayer<'units'> {
  /** @nocollapse */
  static className = 'AttentionalPooling';
  protected override readonly leastFields = 2;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;
  private projection!: tfl.LayerVariable;

  constructor(args: AttentionalPoolingArgs = {}) {
    super('AttentionalPooling', args, {units: 16});
  }

  protected override addWeights(_m: number, d: number): void {
    const {units} = this.sizes;
    this.kernel = this.addWeight('kernel', [d, units], 'float32', this.glorot(0));
    this.bias = this.addWeight('bias', [units], 'float32', tfl.initializers.zeros());
    this.projection = this.addWeight('projection', [units, 1], 'float32', this.glorot(1));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , d] = this.one(inputShape);
    return [batch, d];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    const sides = pairSides(embeddings.shape[1]);
    return tf.customGrad((...args) => {
      const save = args.pop() as unknown as tf.GradSaveFunc;
      const [e, ...weights] = args as tf.Tensor[] as [tf.Tensor3D, ...PoolingWeights];
      save([e, ...weights]);
      return {
        value: attentionalSum(e, weights, sides),
        gradFunc: (dy: tf.Tensor, [e, ...weights]: tf.Tensor[]) =>
          attentionalSumGradient(dy as tf.Tensor2D, e as tf.Tensor3D, weights as unknown as PoolingWeights, sides),
      };
    })(embeddings, this.kernel.read(), this.bias.read(), this.projection.read());
  }
}
tf.serialization.registerClass(AttentionalPooling);

/**
 * Create the attention-based pooling of AFM (Xiao et al., IJCAI 2017, section 3.1): every pair's elementwise product
 * x_p = e_i * e_j is weighed by an attention network, and
 *   sum_p a_p x_p,  a = softmax_p(h^T relu(W^T x_p + b)).
 *
 * Input: [B, m, d]. Output: [B, d]. Weights: `kernel` W [d, t], `bias` b [t] and `projection` h [t, 1].
 * Pairs are made for a few rows of the batch at a time and made again for the gradient, so that memory does not grow
 * with B times the number of pairs.
 *
 * @throws AutofisError if an argument breaks its rule or the input is not [B, m, d].
 */
export function attentionalPooling(args?: AttentionalPoolingArgs): AttentionalPooling {
  return new AttentionalPooling(args);
}
