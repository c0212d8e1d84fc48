import * as tf from '@tensorflow/tfjs-core';
import {setThreadsCount} from '@tensorflow/tfjs-backend-wasm';
import {registerKernels} from 'tfjs-autofis/runtime';
import {setBuiltWasmPaths} from '../wasm_paths';

/** More threads than this gain nothing on batches of a few hundred rows. */
const MOST_THREADS = 4;

/** WebAssembly with the library's kernels; with threads where the page may share memory. Returns how many threads. */
export async function startBackend(): Promise<number> {
  const threads = crossOriginIsolated ? Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency)) : 1;
  setBuiltWasmPaths();
  setThreadsCount(threads);
  if (!(await tf.setBackend('wasm')))
    throw new Error('This browser does not start WebAssembly, which the search needs.');
  await tf.ready();
  registerKernels();
  return threads;
}
