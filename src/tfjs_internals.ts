/**
 * Members of tfjs 4.22 that this library uses, but tfjs does not declare or declares protected. When tfjs changes,
 * test/tfjs_internals.test.ts fails first and names the member.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from './errors';

/** An attribute of a TensorFlow op. */
export interface Attribute {
  name: string;
  type: number;
  value: number | string | boolean | number[];
}

/** Constants of TensorFlow's C API, as tfjs-node's addon numbers them. */
export const NATIVE_CONSTANTS = [
  'TF_ATTR_BOOL',
  'TF_ATTR_INT',
  'TF_ATTR_SHAPE',
  'TF_ATTR_STRING',
  'TF_ATTR_TYPE',
  'TF_FLOAT',
  'TF_INT32',
] as const;

/** A tensor of TensorFlow in the hands of tfjs-node's addon. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** tfjs-node's addon. */
interface NativeBinding {
  readonly TF_Version: string;
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): NativeTensor[];
  deleteTensor(id: number): void;
}

/** The backend of tfjs-node and tfjs-node-gpu, which runs any TensorFlow op by its name. */
export interface NativeBackend extends tf.KernelBackend {
  readonly binding: NativeBinding & {readonly [name in (typeof NATIVE_CONSTANTS)[number]]: number};
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[];
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(tensor: NativeTensor): tf.Tensor;
  disposeData(dataId: tf.DataId, force?: boolean): boolean;
  readSync(dataId: tf.DataId): tf.BackendValues;
  incRef(dataId: tf.DataId): void;
  /** `id` is TensorFlow's, -1 where it does not have the tensor. */
  readonly tensorMap: {get(dataId: tf.DataId): {id: number; readonly shape: number[]}};
}

/**
 * The current backend if it is tfjs-node's, else null. Known by its methods: no import, so that a browser can load
 * this.
 */
export function nativeBackend(): NativeBackend | null {
  const backend = tf.backend() as Partial<NativeBackend>;
  return typeof backend.executeMultipleOutputs === 'function' ? (backend as NativeBackend) : null;
}

/** The backend of tfjs-backend-wasm, whose tensors lie on one heap. */
export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: {
    /** Where the memory is: here with threads, in `asm` without. */
    readonly wasmMemory?: WebAssembly.Memory;
    readonly asm?: {readonly memory?: WebAssembly.Memory};
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: {get(dataId: tf.DataId): {readonly memoryOffset: number}};
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  disposeData(dataId: tf.DataId): boolean;
}

/** The current backend if it is tfjs-backend-wasm's, else null. */
export function wasmBackend(): WasmBackend | null {
  return tf.getBackend() === 'wasm' ? (tf.backend() as WasmBackend) : null;
}

/** Where a wasm backend's tensors lie; undefined where its module hides it. */
export function memoryOf({wasm}: WasmBackend): WebAssembly.Memory | undefined {
  return wasm?.wasmMemory ?? wasm?.asm?.memory;
}

/**
 * Restore two functions of Node's `util` that tfjs-node 4.22 calls: Node 22 warns of them, Node 23 has removed them.
 * Without an import of Node, so that browsers can load this; versions of Node too old for it have the functions.
 */
export function restoreNodeUtil(): void {
  const node = globalThis as {process?: {getBuiltinModule?(name: string): unknown}};
  const util = node.process?.getBuiltinModule?.('util');
  if (!util) return;
  Object.assign(util, {isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray});
}

/** A hook that its callback is bound to, and which a CustomCallback keeps under another name. */
interface BoundHook {
  callback?: tfl.Callback;
}

/** Bind a hook of a callback to it, so that `mixCallbacks` finds the callback where tfjs has taken it apart. */
export function boundHook<H extends (...args: never[]) => unknown>(callback: tfl.Callback, hook: H): H {
  return Object.assign(hook.bind(callback), {callback}) as unknown as H;
}

/**
 * Let `callbacks` of `fit` hold plain objects of hooks beside callbacks. By the first of them tfjs takes all for
 * callbacks, and fails at the objects, or all for objects, and does not set the model of callbacks.
 */
