import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkNumber, checkSeed, checkThat} from '../src/checks';
import {foldedSum} from '../src/products/folded_sum';
import {gatedSum} from '../src/products/gated_sum';
import {inPlannedOrder, partOf} from '../src/products/layer_products';
import type {Statistics} from '../src/products/passes';
import type {Shape} from './base_layer';
import {differentNames} from './embeddings_input';
import {FixedBNInteraction, FixedBNInteractionArgs, keepInto} from './fixed_bn_interaction';

export interface GatedInteractionArgs extends FixedBNInteractionArgs {
  /** 'sum' (default): the gated sum, [B, 1]. 'each': every gated product by itself, [B, P], e.g. for IPNN. */
  output?: 'sum' | 'each';
  /** Centre of alpha's start, which is uniform in alphaInit +- 0.001; default 0.6. */
  alphaInit?: number;
  /** True to normalise products over the batch; default true. Without it, values of alpha are not comparable. */
  batchNorm?: boolean;
  /** True to give each product a gate; default true. Without it and without batchNorm the layer is plain FM. */
  useAlpha?: boolean;
  /**
   * Names of the fields, in order, all different; by default those of the embeddings before the layer. Other names than
   * those are for people; the same ones must be in the same order.
   */
  fields?: readonly {name: string}[];
  /** Seed of alpha's start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Half the width of alpha's uniform start in AutoFIS's experiments. */
const ALPHA_SPREAD = 0.001;

/**
 * Gated feature interactions (AutoFIS, section 3.2): sum_p alpha_p x^_p, where x^_p is the product of two or three
 * field embeddings, normalised as in FixedBNInteraction. A closed gate (alpha = 0) contributes exactly 0.
 *
 * Input: [B, m, d], or [B, P, 2, d] of a FieldAwareEmbedding. Output: [B, 1] ('sum') or [B, P] ('each').
 * Weights: `alpha` [P], trainable; `open` [P], 1 or 0, which closes gates for good; the moving statistics.
 * alpha is searched by GRDA through SearchStage; under any other optimizer it is a plain attention weight.
 * At inference alpha and the moving statistics fold into one weight per interaction.
 *
 * @throws AutofisError where FixedBNInteraction does, and on `fields` that are not different names or of another
 * length than the input has.
 * @example
 * model.add(new GatedInteraction());                                  // all pairs, [B, m, d] -> [B, 1]
 * model.add(new GatedInteraction({order: 3, output: 'each'}));        // all triples, [B, m, d] -> [B, P]
 */
export class GatedInteraction extends FixedBNInteraction {
  /** @nocollapse */
  static override className = 'GatedInteraction';
  readonly outputMode: 'sum' | 'each';
  readonly alphaInit: number;
  /** Names of the fields given to the layer, or null. */
  readonly fieldNames: readonly string[] | null;
  /** alpha [P], or null without one; known from build on. */
  alpha: tfl.LayerVariable | null = null;
  /** 1 for a gate that may be open, 0 for one closed for good, [P]. */
  open: tfl.LayerVariable | null = null;
  /** Is given the products [B, P] without alpha of every call that is not training; a search sets it for a while. */
  onProducts: ((products: tf.Tensor2D) => void) | null = null;
  private readonly batchNorm: boolean;
  private readonly useAlpha: boolean;
  private readonly seed: number | null;

