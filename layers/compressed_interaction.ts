import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkThat} from '../src/checks';
import {compressedSums, compressedSumsGradient} from '../src/products/compressed_sums';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface CompressedInteractionArgs extends SeededArgs {
  /** H_1, ..., H_K, the feature maps of each layer; integers >= 1, default [32, 32]. */
  units?: readonly number[];
}

/** Implements {@link compressedInteraction}. */
export class CompressedInteraction extends SeededLayer {
  /** @nocollapse */
  static className = 'CompressedInteraction';
  private readonly units: readonly number[];
  private kernels: tfl.LayerVariable[] = [];

  constructor(args: CompressedInteractionArgs = {}) {
    const where = 'CompressedInteraction';
    super(where, args, {}, ['units']);
    this.units = args.units ?? [32, 32];
    const isFilled = Array.isArray(this.units) && this.units.length > 0;
    checkThat(isFilled, where, 'units', 'be a list of numbers of feature maps', this.units);
    this.units.forEach((units, k) => checkInteger(where, `units[${k}]`, units, 1));
  }

  protected override addWeights(m: number): void {
    this.kernels = this.units.map((units, k) =>
      this.addWeight(`kernel${k + 1}`, [(k === 0 ? m : this.units[k - 1]) * m, units], 'float32', this.glorot(k)),
    );
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch] = this.one(inputShape);
    return [batch, this.units.reduce((sum, units) => sum + units, 0)];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    return tf.customGrad((...args) => {
      const save = args.pop() as unknown as tf.GradSaveFunc;
      const [e, ...kernels] = args as tf.Tensor[] as [tf.Tensor3D, ...tf.Tensor2D[]];
      save([e, ...kernels]);
      return {
        value: compressedSums(e, kernels),
        gradFunc: (dy: tf.Tensor, [e, ...kernels]: tf.Tensor[]) =>
          compressedSumsGradient(dy as tf.Tensor2D, e as tf.Tensor3D, kernels as tf.Tensor2D[]),
      };
    })(embeddings, ...this.kernels.map(kernel => kernel.read()));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), units: [...this.units]};
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
