import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkKeys, checkNumber} from '../src/checks';
import {AutofisError} from '../src/errors';
import {allInteractions, canonicalInteractions, Interaction} from '../src/interactions';
import {GroupedProducts, inListedOrder, inPlannedOrder, LayerProducts, partOf} from '../src/products/layer_products';
import {moved} from '../src/products/moving_statistics';
import {Normalization, normalizedProducts} from '../src/products/normalized';
import type {Passes, Statistics} from '../src/products/passes';
import {BaseLayer, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings, checkFieldAware} from './embeddings_input';

export interface FixedBNInteractionArgs extends LayerArgs {
  /** Number of fields in each interaction: 2 (default) or 3. */
  order?: 2 | 3;
  /** The interactions to compute, as field positions, e.g. [[0, 1], [0, 2]]; default all. Kept in sorted order. */
  interactions?: readonly Interaction[];
  /** Added to the variance; > 0, default 1e-3. */
  epsilon?: number;
  /** Share of the old moving statistics that a batch leaves, in [0, 1); default 0.99. */
  momentum?: number;
}

/**
 * Products of field embeddings, each normalised over the batch with scale fixed at 1 and shift at 0 (AutoFIS, eq. 12):
 * x_p = <e_i, e_j> or <e_i, e_j, e_k> = sum_d e_id e_jd e_kd,   x^_p = (x_p - mean_p) / sqrt(var_p + epsilon).
 *
 * Input: [B, m, d]; or [B, P, 2, d] of a FieldAwareEmbedding with the same `interactions`, where x_p = <e_p0, e_p1>.
 * Output: [B, P], interactions in the order of `allInteractions`.
 * In training the batch's mean and population variance are used, otherwise (and where a batch has no rows) moving ones.
 * Their update weighs batch t by max(1 - momentum, 1 / t): a plain mean at first, so that short trainings are not
 * evaluated with the start values. Weights, none of them trainable: `moving_mean` [P], `moving_variance` [P],
 * `moving_steps` [].
 *
 * @throws AutofisError on an invalid argument, and when it is built on a rank other than 3, fewer fields than `order`,
 * unknown or duplicate interactions.
 */
export class FixedBNInteraction extends BaseLayer {
  /** @nocollapse */
  static className = 'FixedBNInteraction';
  readonly order: 2 | 3;
  readonly epsilon: number;
  readonly momentum: number;
  /** The interactions of the layer, in the order of its output; known from build on when the default is all. */
  interactions: readonly Interaction[] = [];
  /** m, the number of fields, at least of those that field-aware pairs name; known from build on. */
  fieldCount = 0;
  /** True if the input is the output of a FieldAwareEmbedding; known from build on. */
  fieldAware = false;
  protected products = LayerProducts.fieldAware(0);
  private readonly chosen: readonly Interaction[] | null;
  private movingMean!: tfl.LayerVariable;
  private movingVariance!: tfl.LayerVariable;
  private movingSteps!: tfl.LayerVariable;

  constructor(args: FixedBNInteractionArgs = {}, where = 'FixedBNInteraction', extraKeys: readonly string[] = []) {
    checkKeys(where, args, ['order', 'interactions', 'epsilon', 'momentum', ...extraKeys, ...layerArgKeys]);
    super(args);
    this.order = args.order ?? 2;
    checkChoice(where, 'order', this.order, [2, 3]);
    this.epsilon = args.epsilon ?? 1e-3;
    checkNumber(where, 'epsilon', this.epsilon, '(0, Infinity)');
    this.momentum = args.momentum ?? 0.99;
    checkNumber(where, 'momentum', this.momentum, '[0, 1)');
    this.chosen = args.interactions ?? null;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    const where = `${this.getClassName()} ${this.name}`;
    const m = this.fieldsIn(where, shape);
    if (m < this.order && this.chosen?.length !== 0) {
      throw new AutofisError(
        `${where}: an interaction of order ${this.order} needs at least ${this.order} fields. Received: ${m}.`,
      );
    }
    this.fieldCount = m;
    this.interactions =
      this.chosen === null ? allInteractions(m, this.order) : canonicalInteractions(where, this.chosen, m, this.order);
    this.fieldAware = shape.length === 4;
    this.products = this.fieldAware
      ? LayerProducts.fieldAware(this.interactions.length)
      : LayerProducts.of(this.interactions, this.order);
    this.addWeights(this.interactions.length);
    super.build(inputShape);
  }

