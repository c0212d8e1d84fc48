import * as tf from '@tensorflow/tfjs-core';
import {Attribute, NativeBackend, setOwner} from '../tfjs_internals';
import {tensorsChange} from './watch_tensors';

/** A name that makes TensorFlow give each variable a handle of its own, freed with its last user. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** The constants of one step of Adam, with the correction for the start folded in. */
export interface AdamStep {
  beta1: number;
  beta2: number;
  /** learningRate sqrt(1 - beta2^t) / (1 - beta1^t). */
  rate: number;
  /** epsilon sqrt(1 - beta2^t): this rule adds it to sqrt(v), the published one to sqrt(v / (1 - beta2^t)). */
  epsilon: number;
}

/** Number of rows in each column's blocks, and the target position of each row. */
interface Blocks {
  readonly lengths: Int32Array;
  readonly positions: Int32Array;
}

/** Pack the constants in the order in which the ops of kernels/ take them. */
function constantsOf({rate, beta1, beta2, epsilon}: AdamStep): tf.Tensor1D {
  return tf.tensor1d([beta1, beta2, rate, epsilon]);
}

/** The numbers of blocks in the order in which the ops of kernels/ take them. */
function shapeOf({lengths, positions}: Blocks): tf.Tensor1D[] {
  return [tf.tensor1d(lengths), tf.tensor1d(positions)];
}

/** The scalars of {@link scalarsOf}, by step. */
const uploaded = new WeakMap<AdamStep, tf.Scalar[]>();

/**
 * 0, rate, beta1, beta2 and epsilon as TensorFlow's op takes them. They belong to the `tidy` that they are first asked
 * for in, and serve all weights of the step that are moved there: on a GPU each is an upload.
 */
export function scalarsOf(step: AdamStep): tf.Scalar[] {
  const known = uploaded.get(step);
  if (known !== undefined && !known[0].isDisposed) return known;
  const {rate, beta1, beta2, epsilon} = step;
  const scalars = [0, rate, beta1, beta2, epsilon].map(value => tf.scalar(value));
  uploaded.set(step, scalars);
  return scalars;
}

/**
 * TensorFlow's resource variables and the ops on them, and rows of plain tensors that change in place. All are float32,
 * all row numbers int32.
 */
export class NativeOps {
  constructor(readonly backend: NativeBackend) {}

  /** A handle of a new variable without a value. It is kept: dispose it with {@link destroy}. */
  variable(shape: number[]): tf.Tensor {
    const {TF_ATTR_STRING, TF_ATTR_SHAPE} = this.backend.binding;
    const attributes = [
      {name: 'container', type: TF_ATTR_STRING, value: ''},
      {name: 'shared_name', type: TF_ATTR_STRING, value: ANONYMOUS},
      this.float('dtype'),
      {name: 'shape', type: TF_ATTR_SHAPE, value: shape},
    ];
    return tf.keep(this.one('VarHandleOp', attributes, []));
  }

  destroy(handle: tf.Tensor): void {
    this.none('DestroyResourceOp', [this.flag('ignore_lookup_error', true)], [handle]);
    handle.dispose();
  }

  /** Shares the tensor's memory with the variable; whichever changes first gets a copy. */
  assign(handle: tf.Tensor, value: tf.Tensor): void {
    this.none('AssignVariableOp', [this.float('dtype')], [handle, value]);
  }

  /** The value: shared memory, or a copy once rows have been read or written one by one. */
  read(handle: tf.Tensor): tf.Tensor {
    return this.one('ReadVariableOp', [this.float('dtype')], [handle]);
  }

  /** rows [N] of a variable [V, ...] -> [N, ...]. */
  gather(handle: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    return this.one('ResourceGather', [this.float('dtype'), this.int('Tindices')], [handle, rows]);
  }

  /** Replace rows [N], each named once, by values [N, ...]. */
  scatter(handle: tf.Tensor, rows: tf.Tensor, values: tf.Tensor): void {
    this.none('ResourceScatterUpdate', [this.float('dtype'), this.int('Tindices')], [handle, rows, values]);
  }

  /** x [N] -> its different values [U], and for each of the N its place among them. */
  unique(x: tf.Tensor): [tf.Tensor1D, tf.Tensor1D] {
    return this.backend.executeMultipleOutputs('Unique', [this.int('T'), this.int('out_idx')], [x], 2) as [
      tf.Tensor1D,
      tf.Tensor1D,
    ];
  }

