import * as tf from '@tensorflow/tfjs-core';
import {AutofisError, invalidArgument} from '../../errors';
import {BackendChoice, BackendName, BROWSER_BACKENDS, BrowserBackend, RejectedBackend} from '../backend_choice';
import {registerKernels} from '../kernels/index';

const TITLES: Readonly<Record<BrowserBackend, string>> = {
  wasm: 'WebAssembly (wasm)',
  webgpu: 'the GPU by WebGPU (webgpu)',
  webgl: 'the GPU by WebGL (webgl)',
  cpu: 'plain JavaScript (cpu), by far the slowest',
};

/** What there is to do when a backend that is loaded does not start. */
const CURES: Readonly<Record<BrowserBackend, string>> = {
  wasm: 'it does not start: its .wasm files are not where it looks for them, see setWasmPaths of @tensorflow/tfjs-backend-wasm',
  webgpu: 'it does not start: this browser gives the page no WebGPU device',
  webgl: 'it does not start: this browser gives the page no WebGL context',
  cpu: 'it does not start',
};

/** Makes one backend the current one, or throws the reason why not. */
async function load(backend: BrowserBackend, askedFor: boolean): Promise<void> {
  if (tf.findBackendFactory(backend) == null) throw new AutofisError(`@tensorflow/tfjs-backend-${backend} is not loaded`);
  if (!await tf.setBackend(backend)) throw new AutofisError(CURES[backend]);
  // Adam's moments are far below what half precision can hold. (The backend's own floatPrecision says 16 on every device.)
  if (backend === 'webgl' && !askedFor && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
    throw new AutofisError('this device computes in half precision');
  }
}

async function title(backend: BrowserBackend): Promise<string> {
  if (backend !== 'wasm') return TITLES[backend];
  const threads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT') === true;
  return `${TITLES.wasm}, ${threads ? 'with threads' : 'on one thread, as the page is not cross-origin isolated'}`;
}

async function choose(name: BrowserBackend | undefined): Promise<BackendChoice> {
  const tried: RejectedBackend[] = [];
  for (const backend of name ? [name] : BROWSER_BACKENDS) {
    try {
      await load(backend, name !== undefined);
      await tf.ready();
      registerKernels();
      const passedOver = tried.map(each => `${each.backend} (${each.reason})`).join(', ');
      const why = name ? 'as asked for' : passedOver ? `passed over: ${passedOver}` : 'the first choice in a browser';
      return {backend, gpu: backend.startsWith('webg'), tried, reason: `${await title(backend)}; ${why}.`};
    } catch (error) {
      tried.push({backend, reason: (error as Error).message.split('\n')[0]});
    }
  }
  const reasons = tried.map(each => `${each.backend}: ${each.reason}`).join('; ');
  const cure = name ? 'Call it without a name to take another that is there.' :
    'Import @tensorflow/tfjs-backend-wasm, or load its script, before the call.';
  throw new AutofisError(
      `useBackend: ${name ? 'the backend is not' : 'no backend is'} available. ${reasons}. ${cure}`);
}

function checkName(name: BackendName | undefined): asserts name is BrowserBackend | undefined {
  if (name === undefined || BROWSER_BACKENDS.includes(name as BrowserBackend)) return;
  throw invalidArgument('useBackend', 'name', `be one of ${BROWSER_BACKENDS.join(', ')} in a browser`, name);
}

const choices = new Map<BrowserBackend | undefined, Promise<BackendChoice>>();

/**
 * Makes the best TensorFlow.js backend that this page has loaded the current one, and completes it with the kernels it
 * lacks. The page loads backends itself, by import or by script tag: nothing is fetched here.
 *
 * The order is wasm, webgpu, webgl, cpu. wasm comes first since most of a step here are gates and rows of tables, for which
 * the library has code of its own there, and since its numbers are those of Node; the GPU backends run a step as some
 * hundred small operations and change whole tables. Ask for them by name where large dense layers are most of the model.
 * A webgl device that computes in half precision is passed over unless it is asked for. A second call gives the same answer;
 * a call with another name switches.
 *
 * @param name The one backend to use; by default the first that starts.
 * @throws AutofisError if the named backend, or all of them, is not loaded or does not start.
 *
 * ```ts
 * import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
 * setWasmPaths('/wasm/');
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
  await tf.setBackend(chosen.backend);
  return chosen;
}
