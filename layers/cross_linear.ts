import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkNumber} from '../src/checks';
import {AutofisError} from '../src/errors';
import type {Interaction} from '../src/interactions';
import {digitsOf} from '../src/mixed_radix';
import {lookUp} from '../src/tables/sparse_gradients';
import type {Shape} from './base_layer';
import {
  canonicalCrosses,
  checkCounts,
  checkDictionary,
  CrossIndex,
  dictionaryWidth,
  forCombinations,
  restSizes,
  sum,
} from './cross_dictionary';
import {crossHash} from './cross_table';
import {FieldLayer, FieldLayerArgs, penalized} from './field_layer';

export interface CrossLinearArgs extends FieldLayerArgs {
  /** Sets of two to four fields whose values are crossed, as positions among the fields that are not ignored. */
  interactions: readonly Interaction[];
  /**
   * Number of combinations of each interaction in the dictionary, as `fitCrosses` counts them. Cannot be combined with
   * `hashSize`.
   */
  counts?: readonly number[];
  /** The ids of each combination, as `fitCrosses` gives them; a saved model has them as a weight. */
  dictionary?: ArrayLike<number>;
  /** Rows of a table that all combinations share by their hash, e.g. for streams; an integer >= 1. */
  hashSize?: number;
  /**
   * Weight of a penalty on the weights that a batch looks up, batchL2 * sum w^2 in the mean over the batch; >= 0,
   * default 0.01. It is part of the gradient and not of the loss that `fit` reports.
   */
  batchL2?: number;
}

/** Which weights the rows of a batch add up. */
export interface CrossEntries {
  /** The weight, its row of the batch, and what it is multiplied with. */
  weights: Int32Array;
  owners: Int32Array;
  scales: Float32Array;
}

/** Implements {@link crossLinear}. */
export class CrossLinear extends FieldLayer {
  /** @nocollapse */
  static className = 'CrossLinear';
  /** The pairs, then the triples and sets of four, each in canonical order. */
  readonly interactions: readonly Interaction[];
  /** Number of combinations of each interaction in the dictionary; null where combinations are hashed. */
  readonly counts: readonly number[] | null;
  /** Rows of the hashed table, or null. */
  readonly hashSize: number | null;
  /** The ids of each combination, or null; known from build on. */
  dictionary: tfl.LayerVariable | null = null;
  private readonly given: Int32Array | null;
  readonly batchL2: number;
  private kernel!: tfl.LayerVariable;
  private index: {dataId: tf.DataId; found: CrossIndex} | null = null;

  constructor(args: CrossLinearArgs) {
    const where = 'CrossLinear';
    super(where, args, ['interactions', 'counts', 'dictionary', 'hashSize', 'batchL2']);
    const {embedded} = this.layout;
    this.interactions = canonicalCrosses(where, args.interactions, embedded.length);
    if (this.interactions.length === 0)
      throw new AutofisError(`${where}: \`interactions\` is empty. Remove the layer.`);
    this.counts = args.counts ?? null;
    this.hashSize = args.hashSize ?? null;
    if ((this.counts === null) === (this.hashSize === null)) {
      throw new AutofisError(
        `${where}: give either \`counts\`, with the \`dictionary\` of \`fitCrosses\`, or \`hashSize\`. ` +
          `Received: counts ${this.counts}, hashSize ${this.hashSize}.`,
      );
    }
    if (this.hashSize !== null) checkInteger(where, 'hashSize', this.hashSize, 1);
    if (this.counts !== null) checkCounts(where, this.counts, this.interactions.length);
    this.given = args.dictionary == null ? null : Int32Array.from(args.dictionary);
    if (this.given !== null) checkDictionary(where, this.given, this.counts, this.interactions, embedded);
    this.batchL2 = args.batchL2 ?? 0.01;
    checkNumber(where, 'batchL2', this.batchL2, '[0, Infinity)');
  }

  override build(inputShape: Shape | Shape[]): void {
    const zeros = tfl.initializers.zeros();
    const {given} = this;
    const size = this.hashSize ?? sum(this.counts!);
    this.kernel = this.addTable('kernel', [size, 1], zeros);
    if (this.counts !== null) {
      const shape: [number, number] = [size, dictionaryWidth(this.interactions)];
      const start = () => (given === null ? tf.zeros(shape, 'int32') : tf.tensor2d(given, shape, 'int32'));
      const initializer = {apply: start} as unknown as typeof zeros;
      this.dictionary = this.addWeight('dictionary', shape, 'int32', initializer, undefined, false);
    }
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [this.one(inputShape)[0], 1];
  }

