import * as tf from '@tensorflow/tfjs-core';
import {NativeBackend, nativeBackend} from '../tfjs_internals';

/** Backends that were asked, and whether they know the ops of kernels/. */
const asked = new WeakMap<NativeBackend, boolean>();

/** The property of a backend that holds {@link allowKernels}'s answer, seen by every copy of this library. */
const ALLOWED = Symbol.for('tfjs-autofis.own-ops');

type Backend = NativeBackend & {[ALLOWED]?: boolean};

/**
 * The current backend if it runs TensorFlow on the CPU and its addon was built with the ops of kernels/, else null.
 * An addon that came with tfjs-node lacks them; on a GPU they would drag every tensor through the CPU.
 */
export function backendWithKernels(): NativeBackend | null {
  const backend: Backend | null = nativeBackend();
  if (backend === null || backend.isUsingGpuDevice || backend[ALLOWED] === false) return null;
  let known = asked.get(backend);
  if (known === undefined) {
    known = hasOp(backend, VERSION);
    asked.set(backend, known);
  }
  return known ? backend : null;
}

/**
 * Say whether the current backend may use the ops of kernels/. Without them it computes on the CPU exactly what it
 * would compute on a GPU. Call it before models are made: their tables keep the ops that they began with.
 */
export function allowKernels(allowed: boolean): void {
  const backend: Backend | null = nativeBackend();
  if (backend !== null) backend[ALLOWED] = allowed;
}

/**
 * The outputs of an op of kernels/, which tfjs notes for no gradient; null where there are no such ops. Numbers among
 * the inputs become tensors: call it in a `tidy`.
 */
export function runKernel(
  op: string,
  inputs: ReadonlyArray<tf.Tensor | number[]>,
  outputs: number,
): tf.Tensor[] | null {
  const tensors = () => inputs.map(input => (Array.isArray(input) ? tf.tensor1d(input) : input));
  return backendWithKernels()?.executeMultipleOutputs(op, [], tensors(), outputs) ?? null;
}

/** Version 10 of the ops, as src/native/kernels/version.cc counts it. */
const VERSION = 'AutofisOps10';

/** Tell whether a backend's addon has an op. The op has no inputs or outputs; its presence is the information. */
export function hasOp(backend: NativeBackend, op: string): boolean {
  try {
    backend.executeMultipleOutputs(op, [], [], 0);
    return true;
  } catch {
    return false;
  }
}
