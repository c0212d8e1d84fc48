import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../tfjs_internals';
import {type AdamStep, NativeOps} from '../native/ops';
import type {BlockShape} from './blocks';
import type {RowStore} from './row_store';

/**
 * A weight as a tensor of tfjs-node whose memory only this object knows, so that an op of src/native/kernels may change
 * it in place: one op a step where resource variables take a dozen.
 */
export class KernelRows implements RowStore {
  private readonly ops: NativeOps;
  private value: tf.Tensor | null = null;
  /** True if other code may hold the tensor; the next step then starts with a copy. */
  private shared = false;

  constructor(backend: NativeBackend) {
    this.ops = new NativeOps(backend);
  }

  write(value: tf.Tensor, fresh: boolean): void {
    this.replace(fresh ? tf.keep(tf.clone(value)) : this.ops.copy(value));
  }

  read(): tf.Tensor {
    this.shared = true;
    return tf.clone(this.value!);
  }

  gather(rows: tf.Tensor, blocks?: BlockShape): tf.Tensor {
    return blocks === undefined
      ? this.ops.gatherFrom(this.value!, rows)
      : this.ops.gatherBlocks(this.value!, rows, blocks);
  }

  adamRows(
    m: KernelRows,
    v: KernelRows,
    rows: tf.Tensor,
    gradient: tf.Tensor,
    step: AdamStep,
    blocks?: BlockShape,
  ): void {
    const stores = [this, m, v].map(store => store.exclusive());
    if (blocks === undefined) this.ops.adamRows(stores, rows, gradient, step);
    else this.ops.adamBlocks(stores, rows, gradient, step, blocks);
  }

  /** The value, in memory that an op may change: nobody else knows it. */
  exclusive(): tf.Tensor {
    if (this.shared) this.replace(this.ops.copy(this.value!));
    return this.value!;
  }

  private replace(value: tf.Tensor | null): void {
    this.value?.dispose();
    this.value = value;
    this.shared = false;
    if (value !== null) this.ops.hugePages(value);
  }

  dispose(): void {
    this.replace(null);
  }
}
