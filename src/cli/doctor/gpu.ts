import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import type {Finding} from './finding';

/** Ask the NVIDIA driver for the names, driver versions and memory of the GPUs. */
export async function gpu(): Promise<Finding> {
  const name = 'GPU';
  try {
    const {stdout} = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=name,driver_version,memory.total',
      '--format=csv,noheader',
    ]);
    return {name, state: 'good', detail: stdout.trim().split('\n').join('; ')};
  } catch {
    return {
      name,
      state: 'missing',
      detail: 'no NVIDIA GPU or driver found (nvidia-smi does not answer); everything runs on the CPU',
    };
  }
}
