/** What the jest project asks for: a backend (undefined is the fastest that loads), and whether our ops serve there. */
const {autofisTestBackend, autofisTestOwnOps} = globalThis as {
  autofisTestBackend?: Parameters<typeof import('tfjs-autofis/runtime').useBackend>[0];
  autofisTestOwnOps?: boolean;
};

beforeAll(async () => {
  // By now the file has loaded what it tests. Without tfjs-core, which leaves its engine there, it needs no backend,
  // and loading one would take most of its time.
  if (!('_tfengine' in globalThis)) return;
  // Registers the gradients of tfjs-core, which neither core nor the wasm backend does.
  await import('@tensorflow/tfjs-layers');
  const {useBackend} = await import('tfjs-autofis/runtime');
  await useBackend(autofisTestBackend, {ownOps: autofisTestOwnOps});
});
