import * as tf from '@tensorflow/tfjs-core';
import type {Interaction} from '../src/interactions';
import type {Shape} from './base_layer';
import {FieldAwareLayout} from './field_aware_layout';
import {FieldEmbedding, FieldEmbeddingArgs} from './field_embedding';

export interface FieldAwareEmbeddingArgs extends FieldEmbeddingArgs {
  /** The pairs to embed, as positions among the fields that are not ignored, e.g. [[0, 1], [0, 2]]; default all. */
  interactions?: readonly Interaction[];
}

/** Implements {@link fieldAwareEmbedding}. */
export class FieldAwareEmbedding extends FieldEmbedding {
  /** @nocollapse */
  static override className = 'FieldAwareEmbedding';
  private readonly chosen: readonly Interaction[] | null;
  private readonly pairs: FieldAwareLayout;

  constructor(args: FieldAwareEmbeddingArgs) {
    const where = 'FieldAwareEmbedding';
    super(args, where, ['interactions']);
    this.chosen = args.interactions ?? null;
    this.pairs = new FieldAwareLayout(where, this.layout, this.chosen);
    this.layout.checkTable(this.outputDim, this.pairs.rows);
  }

  /** The pairs that the layer embeds, in the order of its output. */
  get interactions(): readonly Interaction[] {
    return this.pairs.interactions;
  }

  override get starts(): readonly number[] {
    return this.pairs.starts;
  }

  /** Rows of the table that a layer of only the `remaining` pairs has, in its order. */
  rowsOf(remaining: readonly Interaction[]): Int32Array {
    return this.pairs.rowsOf(remaining);
  }

  override get strides(): readonly number[] {
    return this.pairs.rowsPerValue;
  }

  protected override get tableRows(): number {
    return this.pairs.rows;
  }

  protected override lookup(ids: tf.Tensor, table: tf.Variable): tf.Tensor4D {
    return this.pairs.lookup(ids, table);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], this.interactions.length, 2, this.outputDim];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), interactions: this.chosen as never};
  }
}
tf.serialization.registerClass(FieldAwareEmbedding);

/**
 * Create the embeddings of a field-aware factorisation machine (Juan et al., RecSys 2016): every value has one vector
 * for each field that it meets, so that pair p = (i, j) joins v_{i, f_j} and v_{j, f_i}. A FixedBNInteraction or
 * GatedInteraction with the same `interactions` makes the products.
 *
 * Input: int32 ids [B, W] as for FieldEmbedding. Output: [B, P, 2, d], in pair p first the vector of its first field.
 * A multi-hot field gives the mean or sum of its values' vectors.
 * Weight: `embeddings` [R, d], sparse as FieldEmbedding's. A value of a field in n pairs owns n consecutive rows, so R
 * falls with the pairs.
 *
 * @throws AutofisError on fewer than two fields, no pair, an unknown or a duplicate one, or an id outside 0 .. size -
 * 1.
 * @example
 * const model = tf.sequential();
 * model.add(fieldAwareEmbedding({fields: [{name: 'user', size: 943}, {name: 'item', size: 1682}], outputDim: 8}));
 * model.add(new GatedInteraction());
 */
export function fieldAwareEmbedding(args: FieldAwareEmbeddingArgs): FieldAwareEmbedding {
  return new FieldAwareEmbedding(args);
}
