import * as tf from '@tensorflow/tfjs-core';
import {AutofisError, invalidArgument} from '../errors';
import {BackendChoice, BackendName, NODE_BACKENDS, NodeBackend, RejectedBackend} from './backend_choice';
import {registerFileSystem} from './file_system';
import {registerKernels} from './kernels/index';
import {loadNative, mayHaveGpu} from './native_backend';

type Loaded = Pick<BackendChoice, 'tensorflow' | 'gpu'>;

const PACKAGES: Readonly<Record<NodeBackend, string>> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  'tfjs-node': '@tensorflow/tfjs-node',
  'wasm': '@tensorflow/tfjs-backend-wasm',
  'cpu': '@tensorflow/tfjs-backend-cpu',
};
const TITLES: Readonly<Record<NodeBackend, string>> = {
  'tfjs-node-gpu': 'native TensorFlow (tfjs-node-gpu)',
  'tfjs-node': 'native TensorFlow (tfjs-node)',
  'wasm': 'WebAssembly (wasm), slower than native TensorFlow',
  'cpu': 'plain JavaScript (cpu), by far the slowest',
};

async function loadWasm(): Promise<Loaded> {
  // The module answers every uncaught error of the process by printing its own minified source.
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map(event => process.rawListeners(event));
  await import(PACKAGES.wasm);
  if (!await tf.setBackend('wasm')) throw new AutofisError('its WebAssembly module does not start');
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i].includes(listener)) process.off(event, listener as () => void);
    }
  });
  return {gpu: false};
}

async function loadCpu(): Promise<Loaded> {
  await import(PACKAGES.cpu);
  await tf.setBackend('cpu');
  // On its first use in Node the backend would advertise tfjs-node.
  (tf.backend() as {firstUse?: boolean}).firstUse = false;
  return {gpu: false};
}

/** Makes one backend the current one, or throws the reason why not. */
async function load(backend: NodeBackend, askedFor: boolean): Promise<Loaded> {
  if (backend === 'wasm') return loadWasm();
  if (backend === 'cpu') return loadCpu();
  // Looked at before loading: after the GPU package, the other native one cannot be loaded.
  if (backend === 'tfjs-node-gpu' && !askedFor && !mayHaveGpu()) {
    throw new AutofisError('this machine has no NVIDIA GPU');
  }
  return loadNative(PACKAGES[backend]);
}

/** Says in one line why a package did not load, and what to do about it. */
function explain(error: unknown, backend: NodeBackend): string {
  const {code, message} = error as {code?: string, message: string};
  const text = String(message);
  if (/MODULE_NOT_FOUND/.test(code ?? '') && text.includes(PACKAGES[backend])) {
    return `${PACKAGES[backend]} is not installed`;
  }
  if (/tfjs_binding\.node/.test(text)) {
    const flag = backend === 'tfjs-node-gpu' ? ' --gpu' : '';
    const state = code === 'ERR_DLOPEN_FAILED' ? 'does not load' : 'is missing';
    return `its native addon ${state} (node node_modules/tfjs-autofis/scripts/native.mjs${flag} builds it)`;
  }
  return text.split('\n')[0];
}

async function choose(name: NodeBackend | undefined): Promise<BackendChoice> {
  const tried: RejectedBackend[] = [];
  for (const backend of name ? [name] : NODE_BACKENDS) {
    try {
      const loaded = await load(backend, name !== undefined);
      await tf.ready();
      registerKernels();
      if (!backend.startsWith('tfjs-node')) registerFileSystem();
      const device = loaded.gpu ? 'GPU' : backend === 'tfjs-node-gpu' ? 'CPU, as it finds no GPU that it can use' : 'CPU';
      const version = loaded.tensorflow ? ` ${loaded.tensorflow} on the ${device}` : '';
      const passedOver = tried.map(each => `${each.backend} (${each.reason})`).join(', ');
      const why = name ? 'as asked for' : passedOver ? `passed over: ${passedOver}` : 'the fastest there is';
      return {backend, ...loaded, tried, reason: `${TITLES[backend]}${version}; ${why}.`};
    } catch (error) {
      tried.push({backend, reason: explain(error, backend)});
    }
  }
  const reasons = tried.map(each => `${each.backend}: ${each.reason}`).join('; ');
  const cure = name ? 'Call it without a name to take the fastest backend that is there.' :
    'Install one of @tensorflow/tfjs-node, @tensorflow/tfjs-backend-wasm, @tensorflow/tfjs-backend-cpu.';
  throw new AutofisError(
      `useBackend: ${name ? 'the backend is not' : 'no backend is'} available. ${reasons}. ${cure}`);
}

function checkName(name: BackendName | undefined): asserts name is NodeBackend | undefined {
  if (name === undefined || NODE_BACKENDS.includes(name as NodeBackend)) return;
  throw invalidArgument('useBackend', 'name', `be one of ${NODE_BACKENDS.join(', ')} in Node`, name);
}

const choices = new Map<NodeBackend | undefined, Promise<BackendChoice>>();

/**
 * Makes the fastest TensorFlow.js backend that this Node process has the current one, without
 * chatter, and completes it with the kernels it lacks and with `file://` saving and loading.
 *
 * The order is tfjs-node-gpu (where there is a GPU), tfjs-node, wasm, cpu; packages that are not
 * installed are passed over. A second call gives the same answer; a call with another name switches.
 *
 * It changes no flag of a backend: wasm uses SIMD wherever the runtime has it, and one thread, since its workers do not
 * start in Node; the native ones use all processors.
 *
 * @param name The one backend to use; by default the fastest.
 * @throws AutofisError if the named backend, or all of them, cannot be loaded.
 *
 * ```ts
 * const {backend, reason} = await useBackend();
 * ```
 */
export async function useBackend(name?: BackendName): Promise<BackendChoice> {
  checkName(name);
  let choice = choices.get(name);
  if (!choice) {
    choice = choose(name);
    choices.set(name, choice);
    choice.catch(() => choices.delete(name));
  }
  const chosen = await choice;
  await tf.setBackend(chosen.backend.startsWith('tfjs-node') ? 'tensorflow' : chosen.backend);
  return chosen;
}
