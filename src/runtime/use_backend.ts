import * as tf from '@tensorflow/tfjs-core';
export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu';
export interface BackendChoice {backend: BackendName; gpu: boolean; reason: string; tried: Array<{backend: BackendName, reason: string}>}
export async function useBackend(name: BackendName = 'tfjs-node'): Promise<BackendChoice> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm'); else await import('@tensorflow/tfjs-node');
  await tf.setBackend(name === 'wasm' ? 'wasm' : 'tensorflow');
  await tf.ready();
  return {backend: name, gpu: false, reason: `Backend: ${name}.`, tried: []};
}
