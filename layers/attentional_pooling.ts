import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {pairSides} from '../src/interactions';
import {attentionalSum, attentionalSumGradient, PoolingWeights} from '../src/products/attentional_sum';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';
import {glorot} from './glorot';

export interface AttentionalPoolingArgs extends LayerArgs {
  /** t, units of the attention network; an integer >= 1, default 16. */
  units?: number;
  /** Seed of the weights' start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Implements {@link attentionalPooling}. */
export class AttentionalPooling extends BaseLayer {
  /** @nocollapse */
  static className = 'AttentionalPooling';
  private readonly units: number;
  private readonly seed: number | null;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;
  private projection!: tfl.LayerVariable;

  constructor(args: AttentionalPoolingArgs = {}) {
    const where = 'AttentionalPooling';
    checkKeys(where, args, ['units', 'seed', ...layerArgKeys]);
    super(args);
    this.units = args.units ?? 16;
    checkInteger(where, 'units', this.units, 1);
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    checkEmbeddings(`AttentionalPooling ${this.name}`, shape, 2);
    this.kernel = this.addWeight('kernel', [shape[2], this.units], 'float32', glorot(this.seed, 0));
    this.bias = this.addWeight('bias', [this.units], 'float32', tfl.initializers.zeros());
    this.projection = this.addWeight('projection', [this.units, 1], 'float32', glorot(this.seed, 1));
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
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), units: this.units, seed: this.seed};
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
