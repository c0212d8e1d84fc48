/** The backends in Node that are held against tfjs's own specs and against numpy. */
export const BACKENDS = ['tfjs-node', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];
