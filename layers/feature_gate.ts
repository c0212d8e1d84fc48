import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkThat} from '../src/checks';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface FeatureGateArgs extends SeededArgs {
  /** Positions of the fields whose embeddings the gate reads; default none: it reads a learned vector. */
  context?: readonly number[];
  /** h, hidden units of the gate's network; an integer >= 1, default 64. */
  hiddenUnits?: number;
}

/** Implements {@link featureGate}. */
export class FeatureGate extends SeededLayer<'hiddenUnits'> {
  /** @nocollapse */
  static className = 'FeatureGate';
  /** Positions of the fields that the gate reads. */
  readonly context: readonly number[];
  private vector: tfl.LayerVariable | null = null;
  private hiddenKernel!: tfl.LayerVariable;
  private hiddenBias!: tfl.LayerVariable;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(args: FeatureGateArgs = {}) {
    const where = 'FeatureGate';
    super(where, args, {hiddenUnits: 64}, ['context']);
    this.context = args.context ?? [];
    const areDifferent = Array.isArray(this.context) && new Set(this.context).size === this.context.length;
    checkThat(areDifferent, where, 'context', 'be a list of different field positions', this.context);
    this.context.forEach((field, i) => checkInteger(where, `context[${i}]`, field, 0));
  }

  protected override addWeights(m: number, d: number): void {
    const rule = `hold positions from 0 to ${m - 1}, since the input has ${m} fields`;
    const areFields = this.context.every(field => field < m);
    checkThat(areFields, `FeatureGate ${this.name}`, 'context', rule, this.context);
    const count = this.context.length;
    const h = this.sizes.hiddenUnits;
    const zeros = tfl.initializers.zeros();
    if (count === 0) this.vector = this.addWeight('vector', [1, d], 'float32', this.glorot(0));
    this.hiddenKernel = this.addWeight('hidden_kernel', [(count || 1) * d, h], 'float32', this.glorot(1));
    this.hiddenBias = this.addWeight('hidden_bias', [h], 'float32', zeros);
    this.kernel = this.addWeight('kernel', [h, m * d], 'float32', this.glorot(2));
    this.bias = this.addWeight('bias', [m * d], 'float32', zeros);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return this.one(inputShape);
  }

  protected override compute(e: tf.Tensor3D): tf.Tensor {
    const [batch, m, d] = e.shape;
    const read = (): tf.Tensor =>
      tf.concat(
        this.context.map(field => tf.reshape(tf.slice(e, [0, field, 0], [batch, 1, d]), [batch, d])),
        1,
      );
    const x = (this.vector?.read() ?? read()) as tf.Tensor2D;
    const hidden = tf.relu(tf.add(tf.matMul(x, this.hiddenKernel.read() as tf.Tensor2D), this.hiddenBias.read()));
    const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, this.kernel.read() as tf.Tensor2D), this.bias.read());
    return tf.mul(e, tf.mul(2, tf.reshape(tf.sigmoid(logits), [x.shape[0], m, d])));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), context: [...this.context]};
  }
}
tf.serialization.registerClass(FeatureGate);

/**
 * Create the feature gate of FinalMLP (Mao et al., AAAI 2023), which weighs every number of the embeddings E by what
 * the c fields of `context` are,
 *   E * 2 sigmoid(W2^T relu(W1^T x + b1) + b2),
 * where x is the embeddings of those fields side by side, or one learned vector where there are none.
 *
 * Input and output: [B, m, d]. Weights: `vector` x [1, d] without context; `hidden_kernel` W1 [c d, h], or [d, h];
 * `hidden_bias` b1 [h]; `kernel` W2 [h, m d]; `bias` b2 [m d].
 *
 * @throws AutofisError if an argument breaks its rule, the input is not [B, m, d] or lacks a field of `context`.
 * @example
 * model.add(new FieldEmbedding({fields, outputDim: 16}));
 * model.add(featureGate({context: [0]}));
 */
export function featureGate(args?: FeatureGateArgs): FeatureGate {
  return new FeatureGate(args);
}
