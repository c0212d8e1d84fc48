import * as tf from '@tensorflow/tfjs-core';
import {setBuiltWasmPaths} from '../wasm_paths';

// Threads serve dense layers, which the notebook's models do not have.
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
setBuiltWasmPaths();

/** The modules that a cell can import; most are loaded when one does. */
const modules: Record<string, () => Promise<object>> = {
  '@tensorflow/tfjs-core': async () => tf,
  papaparse: () => import('papaparse'),
  'tfjs-autofis': () => import('tfjs-autofis'),
  'tfjs-autofis/bundle': () => import('tfjs-autofis/bundle'),
  'tfjs-autofis/models': () => import('tfjs-autofis/models'),
  'tfjs-autofis/runtime': () => import('tfjs-autofis/runtime'),
  'tfjs-autofis/schema': () => import('tfjs-autofis/schema'),
};

/** The module of a name; an error with the known names for any other. */
export async function load(name: string): Promise<Record<string, unknown>> {
  if (!(name in modules))
    throw new Error(
      `A cell cannot import ${JSON.stringify(name)}. The choices are: ${Object.keys(modules).join(', ')}.`,
    );
  return (await modules[name]()) as Record<string, unknown>;
}
