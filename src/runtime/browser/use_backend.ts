import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../../errors';
import {compiles} from '../../wasm/compiles';
import {BackendChoice, BackendName, BROWSER_BACKENDS, BrowserBackend} from '../backend_choice';
import {backendChooser, Loaded} from '../backend_chooser';

const TITLES: Readonly<Record<BrowserBackend, string>> = {
  wasm: 'WebAssembly (wasm)',
  webgpu: 'the GPU by WebGPU (webgpu)',
  webgl: 'the GPU by WebGL (webgl)',
  cpu: 'plain JavaScript (cpu), by far the slowest',
};

/** tfjs's flag for threads: set where the page is cross-origin isolated. */
const THREADS = 'WASM_HAS_MULTITHREAD_SUPPORT';

/** A WebAssembly module of nothing. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Reasons why a loaded backend does not start, with a cure where there is one. */
const CURES: Readonly<Record<BrowserBackend, string>> = {
  wasm:
    'it does not start: its .wasm files are not where it looks for them, ' +
    'see setWasmPaths of @tensorflow/tfjs-backend-wasm',
  webgpu: 'it does not start: this browser offers no WebGPU device',
  webgl: 'it does not start: this browser offers no WebGL context',
  cpu: 'it does not start',
};

/** Make one backend the current one, or throw the reason why not. */
async function load(backend: BrowserBackend, askedFor: boolean): Promise<Loaded> {
  if (tf.findBackendFactory(backend) == null)
    throw new AutofisError(`@tensorflow/tfjs-backend-${backend} is not loaded`);
  const title = backend === 'wasm' ? `${TITLES.wasm}, ${await startWasm()}` : TITLES[backend];
  if (backend !== 'wasm' && !(await tf.setBackend(backend))) throw new AutofisError(CURES[backend]);
  // Adam's moments are far below what half precision can hold. (The backend's own floatPrecision says 16 on every
  // device.)
  if (backend === 'webgl' && !askedFor && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
    throw new AutofisError('this device computes in half precision');
  }
  return {title, gpu: backend.startsWith('webg')};
}

/** Make wasm the current backend, without threads where these do not start; what there is to say of them. */
async function startWasm(): Promise<string> {
  if (!compiles(EMPTY_MODULE))
    throw new AutofisError(
      "it does not start: this browser or the page's Content-Security-Policy forbids WebAssembly; " +
        "the policy's script-src needs 'wasm-unsafe-eval'",
    );
  const mayThread = (await tf.env().getAsync(THREADS)) === true;
  if (mayThread && (await startsWithThreads())) return 'with threads';
  if (mayThread) tf.env().set(THREADS, false);
  if (!(await tf.setBackend('wasm'))) throw new AutofisError(CURES.wasm);
  if (mayThread)
    return (
      'on one thread, as its threads do not start: a minifier has changed their code, or the ' +
      "Content-Security-Policy forbids workers and scripts of 'blob:'"
    );
  return globalThis.crossOriginIsolated ? 'on one thread' : 'on one thread, as the page is not cross-origin isolated';
}

/** Start wasm with threads, and tell whether they run. If one thread fails, tfjs alone would wait forever. */
async function startsWithThreads(): Promise<boolean> {
  const listening = new AbortController();
  const {signal} = listening;
  const failed = new Promise<false>(resolve => {
    const onError = (event: ErrorEvent) => {
      // tfjs throws the event that it gets of a thread, once for each: nobody else needs to know.
      if (!(event.error instanceof Event)) return;
      event.preventDefault();
      resolve(false);
    };
    addEventListener('error', onError, {signal});
    // Of a thread that a policy forbids it gets no event.
    const onViolation = ({effectiveDirective}: SecurityPolicyViolationEvent) =>
      effectiveDirective === 'worker-src' && resolve(false);
    addEventListener('securitypolicyviolation', onViolation, {signal});
  });
  const started = await Promise.race([tf.setBackend('wasm'), failed]);
  // The other threads fail later.
  if (started) listening.abort();
  return started;
}

const chooseBackend = backendChooser<BrowserBackend>({
  where: 'in a browser',
  backends: BROWSER_BACKENDS,
  load,
  explain: error => (error as Error).message.split('\n')[0],
  firstChoice: 'the first choice in a browser',
  cures: {
    named: 'Call it without a name to take another that is available.',
    none: 'Import @tensorflow/tfjs-backend-wasm, or load its script, before the call.',
  },
});

/**
 * Make the best TensorFlow.js backend that this page has loaded the current one, and complete it with the kernels it
 * lacks. The page loads backends itself, by import or by script tag: nothing is fetched here.
 *
 * The order is wasm, webgpu, webgl, cpu. wasm comes first since most of a step here are gates and rows of tables, for
 * which the library has code of its own there, and since its numbers are those of Node; the GPU backends run a step as
 * some hundred small operations and change whole tables. Ask for them by name where large dense layers are most of the
 * model. A webgl device that computes in half precision is passed over unless it is asked for. A second call gives the
 * same answer; a call with another name switches.
 *
 * @param name The one backend to use; by default the first that starts.
 * @throws AutofisError if the named backend, or all of them, is not loaded or does not start.
 *
 * @example
 * import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
 * setWasmPaths('/wasm/');
 * const {backend, reason} = await useBackend();
 */
export async function useBackend(name?: BackendName): Promise<BackendChoice> {
  return chooseBackend(name);
}
