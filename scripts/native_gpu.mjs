/** Asks NVIDIA's driver for GPUs before anything large is downloaded for them. */
import {run} from './processes.mjs';

// As TensorFlow asks it, by the same name; -I keeps Python from modules of the working folder.
const ASK = `
import ctypes
try:
    driver = ctypes.CDLL('libcuda.so.1')
except OSError as error:
    print(error)
else:
    count = ctypes.c_int()
    code = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    if code or count.value < 1: print(f"the driver finds {count.value} GPUs and returns CUDA error {code}")`;

/**
 * Explain why CUDA cannot use a GPU here.
 *
 * @returns {Promise<string>} The reason with its cure; empty where there is a GPU, or no Python to ask the driver with.
 */
export async function gpuFault() {
  if (process.platform !== 'linux') return '';
  const {out} = await run('python3', ['-I', '-c', ASK]);
  if (out === '') return '';
  return (
    `this machine has no NVIDIA GPU that CUDA can use: ${out.trim()} ` +
    "(install NVIDIA's driver, in a container pass the GPU in; without a GPU omit --gpu)"
  );
}
