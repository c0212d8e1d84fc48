import * as tf from '@tensorflow/tfjs-core';
import {checkInteger, checkKeys, checkNumber} from '../src/checks';
import {AutofisError} from '../src/errors';
import {runKernel} from '../src/native/kernel_ops';
import {Gradients, NamedTensor, visitGradients} from './gradients';
import {SlotOptimizer} from './slot_optimizer';

export interface GRDAArgs {
  /**
   * gamma, the step size; > 0, default 1. May be changed between steps: the threshold keeps its past, and `decay`
   * counts on top.
   */
  learningRate?: number;
  /** c, the scale of the threshold; >= 0. 0 is plain SGD. */
  c: number;
  /** mu, how fast the threshold grows with the step; in (0, 1), recommended in (0.5, 1); default 0.8. */
  mu?: number;
  /** Number of first steps that leave weights and state unchanged; t counts from there. Default 0. */
  warmupSteps?: number;
  /** gamma is multiplied by `factor`, in (0, 1], after every `steps` steps, an integer >= 1. Default: no decay. */
  decay?: {factor: number; steps: number};
}

/** sign(v) max(|v| - threshold, 0), elementwise; exactly 0 inside the threshold. */
function softThreshold(v: tf.Tensor, threshold: number): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.sign(v), tf.relu(tf.sub(tf.abs(v), threshold))));
}

/**
 * Generalised regularised dual averaging (gRDA; Chao, Wang, Xing, Cheng, NeurIPS 2020, arXiv 2006.09358; AutoFIS, eq.
 * 13), the optimizer that drives useless weights to exactly zero. In closed form, for constant gamma,
 *
 *   v_{t+1} = v_1 - gamma sum_{s<=t} g_s,  v_1 = the weights at the first step,
 *   w_{t+1} = sign(v_{t+1}) max(|v_{t+1}| - c gamma^(1/2 + mu) t^mu, 0).
 *
 * The threshold is a sum of increments c gamma_t^(1/2 + mu) (t^mu - (t-1)^mu), so a learning-rate schedule does not
 * rescale the past. A weight at zero keeps its v, and can come back.
 *
 * State, keyed by the variable's name and saved with the model: v of each variable, the summed threshold, the step.
 * Going on from saved state equals never having stopped, bit for bit: the threshold is kept in two float32.
 *
 * @throws AutofisError if an argument breaks its rule, or a saved state does not fit the weights.
 * @example
 * const optimizer = grda({learningRate: 1, c: 0.005, mu: 0.8});
 * optimizer.minimize(() => loss());
 */
export class GRDA extends SlotOptimizer {
  /** @nocollapse */
  static className = 'GRDA';
  readonly c: number;
  readonly mu: number;
  readonly warmupSteps: number;
  private readonly decay: GRDAArgs['decay'];
  protected readonly slotKind = 'accumulators';
  protected readonly slotNames = ['dual'];
  private threshold_ = 0;

  constructor(args: GRDAArgs) {
    checkKeys('GRDA', args ?? {}, ['learningRate', 'c', 'mu', 'warmupSteps', 'decay']);
    const {learningRate = 1, c, mu = 0.8, warmupSteps = 0, decay} = args ?? {};
    super(learningRate);
    checkNumber('GRDA', 'c', c, '[0, Infinity)');
    checkNumber('GRDA', 'mu', mu, '(0, 1)');
    checkInteger('GRDA', 'warmupSteps', warmupSteps, 0);
    if (decay !== undefined) {
      checkKeys('GRDA: decay', decay, ['factor', 'steps']);
      checkNumber('GRDA', 'decay.factor', decay.factor, '(0, 1]');
      checkInteger('GRDA', 'decay.steps', decay.steps, 1);
    }
    this.decay = decay;
    this.c = c;
    this.mu = mu;
    this.warmupSteps = warmupSteps;
  }

  /** The threshold that the weights were cut by in the last step; 0 before the first and during warm-up. */
  get threshold(): number {
    return this.threshold_;
  }

  override applyGradients(gradients: Gradients): void {
    this.incrementIterations();
    const t = this.iterations - this.warmupSteps;
    if (t <= 0) return;
    const {c, mu, decay} = this;
    const gamma = this.learningRate * (decay === undefined ? 1 : decay.factor ** Math.floor((t - 1) / decay.steps));
    this.threshold_ = asTwoFloats(
      this.threshold_ + c * Math.pow(gamma, 0.5 + mu) * (Math.pow(t, mu) - Math.pow(t - 1, mu)),
    );
    this.takeLoaded(gradients);
    tf.tidy(() =>
      visitGradients(gradients, (variable, gradient) => {
        const [dual] = this.slotsOf(variable, () => [tf.variable(variable, false)]);
        const atOnce =
          gradient == null ? null : runKernel('AutofisGrda', [dual, gradient, [gamma, this.threshold_]], 2);
        if (atOnce !== null) {
          dual.assign(atOnce[0]);
          variable.assign(atOnce[1]);
          return;
        }
        if (gradient != null) dual.assign(tf.sub(dual, tf.mul(gradient, gamma)));
        // Without a gradient the threshold still grows, as it does under a gradient of zero.
        variable.assign(softThreshold(dual, this.threshold_) as tf.Tensor);
      }),
    );
  }

  /** The step, the threshold (two float32 whose sum it is), then v of each variable in the order of the first step. */
  override async getWeights(): Promise<NamedTensor[]> {
    const high = Math.fround(this.threshold_);
    return [
      await this.saveIterations(),
      {name: 'threshold', tensor: tf.tensor1d([high, this.threshold_ - high])},
      ...this.slotWeights(),
    ];
  }

  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const values = await this.extractIterations(weightValues);
    if (values.length === 0 || values[0].tensor.size !== 2) {
      throw new AutofisError(
        'GRDA: the saved state must hold the step, the threshold and one accumulator per weight. ' +
          `Received: ${weightValues.map(v => `${v.name} [${v.tensor.shape}]`).join(', ')}.`,
      );
    }
    const [high, low] = await values[0].tensor.data();
    this.threshold_ = high + low;
    this.loadSlots(values.slice(1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {learningRate, c, mu, warmupSteps, decay} = this;
    return {learningRate, c, mu, warmupSteps, ...(decay === undefined ? {} : {decay: {...decay}})};
  }
}
tf.serialization.registerClass(GRDA);

/** Round to a value that two float32 hold exactly, so that saving loses nothing. */
function asTwoFloats(value: number): number {
  const high = Math.fround(value);
  return high + Math.fround(value - high);
}

/** Factory of {@link GRDA}. */
export function grda(args: GRDAArgs): GRDA {
  return new GRDA(args);
}
