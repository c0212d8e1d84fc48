import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkNumber, checkSeed} from '../src/checks';
import {fromIdentifier, SerializedObject, toSerialized} from '../src/serialize';
import type {Shape} from './base_layer';
import {FieldLayer, FieldLayerArgs, penalized, Regularizer} from './field_layer';
import {ridgeOf, TableSpan, tableSpans} from './ridge';
import type {Initializer} from './table_start';

export interface FieldEmbeddingArgs extends FieldLayerArgs {
  /** d, the length of an embedding; an integer >= 1. */
  outputDim: number;
  /**
   * Start of the table; default uniform in +-0.02. Products of embeddings must start small beside sqrt(epsilon) of
   * the interaction normalisation, which otherwise scales noise up to unit variance.
   */
  embeddingsInitializer?: Initializer | SerializedObject | string;
  /** Penalty on the whole table, as in `tf.layers.embedding`. */
  embeddingsRegularizer?: Regularizer | SerializedObject | string;
  /**
   * Weight of a ridge on the whole table; >= 0, default 0: tableL2 * sum |e|^2, where of an `ordered` field the vectors
   * behind that of its first bin give max(1, bins / 8) |e_k - e_{k-1}|^2. A bin with few rows then has its neighbours'
   * vector, and a slope costs the same however many bins it has.
   */
  tableL2?: number;
  /**
   * Weight of a penalty on the embeddings that a batch looks up, batchL2 * sum_i |e_i|^2 in the mean over the batch; >=
   * 0, default 0. It is part of the gradient and not of the loss that `fit` reports, and costs what the batch costs.
   */
  batchL2?: number;
  /** Seed of the default initializer, an integer; without it every run starts differently. */
  seed?: number;
}

/**
 * One embedding per field, out of one table V: e_i = V[x_i] for a one-hot field, the mean or sum of its values' rows
 * for a multi-hot one.
 *
 * Input: int32 ids [B, W], counted from 0 within each field. W is m when all fields are one-hot; a multi-hot field
 * takes `width` columns padded with -1, and gives zeros when all of them are padding. Output: [B, m, d], where fields
 * that are `ignored` do not count.
 *
 * @throws AutofisError on an input without exactly W columns, or an id outside 0 .. size - 1, with its field.
 * @example
 * const model = tf.sequential();
 * model.add(new FieldEmbedding({
 *   fields: [{name: 'origin', size: 300}, {name: 'genres', size: 18, width: 6, combiner: 'mean'}], outputDim: 16,
 * }));
 */
export class FieldEmbedding extends FieldLayer {
  /** @nocollapse */
  static className = 'FieldEmbedding';
  readonly outputDim: number;
  readonly batchL2: number;
  readonly tableL2: number;
  private readonly embeddingsInitializer: Initializer;
  private readonly embeddingsRegularizer: Regularizer | null;
  private embeddings!: tfl.LayerVariable;

  constructor(args: FieldEmbeddingArgs, where = 'FieldEmbedding', extraKeys: readonly string[] = []) {
    const keys = 'outputDim embeddingsInitializer embeddingsRegularizer tableL2 batchL2 seed'.split(' ');
    super(where, args, [...keys, ...extraKeys]);
    checkInteger(where, 'outputDim', args.outputDim, 1);
    this.outputDim = args.outputDim;
    this.layout.checkTable(this.outputDim);
    this.batchL2 = args.batchL2 ?? 0;
    checkNumber(where, 'batchL2', this.batchL2, '[0, Infinity)');
    this.tableL2 = args.tableL2 ?? 0;
    checkNumber(where, 'tableL2', this.tableL2, '[0, Infinity)');
    checkSeed(where, args.seed);
    this.embeddingsInitializer =
      args.embeddingsInitializer == null
        ? tfl.initializers.randomUniform({minval: -0.02, maxval: 0.02, seed: args.seed})
        : fromIdentifier(where, 'embeddingsInitializer', args.embeddingsInitializer);
    this.embeddingsRegularizer =
      args.embeddingsRegularizer == null
        ? null
        : fromIdentifier(where, 'embeddingsRegularizer', args.embeddingsRegularizer);
  }

  override build(inputShape: Shape | Shape[]): void {
    const hasPenalty = this.tableL2 > 0 || this.embeddingsRegularizer !== null;
    const penalty = hasPenalty ? {regularizer: this.embeddingsRegularizer ?? undefined} : null;
    const shape: [number, number] = [this.tableRows, this.outputDim];
    this.embeddings = this.addTable('embeddings', shape, this.embeddingsInitializer, penalty);
    if (this.tableL2 > 0) this.addLoss(() => this.ridge());
    super.build(inputShape);
  }

  /** Rows of the table. */
  protected get tableRows(): number {
    return this.layout.rows;
  }

  /** ids [B, W] -> the layer's output. */
  protected lookup(ids: tf.Tensor, table: tf.Variable): tf.Tensor {
    return this.layout.lookup(ids, table);
  }

  /** Spans of table rows that `tableL2` penalises in the same way. */
  get spans(): TableSpan[] {
    return tableSpans(this.embedded, this.strides);
  }

  /** Rows of the table that a value of each embedded field owns. */
  get strides(): readonly number[] {
    return this.embedded.map(() => 1);
  }

  /** True if no penalty on the whole table other than `tableL2` is set. */
  get hasOnlyRidge(): boolean {
    return this.embeddingsRegularizer === null;
  }

  private ridge(): tf.Scalar {
    return tf.tidy(() => tf.mul(ridgeOf(this.embeddings.read() as tf.Tensor2D, this.spans), this.tableL2));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], this.embedded.length, this.outputDim];
  }

  protected override compute(ids: tf.Tensor, training: boolean): tf.Tensor {
    const embeddings = this.lookup(ids, this.embeddings.read() as tf.Variable);
    return training ? penalized(embeddings, this.batchL2) : embeddings;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      outputDim: this.outputDim,
      batchL2: this.batchL2,
      embeddingsInitializer: toSerialized(this.embeddingsInitializer) as never,
      embeddingsRegularizer: toSerialized(this.embeddingsRegularizer) as never,
      tableL2: this.tableL2,
    };
  }
}
tf.serialization.registerClass(FieldEmbedding);

/** Factory of {@link FieldEmbedding}. */
export function fieldEmbedding(args: FieldEmbeddingArgs): FieldEmbedding {
  return new FieldEmbedding(args);
}
