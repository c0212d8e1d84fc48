import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import {NativeBackend, restoreNodeUtil} from '../tfjs_internals';

/** True unless this is a Linux machine without the devices of an NVIDIA driver. */
export function mayHaveGpu(): boolean {
  return process.platform !== 'linux' || ['/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg'].some(existsSync);
}

/**
 * Tell whether a native package finds no GPU that it can use. A separate process checks it: the package silently falls
 * back to the CPU, and after loading it this process could not load tfjs-node, which is faster there.
 *
 * @param folder Where the package is looked up.
 * @returns false also where the process reports nothing, such as for a package that does not load.
 */
export function findsNoGpu(packageName: string, folder = process.cwd()): Promise<boolean> {
  const code = `import util from 'node:util';
    util.isNullOrUndefined = value => value === null || value === undefined;
    util.isArray = Array.isArray;
    const {default: tf} = await import(${JSON.stringify(packageName)});
    process.exit(tf.backend().isUsingGpuDevice ? 0 : ${NO_GPU});`;
  const args = ['--input-type=module', '--eval', code];
  const env = {...process.env, TF_CPP_MIN_LOG_LEVEL: '3', TF_FORCE_GPU_ALLOW_GROWTH: 'true'};
  return new Promise(resolve => {
    execFile(process.execPath, args, {cwd: folder, env}, error => resolve(error?.code === NO_GPU));
  });
}

/** The exit code for "no GPU". */
const NO_GPU = 47;

/**
 * Load '@tensorflow/tfjs-node' or '@tensorflow/tfjs-node-gpu' without chatter and make it the
 * backend.
 *
 * @throws An error if the package is missing or does not load, if the other of the two is loaded (a
 *     process can have one), or if the package brings a tfjs-core of its own.
 */
export async function loadNative(packageName: string): Promise<{tensorflow: string; gpu: boolean}> {
  const other = tf.findBackend('tensorflow') as NativeBackend | null;
  if (other && other.isGPUPackage !== packageName.endsWith('-gpu')) {
    throw new AutofisError('the other native package is loaded, and a process can load only one; start a new process');
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  // TensorFlow would take all of a GPU's memory at its start.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  restoreNodeUtil();
  const loaded = (await import(packageName)) as {io?: typeof tf.io; default?: {io: typeof tf.io}};
  const io = (loaded.default ?? loaded).io;
  if (io?.registerSaveRouter !== tf.io.registerSaveRouter) {
    throw new AutofisError(
      'it uses another copy of @tensorflow/tfjs-core (see `npm ls @tensorflow/tfjs-core`, then `npm dedupe`)',
    );
  }
  await tf.setBackend('tensorflow');
  const backend = tf.backend() as NativeBackend;
  return {tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice};
}
