// Registers the gradients of tfjs-core, which neither core nor the wasm backend does.
import '@tensorflow/tfjs-layers';
import {useBackend} from 'tfjs-autofis/runtime';

/** What the jest project asks for: a backend (undefined is the fastest that loads), and whether our ops serve there. */
const {autofisTestBackend, autofisTestOwnOps} = globalThis as {
  autofisTestBackend?: Parameters<typeof useBackend>[0];
  autofisTestOwnOps?: boolean;
};

beforeAll(async () => {
  await useBackend(autofisTestBackend, {ownOps: autofisTestOwnOps});
});
