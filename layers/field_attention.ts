import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';
import {glorot} from './glorot';

export interface FieldAttentionArgs extends LayerArgs {
  /** a, units of each head; an integer >= 1, default 16. */
  units?: number;
  /** H, the number of heads; an integer >= 1, default 2. */
  heads?: number;
  /** Seed of the weights' start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Implements {@link fieldAttention}. */
export class FieldAttention extends BaseLayer {
  /** @nocollapse */
  static className = 'FieldAttention';
  private readonly units: number;
  private readonly heads: number;
  private readonly seed: number | null;
  private kernels: tfl.LayerVariable[] = [];

  constructor(args: FieldAttentionArgs = {}) {
    const where = 'FieldAttention';
    checkKeys(where, args, ['units', 'heads', 'seed', ...layerArgKeys]);
    super(args);
    this.units = args.units ?? 16;
    checkInteger(where, 'units', this.units, 1);
    this.heads = args.heads ?? 2;
    checkInteger(where, 'heads', this.heads, 1);
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    checkEmbeddings(`FieldAttention ${this.name}`, shape, 1);
    this.kernels = ['query', 'key', 'value', 'residual'].map((name, i) =>
      this.addWeight(name, [shape[2], this.heads * this.units], 'float32', glorot(this.seed, i)),
    );
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, m] = this.one(inputShape);
    return [batch, m, this.heads * this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const [query, key, value, residual] = this.kernels.map(kernel => kernel.read() as tf.Tensor2D);
      return attendFields(this.one<tf.Tensor3D>(inputs), {query, key, value, residual}, this.heads);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), units: this.units, heads: this.heads, seed: this.seed};
  }
}
tf.serialization.registerClass(FieldAttention);

/** The kernels of {@link FieldAttention}, [d, H a] each. */
export interface FieldAttentionWeights {
  query: tf.Tensor2D;
  key: tf.Tensor2D;
  value: tf.Tensor2D;
  residual: tf.Tensor2D;
}

/** Apply the multi-head self-attention of {@link FieldAttention}: [B, m, d] -> [B, m, H a]. */
export function attendFields(
  e: tf.Tensor3D,
  {query, key, value, residual}: FieldAttentionWeights,
  heads: number,
): tf.Tensor3D {
  const [batch, m, d] = e.shape;
  const width = query.shape[1];
  const flat = tf.reshape(e, [batch * m, d]) as tf.Tensor2D;
  const split = (kernel: tf.Tensor2D) =>
    tf.transpose(tf.reshape(tf.matMul(flat, kernel), [batch, m, heads, width / heads]), [0, 2, 1, 3]);
  const attention = tf.softmax(tf.matMul(split(query), split(key), false, true));
  const read = tf.reshape(tf.transpose(tf.matMul(attention, split(value)), [0, 2, 1, 3]), [batch, m, width]);
  return tf.relu(tf.add(read, tf.reshape(tf.matMul(flat, residual), [batch, m, width]))) as tf.Tensor3D;
}

/**
 * Create the interacting layer of AutoInt (Song et al., CIKM 2019, eq. 5 to 8): self-attention between the fields, in
 * which each head h reads Q_h, K_h and V_h,
 *   relu([A_1 E V_1, ..., A_H E V_H] + E R),  A_h = softmax((E Q_h) (E K_h)^T).
 * The softmax is over the fields that are read. Products are not scaled, as in the paper.
 *
 * Input: E [B, m, d]. Output: [B, m, H a]. Weights: `query`, `key`, `value` and `residual` [d, H a], head by head.
 *
 * @throws AutofisError if an argument breaks its rule or the input is not [B, m, d].
 * @example
 * model.add(new FieldEmbedding({fields, outputDim: 16}));
 * model.add(fieldAttention({units: 16, heads: 2}));
 */
export function fieldAttention(args?: FieldAttentionArgs): FieldAttention {
  return new FieldAttention(args);
}
