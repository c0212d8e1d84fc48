import * as tf from '@tensorflow/tfjs-core';
import {setThreadsCount, setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import {registerKernels} from 'tfjs-autofis/runtime';

/** More threads than this gain nothing on batches of a few hundred rows. */
const MOST_THREADS = 4;

/** WebAssembly with the library's kernels; with threads where the page may share memory. Returns how many threads. */
export async function startBackend(): Promise<number> {
  const threads = crossOriginIsolated ? Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency)) : 1;
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  setThreadsCount(threads);
  if (!(await tf.setBackend('wasm')))
    throw new Error('This browser does not start WebAssembly, which the search needs.');
  await tf.ready();
  registerKernels();
  return threads;
}
