import {NativeBackend, nativeBackend} from '../tfjs_internals';

/** Backends that were asked, and whether they know the ops of kernels/. */
const asked = new WeakMap<NativeBackend, boolean>();

/**
 * The current backend if it runs TensorFlow on the CPU and its addon was built with the ops of kernels/, else null.
 * An addon that came with tfjs-node lacks them; on a GPU they would drag every tensor through the CPU.
 */
export function backendWithOwnOps(): NativeBackend | null {
  const backend = nativeBackend();
  if (backend === null || backend.isUsingGpuDevice) return null;
  let known = asked.get(backend);
  if (known === undefined) {
    known = knowsOwnOps(backend);
    asked.set(backend, known);
  }
  return known ? backend : null;
}

/** Version 4 of the ops, as src/native/kernels/version.cc counts it. */
const VERSION = 'AutofisOps4';

function knowsOwnOps(backend: NativeBackend): boolean {
  try {
    backend.executeMultipleOutputs(VERSION, [], [], 0);
    return true;
  } catch {
    return false;
  }
}
