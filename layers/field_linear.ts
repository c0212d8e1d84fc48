import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {Shape} from './base_layer';
import {FieldLayer, FieldLayerArgs} from './field_layer';

export interface FieldLinearArgs extends FieldLayerArgs {
  /** True to add a bias; default true. */
  useBias?: boolean;
}

/**
 * The linear part of a factorisation machine: w0 + <w, x> (AutoFIS, eq. 4), one weight per feature.
 *
 * Input: int32 ids [B, W] as for FieldEmbedding; a multi-hot field adds the mean or sum of its values' weights.
 * Output: [B, 1]. Weights: `kernel` [V, 1] and `bias` [1], both starting at 0.
 *
 * @throws AutofisError on an input without exactly W columns, or an id outside 0 .. size - 1, with its field.
 */
export class FieldLinear extends FieldLayer {
  /** @nocollapse */
  static className = 'FieldLinear';
  private readonly useBias: boolean;
  private kernel!: tfl.LayerVariable;
  private bias: tfl.LayerVariable | null = null;

  constructor(args: FieldLinearArgs) {
    super('FieldLinear', args, ['useBias']);
    this.layout.checkTable(1);
    this.useBias = args.useBias ?? true;
  }

  override build(inputShape: Shape | Shape[]): void {
    const zeros = tfl.initializers.zeros();
    this.kernel = this.addTable('kernel', [this.layout.rows, 1], zeros);
    if (this.useBias) this.bias = this.addWeight('bias', [1], 'float32', zeros);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], 1];
  }

  protected override compute(ids: tf.Tensor): tf.Tensor {
    const sum = sumOfFields(this.layout.lookup(ids, this.kernel.read() as tf.Variable));
    return this.bias === null ? sum : tf.add(sum, this.bias.read());
  }

  /** Return the weight that each field adds: ids [B, W] -> [B, m]. */
  terms(ids: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => tf.squeeze(this.layout.lookup(ids, this.kernel.read() as tf.Variable), [2]) as tf.Tensor2D);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), useBias: this.useBias};
  }
}
tf.serialization.registerClass(FieldLinear);

/** [B, m, 1] -> [B, 1]. tfjs would multiply the gradient of a sum by as many ones as there are terms. */
function sumOfFields(terms: tf.Tensor3D): tf.Tensor2D {
  const [, m] = terms.shape;
  return tf.customGrad(x => ({
    value: tf.sum(x as tf.Tensor3D, 1),
    gradFunc: (dy: tf.Tensor) => tf.tile(tf.expandDims(dy, 1), [1, m, 1]),
  }))(terms) as tf.Tensor2D;
}

/** Factory of {@link FieldLinear}. */
export function fieldLinear(args: FieldLinearArgs): FieldLinear {
  return new FieldLinear(args);
}
