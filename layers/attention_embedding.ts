import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkNumber, checkSeed} from '../src/checks';
import {AutofisError, invalidArgument} from '../src/errors';
import {lookUp} from '../src/tables/sparse_gradients';
import type {Shape} from './base_layer';
import {FieldLayer, FieldLayerArgs, penalized} from './field_layer';
import {FieldLayout, FieldSpec} from './field_layout';

export interface AttentionEmbeddingArgs extends FieldLayerArgs {
  /** d, the length of an embedding; an integer >= 1. */
  outputDim: number;
  /** The multi-hot field that holds a user's behaviour: up to `width` earlier items, in any order, padded with -1. */
  behaviour: {name: string};
  /** The one-hot field of the candidate item. Behaviour and candidate have the same ids and share their rows. */
  candidate: {name: string};
  /** Hidden units of the attention network; an integer >= 1, default 16. */
  attentionUnits?: number;
  /** Penalty on the embeddings that a batch looks up, as in FieldEmbedding; default 0. */
  batchL2?: number;
  /** Seed of all starts, an integer; without it every run starts differently. */
  seed?: number;
}

/** Implements {@link attentionEmbedding}. */
export class AttentionEmbedding extends FieldLayer {
  /** @nocollapse */
  static className = 'AttentionEmbedding';
  readonly outputDim: number;
  private readonly behaviour: string;
  private readonly candidate: string;
  private readonly attentionUnits: number;
  private readonly batchL2: number;
  private readonly seed: number | null;
  /** All fields but the behaviour, which it ignores. */
  private readonly others: FieldLayout;
  /** Positions: the behaviour among the read fields and the columns, the candidate among the others. */
  private readonly at: {behaviour: number; column: number; width: number; candidate: number};
  private embeddings!: tfl.LayerVariable;
  private attention: tfl.LayerVariable[] = [];

  constructor(args: AttentionEmbeddingArgs) {
    const where = 'AttentionEmbedding';
    super(where, args, ['outputDim', 'behaviour', 'candidate', 'attentionUnits', 'batchL2', 'seed']);
    checkInteger(where, 'outputDim', args.outputDim, 1);
    this.outputDim = args.outputDim;
    this.attentionUnits = args.attentionUnits ?? 16;
    checkInteger(where, 'attentionUnits', this.attentionUnits, 1);
    this.batchL2 = args.batchL2 ?? 0;
    checkNumber(where, 'batchL2', this.batchL2, '[0, Infinity)');
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
    const {fields, embedded} = this.layout;
    const behaviour = positionOf(where, 'behaviour', args, embedded);
    const candidate = positionOf(where, 'candidate', args, embedded);
    const {name, size, width} = embedded[behaviour];
    if (size !== embedded[candidate].size) {
      throw new AutofisError(
        `${where}: the fields ${JSON.stringify(name)} and ${JSON.stringify(embedded[candidate].name)} share their ` +
          `ids, so their \`size\` must be the same. Received: ${size} and ${embedded[candidate].size}.`,
      );
    }
    this.behaviour = name;
    this.candidate = embedded[candidate].name;
    this.others = new FieldLayout(
      where,
      fields.map(field => (field.name === name ? {...field, ignored: true} : field)),
    );
    this.others.checkTable(this.outputDim);
    this.at = {
      behaviour,
      width: width!,
      column: this.layout.columnsOf(behaviour).start,
      candidate: candidate - (behaviour < candidate ? 1 : 0),
    };
  }

