import type * as tf from '@tensorflow/tfjs-core';
import type {Attribute, NativeBackend, NativeTensor} from '../tfjs_internals';
import {NONE, watchTensors} from './watch_tensors';

/** TensorFlow's number of bfloat16, a type that tfjs does not have. */
export const BFLOAT16 = 14;

/**
 * Float32 tensors of tfjs whose numbers TensorFlow has in bfloat16: beside those in float32 as a copy for products, or
 * alone, until anybody asks for them in float32. Halves are freed with their tensors.
 */
export class HalfTensors {
  /** TensorFlow's ids of the halves. */
  private readonly halves = new Map<tf.DataId, number>();
  private readonly endWatch: () => void;

  constructor(private readonly backend: NativeBackend) {
    this.endWatch = watchTensors(backend, {asked: dataId => this.widen(dataId), freed: dataId => this.forget(dataId)});
  }

  /** Let TensorFlow have all tensors in float32 alone. */
  end(): void {
    [...this.halves.keys()].forEach(dataId => {
      this.widen(dataId);
      this.forget(dataId);
    });
    this.endWatch();
  }

  /** Tell whether a tensor's numbers exist only in bfloat16. */
  isHalf({dataId}: tf.TensorInfo): boolean {
    return this.halves.has(dataId) && this.backend.tensorMap.get(dataId).id === NONE;
  }

  has({dataId}: tf.TensorInfo): boolean {
    return this.halves.has(dataId);
  }

  /** A tensor's id in bfloat16, cast on its first use. */
  idOf(x: tf.TensorInfo): number {
    let half = this.halves.get(x.dataId);
    if (half === undefined) {
      const [id] = this.backend.getInputTensorIds([x]);
      half = this.cast(id, this.backend.binding.TF_FLOAT, BFLOAT16).id;
      this.halves.set(x.dataId, half);
    }
    return half;
  }

  /** The result of an op in bfloat16, as a tensor of tfjs. */
  run(op: string, attributes: Attribute[], ids: number[]): tf.Tensor {
    return this.adopt(this.backend.binding.executeOp(op, attributes, ids, 1)[0]);
  }

  /** A result in bfloat16 as a tensor of tfjs. */
  adopt({id, shape}: NativeTensor): tf.Tensor {
    const tensor = this.backend.createOutputTensor({id: NONE, shape, dtype: this.backend.binding.TF_FLOAT});
    this.halves.set(tensor.dataId, id);
    return tensor;
  }

  /** See to it that TensorFlow has a tensor in float32. */
  private widen(dataId: tf.DataId): void {
    const half = this.halves.get(dataId);
    if (half === undefined) return;
    const info = this.backend.tensorMap.get(dataId);
    if (info.id === NONE) info.id = this.cast(half, BFLOAT16, this.backend.binding.TF_FLOAT).id;
  }

  private cast(id: number, from: number, to: number): NativeTensor {
    const {binding} = this.backend;
    const attributes = [
      {name: 'SrcT', type: binding.TF_ATTR_TYPE, value: from},
      {name: 'DstT', type: binding.TF_ATTR_TYPE, value: to},
      {name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false},
    ];
    return binding.executeOp('Cast', attributes, [id], 1)[0];
  }

  private forget(dataId: tf.DataId): void {
    const half = this.halves.get(dataId);
    if (half === undefined) return;
    this.backend.binding.deleteTensor(half);
    this.halves.delete(dataId);
  }
}
