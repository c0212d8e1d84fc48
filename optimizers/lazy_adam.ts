import * as tf from '@tensorflow/tfjs-core';
import {checkChoice, checkKeys, checkNumber} from '../src/checks';
import {AutofisError} from '../src/errors';
import {isSparse, type SparseGradient} from '../src/tables/sparse_gradient';
import {minimizeSparse, SparseOptimizer} from '../src/tables/sparse_gradients';
import {Table} from '../src/tables/table';
import {adamStep, denseSteps, DenseWeight} from './adam_step';
import {Gradients, NamedTensor, visitGradients} from './gradients';
import {SlotOptimizer} from './slot_optimizer';

export interface LazyAdamArgs {
  /** Step size; > 0, default 0.001. */
  learningRate?: number;
  /** Decay of the first moment; in [0, 1), default 0.9. */
  beta1?: number;
  /** Decay of the second moment; in [0, 1), default 0.999. */
  beta2?: number;
  /** Added to the root of the corrected second moment; > 0, default 1e-7. */
  epsilon?: number;
  /** True to apply the dense rule to tables as well, as `tf.train.adam` does; default false. */
  exact?: boolean;
}

/** Implements {@link lazyAdam}. */
export class LazyAdam extends SlotOptimizer implements SparseOptimizer {
  /** @nocollapse */
  static className = 'LazyAdam';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly exact: boolean;
  protected readonly slotKind = 'moments';
  protected readonly slotNames = ['m', 'v'];

  constructor(args: LazyAdamArgs = {}) {
    const where = 'LazyAdam';
    checkKeys(where, args, ['learningRate', 'beta1', 'beta2', 'epsilon', 'exact']);
    const {learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, exact = false} = args;
    super(learningRate);
    checkNumber(where, 'beta1', beta1, '[0, 1)');
    checkNumber(where, 'beta2', beta2, '[0, 1)');
    checkNumber(where, 'epsilon', epsilon, '(0, Infinity)');
    checkChoice(where, 'exact', exact, [true, false]);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.exact = exact;
  }

  takesSparse(): boolean {
    return !this.exact;
  }

  override minimize(f: () => tf.Scalar, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    return minimizeSparse(this, f, returnCost, varList);
  }

  override applyGradients(gradients: Gradients): void {
    this.incrementIterations();
    this.takeLoaded(gradients);
    const step = adamStep(this.iterations, this);
    tf.tidy(() => {
      const dense: DenseWeight[] = [];
      visitGradients(gradients, (variable, gradient: tf.Tensor | SparseGradient | undefined) => {
        const [m, v] = this.slotsOf(variable, () => newMoments(variable, isSparse(gradient)));
        if (gradient == null) return;
        if (isSparse(gradient)) {
          const [w, ...slots] = [variable, m, v].map(table => Table.ensure(table, 'rows').open());
          w.adamRows(slots[0], slots[1], gradient.rows, gradient.values, step, gradient.blocks);
        } else {
          // A weight that is listed twice, as one of a layer in two models is, takes two steps.
          if (dense.some(({w}) => w === variable)) denseSteps(dense.splice(0), step);
          dense.push({w: variable, m, v, gradient});
        }
      });
      denseSteps(dense, step);
    });
  }

  /** The step, then m of each variable, then v of each, in the order of the first step. */
  override async getWeights(): Promise<NamedTensor[]> {
    return [await this.saveIterations(), ...this.slotWeights()];
  }

  override async setWeights(weightValues: NamedTensor[]): Promise<void> {
    const values = await this.extractIterations(weightValues);
    if (values.length % 2 !== 0) {
      throw new AutofisError(
        'LazyAdam: the saved state must hold the step and two moments per weight. ' +
          `Received: ${weightValues.map(v => `${v.name} [${v.tensor.shape}]`).join(', ')}.`,
      );
    }
    this.loadSlots(values);
  }

  override dispose(): void {
    for (const name of this.slots.keys()) {
      const variable = tf.engine().registeredVariables[name];
      if (variable !== undefined) Table.of(variable)?.detach();
    }
    super.dispose();
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {learningRate, beta1, beta2, epsilon, exact} = this;
    return {learningRate, beta1, beta2, epsilon, exact};
  }
}
tf.serialization.registerClass(LazyAdam);

function newMoments(variable: tf.Variable, sparse: boolean): tf.Variable[] {
  // Not tf.zeros, which on tfjs-node fills a second array in JavaScript first.
  const moments = ['m', 'v'].map(() => tf.tidy(() => tf.variable(tf.fill(variable.shape, 0), false)));
  if (sparse) moments.forEach(moment => Table.ensure(moment, 'rows').open(true));
  return moments;
}

/**
 * Create Adam (Kingma and Ba, ICLR 2015, arXiv 1412.6980) whose step on an embedding table costs what the batch costs,
 * however large the table is. At step t,
 *
 *   m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2,
 *   w -= learningRate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon),
 *
 * for every value of a dense weight, the rule of `tf.train.adam`; and for the rows that the batch touches of a table,
 * the weight of FieldEmbedding and FieldLinear. How that differs from `tf.train.adam`: m and v of a row decay only in
 * the steps that touch it, and a row that is not touched does not move on by its old m; t counts all steps. Padding of
 * a multi-hot field touches the row of its id 0. With `exact`, tables follow the dense rule, and a step costs what the
 * whole table costs.
 *
 * Tables are dense as well where their gradient is: with a regularizer, when the gradients are not taken by `minimize`
 * (or `fit`) of this optimizer or of a Partitioned over it, and on backends other than tfjs-node, wasm and cpu.
 *
 * On tfjs-node all dense weights take one op together, or one each where the ops of this library do not serve. State:
 * the step and the moments, keyed by the variable's name and saved with the model in the format of `tf.train.adam`.
 *
 * @throws AutofisError if an argument breaks its rule, or a saved state does not fit the weights.
 * @example
 * model.compile({loss: 'binaryCrossentropy', optimizer: lazyAdam({learningRate: 1e-3})});
 */
export function lazyAdam(args: LazyAdamArgs = {}): LazyAdam {
  return new LazyAdam(args);
}
