import * as tf from '@tensorflow/tfjs-core';
import {checkChoice, checkKeys, checkThat} from '../checks';
import {AutofisError} from '../errors';
import {allowKernels} from '../native/kernel_ops';
import {Precision, setPrecision} from '../native/precision';
import {silenceFirstUse} from '../tfjs_internals';
import {BackendChoice, BackendName, NODE_BACKENDS, NodeBackend} from './backend_choice';
import {backendChooser, Loaded} from './backend_chooser';
import {registerFileSystem} from './file_system';
import {findsNoGpu, loadNative, mayHaveGpu} from './native_backend';

const PACKAGES: Readonly<Record<NodeBackend, string>> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  'tfjs-node': '@tensorflow/tfjs-node',
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
};
const TITLES: Readonly<Record<NodeBackend, string>> = {
  'tfjs-node-gpu': 'native TensorFlow (tfjs-node-gpu)',
  'tfjs-node': 'native TensorFlow (tfjs-node)',
  wasm: 'WebAssembly (wasm), slower than native TensorFlow',
  cpu: 'plain JavaScript (cpu), by far the slowest',
};

async function loadWasm(): Promise<void> {
  // The module answers every uncaught error of the process by printing its own minified source.
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map(event => process.rawListeners(event));
  await import(PACKAGES.wasm);
  if (!(await tf.setBackend('wasm'))) throw new AutofisError('its WebAssembly module does not start');
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[i].includes(listener)) process.off(event, listener as () => void);
    }
  });
}

async function loadCpu(): Promise<void> {
  await import(PACKAGES.cpu);
  await tf.setBackend('cpu');
  // On its first use in Node the backend would advertise tfjs-node.
  silenceFirstUse(tf.backend());
}

/** Make one backend the current one, or throw the reason why not. */
async function load(backend: NodeBackend, insist: boolean): Promise<Loaded> {
  if (backend === 'wasm' || backend === 'cpu') {
    await (backend === 'wasm' ? loadWasm() : loadCpu());
    registerFileSystem();
    return {title: TITLES[backend], gpu: false};
  }
  // Looked at before loading: after the GPU package, the other native one cannot be loaded.
  if (backend === 'tfjs-node-gpu' && !insist && !mayHaveGpu()) {
    throw new AutofisError('this machine has no NVIDIA GPU');
  }
  if (backend === 'tfjs-node-gpu' && !insist && (await findsNoGpu(PACKAGES[backend]))) {
    throw new AutofisError('it finds no GPU that it can use');
  }
  const native = await loadNative(PACKAGES[backend]);
  const cpu = backend === 'tfjs-node-gpu' ? 'CPU, as it finds no GPU that it can use' : 'CPU';
  const device = native.gpu ? 'GPU' : cpu;
  return {...native, title: `${TITLES[backend]}${native.tensorflow ? ` ${native.tensorflow} on the ${device}` : ''}`};
}

/** Say in one line why a package did not load, and what to do about it. */
function explain(error: unknown, backend: NodeBackend): string {
  const {code, message} = error as {code?: string; message: string};
  const text = String(message);
  if (/MODULE_NOT_FOUND/.test(code ?? '') && text.includes(PACKAGES[backend])) {
    return `${PACKAGES[backend]} is not installed`;
  }
  if (/tfjs_binding\.node/.test(text)) {
    const flag = backend === 'tfjs-node-gpu' ? ' --gpu' : '';
    const state = code === 'ERR_DLOPEN_FAILED' ? 'does not load' : 'is missing';
    return `its native addon ${state} (npx tfjs-autofis setup${flag} builds it)`;
  }
  return text.split('\n')[0];
}

const chooseBackend = backendChooser<NodeBackend>({
  where: 'in Node',
  backends: NODE_BACKENDS,
  // Without a GPU tfjs-node is faster than the GPU package, which is faster than the others.
  order: ['tfjs-node-gpu', 'tfjs-node', 'tfjs-node-gpu', 'wasm', 'cpu'],
  load,
  explain,
  firstChoice: 'the fastest there is',
  cures: {
    named: 'Call it without a name to take the fastest backend that is available.',
    none: 'Install one of @tensorflow/tfjs-node, @tensorflow/tfjs-backend-wasm, @tensorflow/tfjs-backend-cpu.',
  },
});

export interface UseBackendOptions {
  /** True to let tfjs-node use the ops of this library. */
  ownOps?: boolean;
  /** Precision of dense layers on tfjs-node: 'float32', as at the start, or 'mixed', with factors in bfloat16. */
  precision?: Precision;
}

/**
 * Make the fastest TensorFlow.js backend that this Node process has the current one, without
 * chatter, and complete it with the kernels it lacks and with `file://` saving and loading.
 *
 * The order is tfjs-node-gpu (where there is a GPU), tfjs-node, tfjs-node-gpu on the CPU, wasm, cpu;
 * packages that are not installed are passed over. A second call gives the same answer; a call with another name
 * switches.
 *
 * It changes no flag of a backend: wasm uses SIMD wherever the runtime has it, and one thread, since its workers do not
 * start in Node; the native ones use all processors.
 *
 * @param name The one backend to use; by default the fastest.
 * @param options.ownOps False computes on the CPU, with TensorFlow's own ops, what a GPU would compute: slower, to test
 *     and to compare. By default the ops of this library serve where they are built, unless AUTOFIS_OWN_OPS is 0. Set
 *     it before models are made.
 * @param options.precision 'mixed' computes the large products of dense layers and of their gradients in bfloat16,
 *     where the processor has instructions for it (AMX, AVX-512 BF16); weights, sums, gates and tables stay float32.
 *     Whether it pays is measured, which takes some milliseconds; where it does not, `reason` says so, and float32 is
 *     used.
 * @throws AutofisError if the named backend, or all of them, cannot be loaded.
 *
 * @example
 * const {backend, reason} = await useBackend();
 */
export async function useBackend(name?: BackendName, options: UseBackendOptions = {}): Promise<BackendChoice> {
  checkKeys('useBackend', options, ['ownOps', 'precision']);
  const {ownOps, precision} = options;
  const isFlag = ownOps === undefined || typeof ownOps === 'boolean';
  checkThat(isFlag, 'useBackend', 'ownOps', 'be true or false', ownOps);
  if (precision !== undefined) checkChoice('useBackend', 'precision', precision, ['float32', 'mixed']);
  const choice = await chooseBackend(name);
  const allowed = ownOps ?? (process.env.AUTOFIS_OWN_OPS === '0' ? false : undefined);
  if (allowed !== undefined) allowKernels(allowed);
  if (precision === undefined) return choice;
  const refused = setPrecision(precision);
  if (precision === 'float32') return {...choice, precision};
  return refused === null
    ? {...choice, precision, reason: `${choice.reason} Dense layers multiply in bfloat16.`}
    : {...choice, precision: 'float32', reason: `${choice.reason} In float32: ${refused}.`};
}
