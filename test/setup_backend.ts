// Registers the gradients of tfjs-core, which neither core nor the wasm backend does.
import '@tensorflow/tfjs-layers';
import {useBackend} from 'tfjs-autofis/runtime';

/** The backend that the jest project asks for; undefined is the fastest that loads. */
const {autofisTestBackend} = globalThis as {autofisTestBackend?: Parameters<typeof useBackend>[0]};

beforeAll(async () => {
  await useBackend(autofisTestBackend);
});
