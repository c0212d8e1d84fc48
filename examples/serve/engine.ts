import {fieldSpecs} from 'tfjs-autofis';
import {type Bundle, type BundleStore, loadBundle} from 'tfjs-autofis/bundle';
import {onnxBytes} from 'tfjs-autofis/export';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';

/** What can compute: ONNX Runtime, or a backend of TensorFlow.js. */
export const ENGINES = ['onnx', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Threads that wait for work by spinning would take the processor from those that read requests. */
const SESSION = {logSeverityLevel: 3, extra: {session: {intra_op: {allow_spinning: '0'}}}} as const;

/** Rows that are computed at a time: the products of more leave the caches, and keep requests from being read. */
const TILE_ROWS = 128;

/** Rows on which ONNX Runtime must agree with TensorFlow.js before it may answer, and how closely. */
const CHECKED_ROWS = 32;
const TOLERANCE = 1e-6;

/** A bundle, and the engine that computes its probabilities. */
export interface Engine {
  bundle: Bundle;
  /** Probabilities for encoded rows, one after another. */
  predictIds(ids: Int32Array): Promise<Float32Array>;
  /** What computes, and why. */
  reason: string;
  /** Frees its memory; no prediction may be under way. */
  close(): Promise<void>;
}

/** Why ONNX Runtime does not compute. */
class EngineError extends Error {}

type OnnxRuntime = typeof import('onnxruntime-node');

/**
 * A function that loads the bundle of a place, as often as it is called. Where onnxruntime-node is installed the model
 * is exported and runs there, since a few rows take a fraction of the time. Elsewhere, and where it cannot be exported
 * or its answers differ, the fastest backend of TensorFlow.js that loads computes.
 *
 * @param name What computes in any case; the function throws if that cannot.
 */
export function engineLoader(place: string | BundleStore, name?: EngineName): () => Promise<Engine> {
  let computesWithTensorFlow = false;

  async function tensorFlow(backend?: BackendName): Promise<Engine> {
    computesWithTensorFlow = true;
    const {reason} = await useBackend(backend);
    const bundle = await loadBundle(place);
    try {
      // The first prediction is slow, and shows whether the model runs here at all.
      await bundle.predict([{}]);
    } catch (error) {
      bundle.dispose();
      throw error;
    }
    return {bundle, predictIds: ids => bundle.predictIds(ids), reason, close: async () => bundle.dispose()};
  }

  /** @throws EngineError where the model cannot run there, other errors where the bundle cannot be read. */
  async function onnx(): Promise<Engine> {
    const runtime = await onnxRuntime();
    // It reads weights and checks a few rows. A model that computes there meanwhile keeps its backend.
    if (!computesWithTensorFlow) await useBackend('cpu');
    const bundle = await loadBundle(place);
    try {
      return await exported(bundle, runtime);
    } catch (error) {
      throw new EngineError((error as Error).message);
    } finally {
      // The session has a copy of the weights.
      bundle.dispose();
    }
  }

  return async () => {
    if (name === 'onnx') return onnx();
    if (name !== undefined) return tensorFlow(name);
    return onnx().catch(async (error: Error) => {
      if (!(error instanceof EngineError)) throw error;
      const engine = await tensorFlow();
      return {...engine, reason: `${engine.reason.replace(/\.$/, '')}; not ONNX Runtime: ${error.message}`};
    });
  };
}

async function onnxRuntime(): Promise<OnnxRuntime> {
  return import('onnxruntime-node').catch((error: Error) => {
    const [problem] = error.message.split('\n');
    throw new EngineError(`onnxruntime-node cannot be loaded: ${problem}. Run: npm install onnxruntime-node`);
  });
}

async function exported(bundle: Bundle, {env, InferenceSession, Tensor}: OnnxRuntime): Promise<Engine> {
  const {columns} = bundle.encoder;
  const session = await InferenceSession.create(onnxBytes(bundle.model), SESSION);
  const {
    inputNames: [input],
    outputNames: [output],
  } = session;
  const predictIds = async (ids: Int32Array) => {
    const probabilities = new Float32Array(ids.length / columns);
    for (let row = 0; row < probabilities.length; row += TILE_ROWS) {
      const tile = ids.subarray(row * columns, (row + TILE_ROWS) * columns);
      const result = await session.run({[input]: new Tensor('int32', tile, [tile.length / columns, columns])});
      probabilities.set(result[output].data as Float32Array, row);
    }
    return probabilities;
  };
  try {
    await checkAnswers(bundle, predictIds);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {bundle, predictIds, reason: `ONNX Runtime ${env.versions.node}`, close: () => session.release()};
}

/** Throws unless the bundle's own model gives the same, on an empty row and rows of ids from all of each field. */
async function checkAnswers(bundle: Bundle, predictIds: Engine['predictIds']): Promise<void> {
  const sizes = fieldSpecs(bundle.fitted).flatMap(({size, width}) => Array<number>(width ?? 1).fill(size));
  // Multiples of an odd number modulo 2^32 are spread over all of its range.
  const ids = Int32Array.from(
    {length: CHECKED_ROWS * sizes.length},
    (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 0) % sizes[i % sizes.length],
  );
  ids.set(bundle.encoder.encode([{}]).ids);
  const [own, expected] = [await predictIds(ids), await bundle.predictIds(ids)];
  const row = expected.findIndex((probability, i) => !(Math.abs(own[i] - probability) <= TOLERANCE));
  if (row < 0) return;
  throw new Error(`on a generated row it gives ${own[row]}, TensorFlow.js ${expected[row]}`);
}
