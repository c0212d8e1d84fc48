import type * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../tfjs_internals';

/** tfjs-node's id of a tensor that TensorFlow does not have yet. */
export const NONE = -1;

/** Listener to events of a backend's tensors. */
export interface Watcher {
  /** Somebody asks for the numbers of a tensor: TensorFlow must have them now. */
  asked(dataId: tf.DataId): void;
  /** A tensor has been freed. */
  freed(dataId: tf.DataId): void;
  /** An op is about to change numbers where they lie. */
  changing?(): void;
}

/** The property of a backend that holds its watchers, seen by every copy of this library. */
const WATCHERS = Symbol.for('tfjs-autofis.watchers');

type Backend = NativeBackend & {[WATCHERS]?: Set<Watcher>};

/** @returns A function that ends the watch. */
export function watchTensors(backend: Backend, watcher: Watcher): () => void {
  backend[WATCHERS] ??= watched(backend);
  const watchers = backend[WATCHERS];
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Call it before an op changes numbers where they lie. */
export function tensorsChange(backend: Backend): void {
  backend[WATCHERS]?.forEach(watcher => watcher.changing?.());
}

/** Make a backend tell its watchers. */
function watched(backend: NativeBackend): Set<Watcher> {
  const watchers = new Set<Watcher>();
  const {disposeData, getInputTensorIds, readSync} = backend;
  const ask = (dataId: tf.DataId) => watchers.forEach(watcher => watcher.asked(dataId));
  backend.disposeData = (dataId, force) => {
    const isFreed = disposeData.call(backend, dataId, force);
    if (isFreed) watchers.forEach(watcher => watcher.freed(dataId));
    return isFreed;
  };
  backend.getInputTensorIds = tensors => {
    for (const {dataId} of tensors) ask(dataId);
    return getInputTensorIds.call(backend, tensors);
  };
  backend.readSync = dataId => {
    ask(dataId);
    return readSync.call(backend, dataId);
  };
  return watchers;
}
