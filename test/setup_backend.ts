/** What the jest project asks for: a backend (undefined is the fastest that loads), and whether our ops serve there. */
const {autofisTestBackend, autofisTestOwnOps} = globalThis as {
  autofisTestBackend?: Parameters<typeof import('tfjs-autofis/runtime').useBackend>[0];
  autofisTestOwnOps?: boolean;
};

beforeAll(async () => {
  // A file without tfjs-core, which leaves its engine there, needs no backend: loading one would take longest.
  if (!('_tfengine' in globalThis)) return;
  // Registers the gradients of tfjs-core, which neither core nor the wasm backend does.
  await import('@tensorflow/tfjs-layers');
  const {useBackend} = await import('tfjs-autofis/runtime');
  const {reason} = await useBackend(autofisTestBackend, {ownOps: autofisTestOwnOps});
  if (process.env['AUTOFIS_TEST_GPU'] && !/on the GPU/.test(reason)) throw new Error(`a GPU's tests run on ${reason}`);
});