  protected override compute(ids: tf.Tensor2D, training: boolean): tf.Tensor {
    const batch = ids.shape[0];
    this.layout.checkIds(ids);
    const {weights, owners, scales} = this.entries(ids.dataSync());
    const kernel = this.kernel.read() as tf.Variable;
    // 0 times a weight, since the loss of a model without other weights must have one to be trained.
    if (weights.length === 0) return tf.mul(tf.zeros([batch, 1]), lookUp(kernel, tf.tensor1d([0], 'int32')));
    const given = lookUp(kernel, tf.tensor1d(weights)) as tf.Tensor2D;
    const rows = training ? penalized(given, this.batchL2, batch) : given;
    const scaled = scales.every(scale => scale === 1) ? rows : tf.mul(rows, tf.tensor2d(scales, [scales.length, 1]));
    return tf.unsortedSegmentSum(scaled, tf.tensor1d(owners), batch);
  }

  /** The weights that each row of ids, row-major [B, W], looks up. Combinations without a weight are left out. */
  entries(ids: ArrayLike<number>): CrossEntries {
    const {layout} = this;
    const W = layout.columns;
    const find = this.finder();
    const sides = this.interactions.map(fields =>
      fields.map(f => ({...layout.columnsOf(f), mean: layout.embedded[f].combiner === 'mean'})),
    );
    const sizes = restSizes(this.interactions, layout.embedded);
    const most =
      (ids.length / W) *
      sum(sides.map(columns => columns.reduce((product, {start, end}) => product * (end - start), 1)));
    const weights = new Int32Array(most);
    const owners = new Int32Array(most);
    const scales = new Float32Array(most);
    let n = 0;
    const present = (at: number, {start, end}: {start: number; end: number}) => {
      let count = 0;
      for (let c = start; c < end; c++) if (ids[at + c] >= 0) count++;
      return count;
    };
    // One function for all rows and interactions, which reads where it is.
    let [row, p, scale] = [0, 0, 1];
    const note = (a: number, rest: number): void => {
      const weight = find(p, a, rest);
      if (weight < 0) return;
      weights[n] = weight;
      owners[n] = row;
      scales[n++] = scale;
    };
    for (let at = 0; at < ids.length; row++, at += W) {
      for (p = 0; p < sides.length; p++) {
        let among = 1;
        for (const side of sides[p]) if (side.mean) among *= present(at, side);
        scale = 1 / among;
        forCombinations(ids, at, sides[p], sizes[p], note);
      }
    }
    return {weights: weights.slice(0, n), owners: owners.slice(0, n), scales: scales.slice(0, n)};
  }

  /** The interaction, its first value and the others as one number -> the row of the kernel, or -1. */
  private finder(): (interaction: number, a: number, rest: number) => number {
    const {hashSize, interactions, layout} = this;
    if (hashSize !== null) {
      const sizes = restSizes(interactions, layout.embedded);
      return (p, a, rest) => crossHash([...interactions[p], a, ...digitsOf(rest, sizes[p])]) % hashSize;
    }
    const dictionary = this.dictionary!.read();
    const {dataId} = dictionary;
    if (this.index?.dataId !== dataId) {
      const ids = dictionary.dataSync() as Int32Array;
      checkDictionary('CrossLinear', ids, this.counts, interactions, layout.embedded);
      this.index = {dataId, found: new CrossIndex(ids, this.counts!, interactions, layout.embedded)};
    }
    const {found} = this.index;
    return (p, a, rest) => found.find(p, a, rest);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      interactions: this.interactions as never,
      counts: this.counts as never,
      hashSize: this.hashSize,
      batchL2: this.batchL2,
    };
  }
}
tf.serialization.registerClass(CrossLinear);

/**
 * Create memorised crosses: one weight for each combination of the values of two to four fields, summed over the
 * interactions p = (i, j), (i, j, k) or (i, j, k, l): sum_p w_{p, x_i, x_j, ...}. The combinations are those of a
 * dictionary that `fitCrosses` fills; any other contributes exactly 0. With `hashSize` every combination has a weight,
 * which combinations with the same hash share.
 *
 * Input: int32 ids [B, W] as for FieldEmbedding. Output: [B, 1]. A multi-hot field adds the mean or sum over its
 * values. Weights: `kernel` [K, 1], sparse as FieldLinear's, starting at 0; `dictionary` int32 [K, w], not trainable,
 * where w is the number of fields of the widest interaction.
 *
 * @throws AutofisError on no interaction, unknown or duplicate ones, neither or both of `counts` and `hashSize`, a
 * dictionary that is not sorted or of other ids, or an id outside 0 .. size - 1.
 * @example
 * const crosses = crossLinear({fields, ...fitCrosses({ids, fields, interactions: [[0, 1]]})});
 */
export function crossLinear(args: CrossLinearArgs): CrossLinear {
  return new CrossLinear(args);
}
