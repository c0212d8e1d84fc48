import * as tf from '@tensorflow/tfjs-core';

/** An attribute of a TensorFlow op. */
export interface Attribute {
  name: string;
  type: number;
  value: number | string | boolean | number[];
}

/** The part of tfjs-node's backend that runs any TensorFlow op by its name. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: {readonly [constant: string]: number};
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
}

/** The current backend if it is tfjs-node's, else null. Told by its methods: no import, so that a browser can load this. */
export function nativeBackend(): NativeBackend | null {
  const backend = tf.backend() as Partial<NativeBackend>;
  return typeof backend.executeMultipleOutputs === 'function' ? (backend as NativeBackend) : null;
}