  override build(inputShape: Shape | Shape[]): void {
    const {outputDim: d, attentionUnits: units} = this;
    const seed = (offset: number) => (this.seed === null ? undefined : this.seed + offset);
    const uniform = tfl.initializers.randomUniform({minval: -0.02, maxval: 0.02, seed: seed(0)});
    this.embeddings = this.addTable('embeddings', [this.others.rows, d], uniform);
    const glorot = (offset: number) => tfl.initializers.glorotUniform({seed: seed(offset)});
    const zeros = tfl.initializers.zeros();
    this.attention = [
      this.addWeight('kernel', [4 * d, units], 'float32', glorot(1)),
      this.addWeight('bias', [units], 'float32', zeros),
      this.addWeight('projection', [units, 1], 'float32', glorot(2)),
      this.addWeight('shift', [1], 'float32', zeros),
    ];
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], this.layout.embedded.length, this.outputDim];
  }

  protected override compute(given: tf.Tensor2D, training: boolean): tf.Tensor {
    this.layout.checkIds(given);
    const {column, width, behaviour} = this.at;
    const table = this.embeddings.read() as tf.Variable;
    const others = this.others.lookup(given, table);
    const interest = this.interest(tf.cast(tf.slice(given, [0, column], [-1, width]), 'int32'), others, table);
    const embeddings = tf.concat(
      [tf.slice(others, [0, 0, 0], [-1, behaviour, -1]), interest, tf.slice(others, [0, behaviour, 0], [-1, -1, -1])],
      1,
    );
    return training ? penalized(embeddings, this.batchL2) : embeddings;
  }

  /** ids [B, L] of the behaviour, embeddings of the other fields -> [B, 1, d]. */
  private interest(ids: tf.Tensor2D, others: tf.Tensor3D, table: tf.Variable): tf.Tensor3D {
    const [batch, length] = ids.shape;
    const d = this.outputDim;
    const none = tf.scalar(0, 'int32');
    const present = tf.cast(tf.greaterEqual(ids, none), 'float32');
    const items = lookUp(
      table,
      tf.add(tf.maximum(ids, none), tf.scalar(this.others.starts[this.at.candidate], 'int32')),
    );
    const one = tf.slice(others, [0, this.at.candidate, 0], [-1, 1, -1]);
    const candidate = tf.tile(one, [1, length, 1]);
    const [kernel, bias, projection, shift] = this.attention.map(weight => weight.read());
    const features = tf.concat([items, candidate, tf.sub(items, candidate), tf.mul(items, candidate)], 2);
    const hidden = tf.relu(
      tf.add(tf.matMul(tf.reshape(features, [batch * length, 4 * d]), kernel as tf.Tensor2D), bias),
    );
    const scores = tf.reshape(tf.add(tf.matMul(hidden as tf.Tensor2D, projection as tf.Tensor2D), shift), [
      batch,
      length,
    ]);
    return tf.matMul(tf.reshape(tf.mul(scores, present), [batch, 1, length]), items as tf.Tensor3D);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {outputDim, attentionUnits, batchL2, seed} = this;
    return {
      ...super.getConfig(),
      outputDim,
      attentionUnits,
      batchL2,
      seed,
      behaviour: {name: this.behaviour},
      candidate: {name: this.candidate},
    };
  }
}
tf.serialization.registerClass(AttentionEmbedding);

/** The position among the read fields of the one that an argument names: a multi-hot behaviour, a one-hot candidate. */
function positionOf(
  where: string,
  argument: 'behaviour' | 'candidate',
  args: AttentionEmbeddingArgs,
  embedded: readonly FieldSpec[],
): number {
  const isMultiHot = argument === 'behaviour';
  const index = embedded.findIndex(({name}) => name === args[argument]?.name);
  if (index >= 0 && (embedded[index].width !== undefined) === isMultiHot) return index;
  throw invalidArgument(where, argument, `be {name} of a ${isMultiHot ? 'multi' : 'one'}-hot field`, args[argument]);
}

/**
 * Create a FieldEmbedding whose behaviour field is combined with respect to the candidate (DIN, Zhou et al., KDD 2018,
 * eq. 3): e_behaviour = sum_l a(v_l, e_c) v_l,  a(v, c) = w2^T relu(W1^T [v, c, v - c, v * c] + b1) + b2, over the
 * present items l, not normalised, so that the strength of an interest is kept. All other fields are looked up as by
 * FieldEmbedding. (The paper's network has two layers and PReLU.)
 *
 * Input: int32 ids [B, W]. Output: [B, m, d], without fields that are `ignored`. Weights: `embeddings` [V - behaviour's
 * size, d], whose candidate rows serve the behaviour, too; `kernel` W1 [4 d, u], `bias` b1 [u], `projection` w2 [u, 1],
 * `shift` b2 [1].
 *
 * @throws AutofisError on a behaviour that is not a multi-hot field, a candidate that is not a one-hot field of the
 * same size, or an id outside 0 .. size - 1.
 */
export function attentionEmbedding(args: AttentionEmbeddingArgs): AttentionEmbedding {
  return new AttentionEmbedding(args);
}