  /**
   * One fused op: m += (g - m)(1 - beta1), v += (g^2 - v)(1 - beta2), w -= rate m / (sqrt(v) + epsilon).
   * TensorFlow would correct for the start from powers of beta; they are passed as 0, and `rate` has it all.
   * Call it in a `tidy`, and {@link scalarsOf} outside of those within.
   */
  applyAdam([w, m, v]: tf.Tensor[], gradient: tf.Tensor, step: AdamStep): void {
    const [zero, ...numbers] = scalarsOf(step);
    this.none(
      'ResourceApplyAdam',
      [this.float('T'), this.flag('use_locking', false), this.flag('use_nesterov', false)],
      [w, m, v, zero, zero, ...numbers, gradient],
    );
  }

  /**
   * Make one step of Adam on many weights in a single op, in a `tidy`. Returns new values of each w; the memory of m
   * and v changes. The op is one of kernels/, which not every backend has.
   */
  adam(w: tf.Tensor[], m: tf.Tensor[], v: tf.Tensor[], gradients: tf.Tensor[], step: AdamStep): tf.Tensor[] {
    const {backend} = this;
    tensorsChange(backend);
    return backend.executeMultipleOutputs(
      'AutofisAdam',
      [{name: 'N', type: backend.binding.TF_ATTR_INT, value: w.length}],
      [...w, ...m, ...v, ...gradients, constantsOf(step)],
      w.length,
    );
  }

  /** A tensor of the same value with memory of its own. It is kept. */
  copy(x: tf.Tensor): tf.Tensor {
    return tf.keep(this.one('DeepCopy', [this.float('T')], [x]));
  }

  /** rows of any shape of a tensor [V, ...] -> [...rows.shape, ...]. An op of kernels/, which not every backend has. */
  gatherFrom(x: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    return this.one('AutofisGatherRows', [], [x, rows]);
  }

  /** Ask for huge pages under a tensor of much memory. An op of kernels/, which not every backend has. */
  hugePages(x: tf.Tensor): void {
    this.none('AutofisHugePages', [], [x]);
  }

  /** Numbers from [0, 1), the same ones for the same seed, which is two int32. */
  uniform(shape: number[], seed: [number, number]): tf.Tensor {
    const attributes = [this.float('dtype'), this.int('T'), this.int('Tseed')];
    const inputs = () => [shape, seed].map(numbers => tf.tensor1d(numbers, 'int32'));
    return tf.tidy(() => this.one('StatelessRandomUniform', attributes, inputs()));
  }

  /**
   * A step of Adam on rows of any shape, with repetitions, of w, m, v [V, ...], whose memory it changes: gradient
   * [...rows.shape, ...]. An op of kernels/, which not every backend has.
   */
  adamRows([w, m, v]: tf.Tensor[], rows: tf.Tensor, gradient: tf.Tensor, step: AdamStep): void {
    tensorsChange(this.backend);
    tf.tidy(() => this.none('AutofisAdamRows', [], [w, m, v, rows, gradient, constantsOf(step)]));
  }

  /** starts [B, C] of blocks in a tensor [R, d] -> [B, S, d]. An op of kernels/, which not every backend has. */
  gatherBlocks(x: tf.Tensor, starts: tf.Tensor, blocks: Blocks): tf.Tensor {
    return tf.tidy(() => this.one('AutofisGatherBlocks', [], [x, starts, ...shapeOf(blocks)]));
  }

  /**
   * The step of `adamRows` on blocks: starts [B, C], gradient [B, S, d]. An op of kernels/, which not every
   * backend has.
   */
  adamBlocks(tables: tf.Tensor[], starts: tf.Tensor, gradient: tf.Tensor, step: AdamStep, blocks: Blocks): void {
    tensorsChange(this.backend);
    tf.tidy(() => {
      const inputs = [...tables, starts, ...shapeOf(blocks), gradient, constantsOf(step)];
      this.none('AutofisAdamBlocks', [], inputs);
    });
  }

  private one(op: string, attributes: Attribute[], inputs: tf.Tensor[]): tf.Tensor {
    const result = this.backend.executeSingleOutput(op, attributes, inputs);
    // A variable may be read when another backend is the current one, which tfjs would take for the result's owner.
    setOwner(result, this.backend);
    return result;
  }

  private none(op: string, attributes: Attribute[], inputs: tf.Tensor[]): void {
    this.backend.executeMultipleOutputs(op, attributes, inputs, 0);
  }

  private float(name: string): Attribute {
    return {name, type: this.backend.binding.TF_ATTR_TYPE, value: this.backend.binding.TF_FLOAT};
  }

  private int(name: string): Attribute {
    return {name, type: this.backend.binding.TF_ATTR_TYPE, value: this.backend.binding.TF_INT32};
  }

  private flag(name: string, value: boolean): Attribute {
    return {name, type: this.backend.binding.TF_ATTR_BOOL, value};
  }
}
