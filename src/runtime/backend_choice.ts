import type {Precision} from '../native/precision';

/** Backends for Node, the fastest first. */
export const NODE_BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const;
/** Backends for browsers, the first choice first. */
export const BROWSER_BACKENDS = ['wasm', 'webgpu', 'webgl', 'cpu'] as const;

export type NodeBackend = (typeof NODE_BACKENDS)[number];
export type BrowserBackend = (typeof BROWSER_BACKENDS)[number];
/**
 * The backends that `useBackend` knows: the native ones in Node, webgpu and webgl in browsers, wasm and cpu in both.
 */
export type BackendName = NodeBackend | BrowserBackend;

/** A backend that was not taken, and why. */
export interface RejectedBackend {
  readonly backend: BackendName;
  readonly reason: string;
}

/** The backend in use. */
export interface BackendChoice {
  readonly backend: BackendName;
  /** Version of the TensorFlow library behind a native backend. */
  readonly tensorflow?: string;
  /** True where the backend computes on a GPU. */
  readonly gpu: boolean;
  /** Precision of dense layers; present where `precision` was requested. */
  readonly precision?: Precision;
  /** One sentence: which backend, and why none that comes before it. */
  readonly reason: string;
  /** The backends that were tried first. */
  readonly tried: readonly RejectedBackend[];
}
