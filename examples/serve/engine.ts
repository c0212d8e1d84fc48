import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {type Bundle, loadBundle} from 'tfjs-autofis/bundle';
import {writeOnnx} from 'tfjs-autofis/export';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';

/** What can compute: ONNX Runtime, or a backend of TensorFlow.js. */
export const ENGINES = ['onnx', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Threads that wait for work by spinning would take the processor from those that read requests. */
const SESSION = {logSeverityLevel: 3, extra: {session: {intra_op: {allow_spinning: '0'}}}} as const;

/** A bundle, and what computes its probabilities. */
export interface Engine {
  bundle: Bundle;
  /** Probabilities for encoded rows, one after the other. */
  predictIds(ids: Int32Array): Promise<Float32Array>;
  /** What computes, and why. */
  reason: string;
}

type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * Loads a bundle. Where onnxruntime-node is installed the model is exported and runs there, since a few rows take a
 * fraction of the time; elsewhere, and where it cannot be exported, the fastest backend of TensorFlow.js that loads
 * computes.
 *
 * @param name What computes in any case.
 * @throws Error if that cannot.
 */
export async function loadEngine(place: string, name?: EngineName): Promise<Engine> {
  if (name !== undefined && name !== 'onnx') return tensorFlow(place, name);
  const runtime = await import('onnxruntime-node').catch((error: Error) => error);
  if (!(runtime instanceof Error)) return onnx(place, runtime, name === 'onnx');
  if (name === undefined) return tensorFlow(place);
  const [problem] = runtime.message.split('\n');
  throw new Error(`onnxruntime-node cannot be loaded: ${problem}. Run: npm install onnxruntime-node`);
}

async function tensorFlow(place: string, name?: BackendName): Promise<Engine> {
  const {reason} = await useBackend(name);
  const bundle = await loadBundle(place);
  // The first prediction is slow, and shows whether the model runs here at all.
  await bundle.predict([{}]);
  return {bundle, predictIds: ids => bundle.predictIds(ids), reason};
}

/** @param isAsked Whether nothing else may compute. */
async function onnx(place: string, runtime: OnnxRuntime, isAsked: boolean): Promise<Engine> {
  // The weights are only read.
  await useBackend('cpu');
  const bundle = await loadBundle(place);
  try {
    return await exported(bundle, runtime);
  } catch (error) {
    if (isAsked) throw error;
    const engine = await tensorFlow(place);
    return {...engine, reason: `${engine.reason}; not ONNX Runtime: ${(error as Error).message}`};
  } finally {
    // The session has a copy of the weights.
    bundle.dispose();
  }
}

async function exported(bundle: Bundle, {env, InferenceSession, Tensor}: OnnxRuntime): Promise<Engine> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-serve-'));
  try {
    const file = path.join(folder, 'model.onnx');
    const {encoder} = bundle;
    const {columns} = encoder;
    await writeOnnx(file, bundle.model);
    const session = await InferenceSession.create(file, SESSION);
    const {
      inputNames: [input],
      outputNames: [output],
    } = session;
    const predictIds = async (ids: Int32Array) => {
      const result = await session.run({[input]: new Tensor('int32', ids, [ids.length / columns, columns])});
      return result[output].data as Float32Array;
    };
    await predictIds(encoder.encode([{}]).ids);
    return {bundle, predictIds, reason: `ONNX Runtime ${env.versions.node}`};
  } finally {
    await rm(folder, {recursive: true});
  }
}
