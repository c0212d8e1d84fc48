import * as tf from '@tensorflow/tfjs-core';
import {addReference, nativeBackend} from '../tfjs_internals';
import {backendWithKernels} from '../native/kernel_ops';
import {hasValuesAtHand} from '../wasm/heap';
import type {BlockShape} from './blocks';
import {HeapRows} from './heap_table';
import {NativeRows} from './native_table';
import {KernelRows} from './kernel_table';
import type {RowStore} from './row_store';

/**
 * The property of a tf.Variable that holds its table: seen by every copy of this library, and gone with the variable.
 */
const TABLE = Symbol.for('tfjs-autofis.table');

/** Ops that change a weight or its moment: 'rows' by this library's, where available, 'whole' by TensorFlow's. */
export type Use = 'rows' | 'whole';

/** Tell whether the current backend can change rows in place. */
export function hasRowStores(): boolean {
  return nativeBackend() !== null || hasValuesAtHand();
}

/**
 * A tf.Variable whose value lives in a {@link RowStore} while it is trained. From outside it stays an ordinary variable
 * [V, ...]: readers (save, getWeights, an op) get the current value, which becomes a tensor at that moment and is
 * dropped at the next step; the next step starts from a value that is assigned to it. Neither slows down a step.
 *
 * This works through the variable's `dataId`, by which all of tfjs gets at a value.
 */
export class Table<S extends RowStore = RowStore> {
  /** Places of the current value: the variable's tensor, the store, or both; never neither. */
  private inTensor = true;
  private inStore = false;
  private dataId: tf.DataId;
  private readonly backend = tf.backend();

  private constructor(
    readonly variable: tf.Variable,
    private readonly use: Use,
    private readonly store: S,
  ) {
    this.dataId = variable.dataId;
    Object.defineProperty(variable, 'dataId', {
      configurable: true,
      enumerable: true,
      get: () => {
        if (!this.inTensor) this.toTensor();
        return this.dataId;
      },
      set: (dataId: tf.DataId) => {
        this.dataId = dataId;
        this.inStore = false;
      },
    });
    Object.defineProperty(variable, TABLE, {configurable: true, value: this});
    variable.dispose = () => {
      // The value is not read for the last time, only to be thrown away.
      this.inTensor = true;
      this.detach();
      variable.dispose();
    };
  }

  /** The variable's table, or null when it has none. */
  static of(variable: tf.Variable): Table | null {
    return (variable as {[TABLE]?: Table})[TABLE] ?? null;
  }

  /**
   * The variable's table for a use, made if there is none.
   * @throws AutofisError where {@link hasRowStores} is false.
   */
  static ensure(variable: tf.Variable, use: Use): Table {
    const known = Table.of(variable);
    if (known !== null && known.backend === tf.backend() && known.use === use) return known;
    known?.detach();
    return new Table(variable, use, newStore(variable.shape, use));
  }

  /**
   * The store, with the current value in it, ready to be changed.
   *
   * @param fresh Whether nothing but the variable knows the value, so that its memory need not be copied.
   */
  open(fresh = false): S {
    if (!this.inStore) this.store.write(this.variable, fresh);
    this.inStore = true;
    if (this.inTensor) this.replace(() => tf.scalar(0));
    this.inTensor = false;
    return this.store;
  }

  /** rows int32 -> [...rows.shape, ...], or with `blocks` starts [B, C] -> [B, S, ...], from where the value is. */
  gather(rows: tf.Tensor, blocks?: BlockShape): tf.Tensor {
    return this.inStore
      ? this.store.gather(rows, blocks)
      : tf.gather(this.variable as tf.Tensor, blocks?.rowsOf(rows) ?? rows);
  }

  /** Make the variable an ordinary one again, with its current value. */
  detach(): void {
    const {variable} = this;
    const dataId = variable.dataId;
    Object.defineProperty(variable, 'dataId', {configurable: true, enumerable: true, writable: true, value: dataId});
    delete (variable as {[TABLE]?: Table})[TABLE];
    delete (variable as {dispose?: () => void}).dispose;
    this.store.dispose();
  }

  private toTensor(): void {
    this.inTensor = true;
    this.replace(() => this.store.read());
  }

  /** Give the variable another tensor, as `assign` does, but one of any size: tfjs still counts [V, ...]. */
  private replace(make: () => tf.Tensor): void {
    const engine = tf.engine();
    engine.disposeTensor(this.variable);
    const tensor = make();
    this.dataId = tensor.dataId;
    addReference(this.variable);
    tensor.dispose();
  }
}

function newStore(shape: number[], use: Use): RowStore {
  const native = nativeBackend();
  if (native === null) return new HeapRows(shape);
  return use === 'rows' && backendWithKernels() !== null ? new KernelRows(native) : new NativeRows(native, shape);
}
