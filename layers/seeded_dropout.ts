import * as tf from '@tensorflow/tfjs-core';
import {checkKeys, checkNumber, checkSeed} from '../src/checks';
import {fmix32} from '../src/murmur3';
import {BaseLayer, LayerArgs, layerArgKeys, Shape} from './base_layer';

export interface SeededDropoutArgs extends LayerArgs {
  /** Share of values that training sets to 0; in [0, 1). */
  rate: number;
  /** Seed of the masks, an integer; without it every run drops other values. */
  seed?: number;
}

/** Implements {@link seededDropout}. */
export class SeededDropout extends BaseLayer {
  /** @nocollapse */
  static className = 'SeededDropout';
  readonly rate: number;
  private readonly seed: number | null;
  private state: number;

  constructor(args: SeededDropoutArgs) {
    const where = 'SeededDropout';
    checkKeys(where, args ?? {}, ['rate', 'seed', ...layerArgKeys]);
    super(args);
    checkNumber(where, 'rate', args.rate, '[0, 1)');
    checkSeed(where, args.seed);
    this.rate = args.rate;
    this.seed = args.seed ?? null;
    this.state = fmix32(this.seed ?? Math.floor(Math.random() * 2 ** 32));
  }

  /**
   * The state that the next masks follow from, a 32-bit integer. Set to an earlier value, it repeats the masks from
   * there.
   */
  get randomState(): number {
    return this.state;
  }

  set randomState(state: number) {
    this.state = state;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return this.one(inputShape);
  }

  protected override compute(x: tf.Tensor, training: boolean): tf.Tensor {
    if (!training || this.rate === 0) return tf.clone(x);
    const mask = new Float32Array(x.size);
    this.state = fillMask(mask, this.rate, this.state);
    return tf.mul(x, tf.tensor(mask, x.shape));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), rate: this.rate, seed: this.seed};
  }
}
tf.serialization.registerClass(SeededDropout);

/**
 * Fill `mask` with 0, with probability `rate` in steps of 2^-16, and 1 / (1 - rate); returns the state to continue
 * from. The numbers are a Weyl sequence, each mixed, and serve two values each. No branch depends on them: a processor
 * guesses those wrong, which would be most of the time.
 */
export function fillMask(mask: Float32Array, rate: number, state: number): number {
  const bound = Math.min(Math.round(rate * STEPS), STEPS - 1) | 0;
  // A value is these bits, or none of them.
  const survivor = new Int32Array(new Float32Array([STEPS / (STEPS - bound)]).buffer)[0];
  const bits = new Int32Array(mask.buffer, mask.byteOffset, mask.length);
  for (let i = 0; i < bits.length; i += 2) {
    state = (state + 0x9e3779b9) | 0;
    const x = fmix32(state);
    // The sign bit, spread over all bits, says whether a number is below the bound.
    bits[i] = survivor & ~(((x & 0xffff) - bound) >> 31);
    bits[i + 1] = survivor & ~(((x >>> 16) - bound) >> 31);
  }
  return state;
}

const STEPS = 2 ** 16;

/**
 * Create dropout that can be repeated: in training each value is 0 with probability `rate`, else value / (1 - rate);
 * otherwise the input itself. With a seed, step t of every run on every backend drops the same values.
 * (`tf.layers.dropout` with a seed drops the same units at every step, so that a part of the model never trains.)
 *
 * Input and output: any shape. Steps are counted from the making of the layer; a saved model does not hold them,
 * `Checkpoints` do.
 *
 * @throws AutofisError if `rate` or `seed` breaks its rule.
 */
export function seededDropout(args: SeededDropoutArgs): SeededDropout {
  return new SeededDropout(args);
}
