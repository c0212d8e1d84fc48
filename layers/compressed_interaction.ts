import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {invalidArgument} from '../src/errors';
import {compressedSums, compressedSumsGradient} from '../src/products/compressed_sums';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';
import {glorot} from './glorot';

export interface CompressedInteractionArgs extends LayerArgs {
  /** H_1, ..., H_K, the feature maps of each layer; integers >= 1, default [32, 32]. */
  units?: readonly number[];
  /** Seed of the weights' start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Implements {@link compressedInteraction}. */
export class CompressedInteraction extends BaseLayer {
  /** @nocollapse */
  static className = 'CompressedInteraction';
  private readonly units: readonly number[];
  private readonly seed: number | null;
  private kernels: tfl.LayerVariable[] = [];

  constructor(args: CompressedInteractionArgs = {}) {
    const where = 'CompressedInteraction';
    checkKeys(where, args, ['units', 'seed', ...layerArgKeys]);
    super(args);
    this.units = args.units ?? [32, 32];
    if (!Array.isArray(this.units) || this.units.length === 0)
      throw invalidArgument(where, 'units', 'be a list of numbers of feature maps', this.units);
    this.units.forEach((units, k) => checkInteger(where, `units[${k}]`, units, 1));
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    checkEmbeddings(`CompressedInteraction ${this.name}`, shape, 1);
    const m = shape[1];
    this.kernels = this.units.map((units, k) =>
      this.addWeight(`kernel${k + 1}`, [(k === 0 ? m : this.units[k - 1]) * m, units], 'float32', glorot(this.seed, k)),
    );
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch] = this.one(inputShape);
    return [batch, this.units.reduce((sum, units) => sum + units, 0)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      return tf.customGrad((...args) => {
        const save = args.pop() as unknown as tf.GradSaveFunc;
        const [e, ...kernels] = args as tf.Tensor[] as [tf.Tensor3D, ...tf.Tensor2D[]];
        save([e, ...kernels]);
        return {
          value: compressedSums(e, kernels),
          gradFunc: (dy: tf.Tensor, [e, ...kernels]: tf.Tensor[]) =>
            compressedSumsGradient(dy as tf.Tensor2D, e as tf.Tensor3D, kernels as tf.Tensor2D[]),
        };
      })(this.one<tf.Tensor3D>(inputs), ...this.kernels.map(kernel => kernel.read()));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), units: [...this.units], seed: this.seed};
  }
}
tf.serialization.registerClass(CompressedInteraction);

/**
 * Create CIN, the compressed interaction network of xDeepFM (Lian et al., KDD 2018). With X^0 the embeddings, layer k
 * has H_k feature maps, each a weighted sum of elementwise products of the maps before it with the embeddings,
 *   X^k_h = sum_i sum_j W^k_{h,ij} (X^{k-1}_i * X^0_j),
 * and every feature map is summed over its d places. Layer k thus holds interactions of k + 1 fields.
 *
 * Input: [B, m, d]. Output: [B, H_1 + ... + H_K]. Weights: `kernel1`, `kernel2`, ... [H_{k-1} m, H_k], whose row
 * i m + j is for map i and field j. The layers have no bias and no activation, as in the paper.
 * Products are made for a few rows of the batch at a time and made again for the gradient, so that memory does not grow
 * with B times their number.
 *
 * @throws AutofisError if an argument breaks its rule or the input is not [B, m, d].
 * @example
 * model.add(new FieldEmbedding({fields, outputDim: 16}));
 * model.add(compressedInteraction({units: [32, 32]}));
 */
export function compressedInteraction(args?: CompressedInteractionArgs): CompressedInteraction {
  return new CompressedInteraction(args);
}
