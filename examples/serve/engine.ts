import {fieldSpecs} from 'tfjs-autofis';
import {type Bundle, type BundleStore, type Explanation, loadBundle, type Row} from 'tfjs-autofis/bundle';
import {onnxBytes} from 'tfjs-autofis/export';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';
import {OnnxSession} from './onnx_session';

/** What can compute: ONNX Runtime, or a backend of TensorFlow.js. */
export const ENGINES = ['onnx', 'tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Rows on which ONNX Runtime must agree with TensorFlow.js before it may answer, and how closely. */
const CHECKED_ROWS = 32;
const TOLERANCE = 1e-6;

/** A bundle, and the engine that computes its probabilities. */
export interface Engine {
  bundle: Bundle;
  /** Probabilities for encoded rows, one after another. */
  predictIds(ids: Int32Array): Promise<Float32Array>;
  /** At most `most` reasons of each encoded row. */
  explain(ids: Int32Array, rows: readonly Row[], most: number): Promise<Explanation[]>;
  /** What computes, and why. */
  reason: string;
  /** Frees its memory; no prediction may be under way. */
  close(): Promise<void>;
}

/** Why ONNX Runtime does not compute. */
class EngineError extends Error {}

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
    return {
      bundle,
      predictIds: ids => bundle.predictIds(ids),
      explain: (ids, rows, most) => bundle.explainIds(ids, rows, most),
      reason,
      close: async () => bundle.dispose(),
    };
  }

  /** @throws EngineError where the model cannot run there, other errors where the bundle cannot be read. */
  async function onnx(): Promise<Engine> {
    const version = await onnxVersion();
    // It reads weights and checks a few rows. A model that computes there meanwhile keeps its backend.
    if (!computesWithTensorFlow) await useBackend('cpu');
    const bundle = await loadBundle(place);
    try {
      return await exported(bundle, version, place);
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

async function onnxVersion(): Promise<string> {
  const {env} = await import('onnxruntime-node').catch((error: Error) => {
    const [problem] = error.message.split('\n');
    throw new EngineError(`onnxruntime-node cannot be loaded: ${problem}. Run: npm install onnxruntime-node`);
  });
  return String(env.versions.node);
}

async function exported(bundle: Bundle, version: string, place: string | BundleStore): Promise<Engine> {
  const session = await OnnxSession.start(onnxBytes(bundle.model), bundle.encoder.columns);
  try {
    await checkAnswers(bundle, session);
  } catch (error) {
    await session.release();
    throw error;
  }
  // The session has no shares: the first request for reasons reads the model of TensorFlow.js again.
  let reread: Promise<Bundle> | undefined;
  return {
    bundle,
    predictIds: ids => session.run(ids),
    explain: async (ids, rows, most) => {
      reread ??= loadBundle(place).catch((error: Error) => {
        reread = undefined;
        throw error;
      });
      const again = await reread;
      if (again.hash === bundle.hash) return again.explainIds(ids, rows, most);
      throw new Error('the bundle was replaced after it was loaded; reload it');
    },
    reason: `ONNX Runtime ${version}`,
    close: async () => {
      await session.release();
      await reread?.then(
        again => again.dispose(),
        () => {},
      );
    },
  };
}

/** Throws unless the bundle's own model gives the same, on an empty row and rows of ids from all of each field. */
async function checkAnswers(bundle: Bundle, session: OnnxSession): Promise<void> {
  const sizes = fieldSpecs(bundle.fitted).flatMap(({size, width}) => Array<number>(width ?? 1).fill(size));
  // Multiples of an odd number modulo 2^32 are spread over all of its range.
  const ids = Int32Array.from(
    {length: CHECKED_ROWS * sizes.length},
    (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 0) % sizes[i % sizes.length],
  );
  ids.set(bundle.encoder.encode([{}]).ids);
  const [own, expected] = [await session.run(ids), await bundle.predictIds(ids)];
  const row = expected.findIndex((probability, i) => !(Math.abs(own[i] - probability) <= TOLERANCE));
  if (row < 0) return;
  throw new Error(`on a generated row it gives ${own[row]}, TensorFlow.js ${expected[row]}`);
}
