import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface FieldAttentionArgs extends SeededArgs {
  /** a, units of each head; an integer >= 1, default 16. */
  units?: number;
  /** H, the number of heads; an integer >= 1, default 2. */
  heads?: number;
}

/** Implements {@link fieldAttention}. */
export class FieldAttention extends SeededLayer<'units' | 'heads'> {
  /** @nocollapse */
  static className = 'FieldAttention';
  private kernels: tfl.LayerVariable[] = [];

  constructor(args: FieldAttentionArgs = {}) {
    super('FieldAttention', args, {units: 16, heads: 2});
  }

  protected override addWeights(_m: number, d: number): void {
    const {units, heads} = this.sizes;
    this.kernels = ['query', 'key', 'value', 'residual'].map((name, i) =>
      this.addWeight(name, [d, heads * units], 'float32', this.glorot(i)),
    );
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, m] = this.one(inputShape);
    return [batch, m, this.sizes.heads * this.sizes.units];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    const [query, key, value, residual] = this.kernels.map(kernel => kernel.read() as tf.Tensor2D);
    return attendFields(embeddings, {query, key, value, residual}, this.sizes.heads);
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
