import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../tfjs_internals';
import {type AdamStep, NativeOps, scalarsOf} from '../native/ops';
import type {BlockShape} from './blocks';
import type {RowStore} from './row_store';
import {rowByRow} from './sparse_gradient';

/** A weight as a TensorFlow resource variable, the only thing there that ops change in place. */
export class NativeRows implements RowStore {
  private readonly ops: NativeOps;
  private readonly handle: tf.Tensor;

  constructor(backend: NativeBackend, shape: number[]) {
    this.ops = new NativeOps(backend);
    this.handle = this.ops.variable(shape);
  }

  write(value: tf.Tensor): void {
    this.ops.assign(this.handle, value);
  }

  read(): tf.Tensor {
    return this.ops.read(this.handle);
  }

  gather(rows: tf.Tensor, blocks?: BlockShape): tf.Tensor {
    return this.ops.gather(this.handle, blocks?.rowsOf(rows) ?? rows);
  }

  /** A step of Adam on the whole weight, in a `tidy`: gradient [V, ...]. */
  adam(m: NativeRows, v: NativeRows, gradient: tf.Tensor, step: AdamStep): void {
    this.ops.applyAdam([this.handle, m.handle, v.handle], gradient, step);
  }

  adamRows(
    m: NativeRows,
    v: NativeRows,
    rows: tf.Tensor,
    gradient: tf.Tensor,
    step: AdamStep,
    blocks?: BlockShape,
  ): void {
    scalarsOf(step);
    tf.tidy(() => {
      const list = rowByRow({rows, values: gradient, blocks});
      const [touched, segments] = this.ops.unique(list.rows);
      const sums = tf.unsortedSegmentSum(list.values, segments, touched.shape[0]);
      // The touched rows as small weights of their own, so that the fused op serves them as well.
      const stores = [this, m, v];
      const parts = stores.map(store => {
        const part = new NativeRows(this.ops.backend, sums.shape);
        const values = store.gather(touched);
        part.write(values);
        // Its memory now belongs to `part` alone, which is what lets the op work in place.
        values.dispose();
        return part;
      });
      parts[0].adam(parts[1], parts[2], sums, step);
      parts.forEach((part, i) => {
        this.ops.scatter(stores[i].handle, touched, part.read());
        part.dispose();
      });
    });
  }

  dispose(): void {
    this.ops.destroy(this.handle);
  }
}