  /** Check the input's shape; m, the number of its fields. */
  protected fieldsIn(where: string, shape: Shape): number {
    if (shape.length !== 4) {
      checkEmbeddings(where, shape, 1);
      return shape[1];
    }
    if (this.order !== 2) {
      throw new AutofisError(
        `${where}: field-aware embeddings are those of pairs, so \`order\` must be 2. Received: ${this.order}.`,
      );
    }
    return checkFieldAware(where, shape, this.chosen);
  }

  protected addWeights(count: number): void {
    if (!this.normalizes() || count === 0) return;
    const zeros = tfl.initializers.zeros();
    const ones = tfl.initializers.ones();
    this.movingMean = this.addWeight('moving_mean', [count], 'float32', zeros, undefined, false);
    this.movingVariance = this.addWeight('moving_variance', [count], 'float32', ones, undefined, false);
    this.movingSteps = this.addWeight('moving_steps', [], 'float32', zeros, undefined, false);
  }

  protected normalizes(): boolean {
    return true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, count, ...rest] = this.one(inputShape);
    return [batch, this.chosen?.length ?? (rest.length === 2 ? count : allInteractions(count!, this.order).length)];
  }

  /** Normalise by the batch's own statistics in training, unless the batch is empty. */
  protected override compute(embeddings: tf.Tensor, training: boolean): tf.Tensor {
    return this.outputOf(embeddings, training && embeddings.shape[0] > 0);
  }

  /** Embeddings -> the layer's output. */
  protected outputOf(embeddings: tf.Tensor, byBatch: boolean): tf.Tensor {
    return this.normalized(embeddings, byBatch);
  }

  /** Embeddings -> [B, P], normalised: by the batch, which the moving statistics then take in, or by those. */
  protected normalized(embeddings: tf.Tensor, byBatch: boolean): tf.Tensor2D {
    if (this.interactions.length === 0) return tf.zeros([embeddings.shape[0], 0]);
    const seen: Statistics[] = [];
    const {current} = this.products;
    const normalizationOf = this.normalization(current, byBatch, seen);
    const columns = current.groups.map(group => normalizedProducts(embeddings, group, normalizationOf(group)));
    this.takeIn(current, seen);
    return inListedOrder(columns, current);
  }

  private normalization(
    current: GroupedProducts,
    byBatch: boolean,
    seen: Statistics[],
  ): (group: Passes) => Normalization {
    if (!this.normalizes()) return () => ({kind: 'none'});
    const {epsilon} = this;
    if (byBatch) return () => ({kind: 'batch', epsilon, report: keepInto(seen)});
    const {mean, variance} = this.movingStatistics();
    const [means, variances] = [inPlannedOrder(mean, current), inPlannedOrder(variance, current)];
    return group => ({
      kind: 'fixed',
      epsilon,
      statistics: {mean: partOf(means, group), variance: partOf(variances, group)},
    });
  }

  protected movingStatistics(): Statistics {
    return {mean: this.movingMean.read() as tf.Tensor1D, variance: this.movingVariance.read() as tf.Tensor1D};
  }

  /** Move the moving statistics towards a batch's, given group by group. */
  protected takeIn(current: GroupedProducts, seen: Statistics[]): void {
    if (seen.length === 0) return;
    tf.tidy(() => {
      const parts = (key: keyof Statistics) => seen.map(statistics => statistics[key]);
      const batch = {
        mean: inListedOrder(parts('mean'), current),
        variance: inListedOrder(parts('variance'), current),
      };
      const before = {...this.movingStatistics(), steps: this.movingSteps.read()};
      const {mean, variance, steps} = moved(before, batch, this.momentum);
      this.movingMean.write(mean);
      this.movingVariance.write(variance);
      this.movingSteps.write(steps);
    });
    seen.forEach(s => tf.dispose([s.mean, s.variance]));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      order: this.order,
      interactions: this.chosen as never,
      epsilon: this.epsilon,
      momentum: this.momentum,
    };
  }
}
tf.serialization.registerClass(FixedBNInteraction);

/** A receiver of statistics that outlive the gradient function they are computed in. */
export function keepInto(list: Statistics[]): (statistics: Statistics) => void {
  return ({mean, variance}) => {
    list.push({mean: tf.keep(mean), variance: tf.keep(variance)});
  };
}

/** Factory of {@link FixedBNInteraction}. */
export function fixedBNInteraction(args?: FixedBNInteractionArgs): FixedBNInteraction {
  return new FixedBNInteraction(args);
}