  constructor(args: GatedInteractionArgs = {}) {
    const where = 'GatedInteraction';
    super(args, where, ['output', 'alphaInit', 'batchNorm', 'useAlpha', 'fields', 'seed']);
    this.outputMode = args.output ?? 'sum';
    checkChoice(where, 'output', this.outputMode, ['sum', 'each']);
    this.alphaInit = args.alphaInit ?? 0.6;
    checkNumber(where, 'alphaInit', this.alphaInit, '(-Infinity, Infinity)');
    this.batchNorm = args.batchNorm ?? true;
    checkChoice(where, 'batchNorm', this.batchNorm, [true, false]);
    this.useAlpha = args.useAlpha ?? true;
    checkChoice(where, 'useAlpha', this.useAlpha, [true, false]);
    this.fieldNames = args.fields == null ? null : differentNames(where, args.fields);
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  protected override fieldsIn(where: string, shape: Shape): number {
    const m = super.fieldsIn(where, shape);
    const given = this.fieldNames?.length ?? m;
    // Field-aware embeddings do not say how many fields there are beside those of their pairs.
    const areAll = shape.length === 4 ? given >= m : given === m;
    checkThat(areAll, where, 'fields', `name each of the input's ${m} fields`, this.fieldNames);
    return m;
  }

  protected override normalizes(): boolean {
    return this.batchNorm;
  }

  protected override addWeights(count: number): void {
    if (this.useAlpha && count > 0) {
      this.alpha = this.addWeight(
        'alpha',
        [count],
        'float32',
        tfl.initializers.randomUniform({
          minval: this.alphaInit - ALPHA_SPREAD,
          maxval: this.alphaInit + ALPHA_SPREAD,
          seed: this.seed ?? undefined,
        }),
      );
      this.open = this.addWeight('open', [count], 'float32', tfl.initializers.ones(), undefined, false);
    }
    super.addWeights(count);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = super.computeOutputShape(inputShape);
    return this.outputMode === 'each' ? shape : [shape[0], 1];
  }

  protected override outputOf(embeddings: tf.Tensor, byBatch: boolean): tf.Tensor {
    if (!byBatch) this.onProducts?.(this.normalized(embeddings, false));
    if (this.interactions.length === 0) return tf.zeros([embeddings.shape[0], this.outputMode === 'sum' ? 1 : 0]);
    if (this.outputMode === 'each') return this.terms(embeddings, byBatch);
    return this.batchNorm && byBatch ? this.trainingSum(embeddings) : this.inferenceSum(embeddings);
  }

  /** Return what each interaction adds to the sum: [B, P]. */
  terms(embeddings: tf.Tensor, byBatch = false): tf.Tensor2D {
    return tf.tidy(() => tf.mul(this.normalized(embeddings, byBatch), this.gates()));
  }

  /** alpha where a gate may be open, 0 where it is closed for good: [P]. */
  private gates(): tf.Tensor1D {
    return this.useAlpha
      ? (tf.mul(this.alpha!.read(), this.open!.read()) as tf.Tensor1D)
      : tf.ones([this.interactions.length]);
  }

  private trainingSum(embeddings: tf.Tensor): tf.Tensor2D {
    const seen: Statistics[] = [];
    const {current} = this.products;
    const gates = inPlannedOrder(this.gates(), current);
    const sums = current.groups.map(group =>
      gatedSum(embeddings, partOf(gates, group), group, this.epsilon, keepInto(seen)),
    );
    this.takeIn(current, seen);
    return tf.addN(sums);
  }

  private inferenceSum(embeddings: tf.Tensor): tf.Tensor2D {
    let weights = this.gates();
    let shift: tf.Tensor | undefined;
    if (this.batchNorm) {
      const {mean, variance} = this.movingStatistics();
      weights = tf.mul(weights, tf.rsqrt(tf.add(variance, this.epsilon)));
      shift = tf.sum(tf.mul(weights, mean));
    }
    const {current} = this.products;
    const planned = inPlannedOrder(weights, current);
    const sum = tf.addN(
      current.groups.map(group => foldedSum(embeddings, partOf(planned, group), group, !this.useAlpha)),
    );
    return shift ? tf.sub(sum, shift) : sum;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      output: this.outputMode,
      alphaInit: this.alphaInit,
      batchNorm: this.batchNorm,
      useAlpha: this.useAlpha,
      fields: this.fieldNames?.map(name => ({name})) ?? null,
      seed: this.seed,
    };
  }
}
tf.serialization.registerClass(GatedInteraction);

/** Factory of {@link GatedInteraction}. */
export function gatedInteraction(args?: GatedInteractionArgs): GatedInteraction {
  return new GatedInteraction(args);
}