export function mixCallbacks(): void {
  const {prototype} = tfl.CallbackList;
  const {setParams} = prototype;
  if ('mixes' in setParams) return;
  const mixed: typeof setParams = function (this: tfl.CallbackList, params) {
    this.callbacks = this.callbacks.map(callback => {
      const {trainBegin} = callback as {trainBegin?: BoundHook};
      if (trainBegin?.callback !== undefined) return trainBegin.callback;
      checkNotTorn(callback as object);
      if (typeof callback.setParams === 'function') return callback;
      return new tfl.CustomCallback(callback as tfl.CustomCallbackArgs);
    });
    setParams.call(this, params);
  };
  prototype.setParams = Object.assign(mixed, {mixes: true});
}

/**
 * Refuse a callback of which tfjs has taken the hooks without the object that they belong to: it calls a CustomCallback
 * without end, and others without what they are to remember.
 */
function checkNotTorn({trainBegin, batchBegin}: {trainBegin?: unknown; batchBegin?: unknown}): void {
  const methods: unknown[] = [tfl.Callback, tfl.CustomCallback].flatMap(({prototype}) => [
    prototype.onTrainBegin,
    prototype.onBatchBegin,
  ]);
  if (methods.includes(trainBegin) || methods.includes(batchBegin))
    throw new AutofisError(
      'fit: `callbacks` begins with a plain object, so TensorFlow.js takes apart the callback objects behind it. ' +
        'Put plain objects last.',
    );
}

/** Keep the cpu backend from advertising tfjs-node on its first use in Node. */
export function silenceFirstUse(backend: tf.KernelBackend): void {
  (backend as {firstUse?: boolean}).firstUse = false;
}

/** Make `backend` the owner of a tensor, where tfjs takes the current one for it. */
export function setOwner(tensor: tf.Tensor, backend: tf.KernelBackend): void {
  const {tensorInfo} = tf.engine().state as unknown as {tensorInfo: WeakMap<tf.DataId, {backend: tf.KernelBackend}>};
  tensorInfo.get(tensor.dataId)!.backend = backend;
}

/** Count one more tensor on the data of `tensor`, whose backend the engine knows. */
export function addReference(tensor: tf.Tensor): void {
  tf.engine().incRef(tensor, null as never);
}

/** Protected members of models. */
interface ModelInternals {
  optimizer_: tf.Optimizer;
  isOptimizerOwned: boolean;
  getNamedWeights(): NamedWeight[];
}

/** A weight under the name by which it is saved. */
export interface NamedWeight {
  name: string;
  tensor: tf.Tensor;
}

const internals = (model: tfl.LayersModel) => model as unknown as ModelInternals;

/** Put an optimizer into a compiled model; `disposed` says whether `model.dispose()` disposes it. */
export function setOptimizer(model: tfl.LayersModel, optimizer: tf.Optimizer, disposed: boolean): void {
  internals(model).optimizer_ = optimizer;
  internals(model).isOptimizerOwned = disposed;
}

/** Tell whether `model.dispose()` disposes the optimizer, as where compile received its name. */
export function disposesOptimizer(model: tfl.LayersModel): boolean {
  return internals(model).isOptimizerOwned;
}

/** The weights that `model.save` writes, in its order. */
export function namedWeights(model: tfl.LayersModel): NamedWeight[] {
  return internals(model).getNamedWeights();
}

/** The model, but `save` finds no weights in it and its optimizer. */
export function withoutWeights(model: tfl.LayersModel): tfl.LayersModel {
  const {optimizer} = model;
  return Object.create(model, {
    getNamedWeights: {value: () => []},
    optimizer: {value: optimizer == null ? optimizer : Object.create(optimizer, {getWeights: {value: async () => []}})},
  }) as tfl.LayersModel;
}

/** The model that trains: a tf.Sequential wraps it, and callbacks see this one. */
export function trainedModel(model: tfl.LayersModel): tfl.LayersModel {
  return (model as {model?: tfl.LayersModel}).model ?? model;
}

/** A value of the logs of `fit`: declared a number, but a scalar where `fit` has computed it itself. */
export function logged(logs: tfl.Logs, name: string): tf.Scalar | number | undefined {
  return logs[name] as unknown as tf.Scalar | number | undefined;
}

/** Decay rates of tfjs-core's Adam and their powers, which it does not save. */
export interface AdamPowers {
  beta1: number;
  beta2: number;
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
}

/** The decay rates of `tf.train.adam` and their powers. */
export function adamPowers(optimizer: tf.Optimizer): AdamPowers {
  return optimizer as unknown as AdamPowers;
}
