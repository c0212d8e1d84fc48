import * as tf from '@tensorflow/tfjs-core';
import {FrontKernel, inFrontOf} from './front_kernel';
import {denseKernels, denseReshape, tensorflowDense} from './tensorflow_dense';
import {tensorflowGather} from './tensorflow_gather';
import {tensorflowReluGradient} from './tensorflow_relu_gradient';
import {tensorflowStep} from './tensorflow_step';
import {tensorflowCast, tensorflowReshape, wasmIdentity} from './unchanged';
import {wasmBatchMatMul} from './wasm_batch_mat_mul';
import {wasmGather} from './wasm_gather';
import {wasmSlice, wasmSplit} from './wasm_slice';
import {wasmUnsortedSegmentSum} from './wasm_unsorted_segment_sum';

// A property of the kernel itself, so that a second copy of this module sees the first one's work. It
// holds the stock kernel.
const WRAPPED = Symbol.for('tfjs-autofis.wrapped-kernel');

function registerIfMissing(config: tf.KernelConfig): void {
  if (!tf.getKernel(config.kernelName, config.backendName)) tf.registerKernel(config);
}

function wrap(kernelName: string, backendName: string, kernel: FrontKernel): void {
  const stock = tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined;
  if (!stock || WRAPPED in stock.kernelFunc) return;
  const config = inFrontOf(stock, kernel);
  Object.defineProperty(config.kernelFunc, WRAPPED, {value: stock});
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(config);
}

function wrapReluGradient(): void {
  const stock = tf.getGradient(tf.Relu) as tf.GradConfig | undefined;
  if (!stock || WRAPPED in stock.gradFunc) return;
  const config = tensorflowReluGradient(stock);
  Object.defineProperty(config.gradFunc, WRAPPED, {value: stock});
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient(config);
}

/**
 * Register the kernels that a backend lacks and wrap those that are needlessly slow:
 * `UnsortedSegmentSum`, `BatchMatMul`, `GatherV2`, `Identity`, `Slice` and `SplitV` for wasm, `Step`, `GatherV2`,
 * `Reshape`, `Cast` and the gradient of `Relu` for tfjs-node, where the kernels of dense layers compute by own ops or
 * in mixed precision.
 *
 * Call it after importing the backend; before that only the missing kernel is registered, and a
 * later call does the rest. Calling it again changes nothing. Runs in the browser, too.
 */
export function registerKernels(): void {
  registerIfMissing(wasmUnsortedSegmentSum);
  wrap(tf.BatchMatMul, 'wasm', wasmBatchMatMul);
  wrap(tf.GatherV2, 'wasm', wasmGather);
  wrap(tf.Identity, 'wasm', wasmIdentity);
  wrap(tf.Slice, 'wasm', wasmSlice);
  wrap(tf.SplitV, 'wasm', wasmSplit);
  wrap(tf.Step, 'tensorflow', tensorflowStep);
  wrap(tf.GatherV2, 'tensorflow', tensorflowGather);
  for (const [name, kernel] of Object.entries(denseKernels)) wrap(name, 'tensorflow', tensorflowDense(kernel));
  wrap(tf.Cast, 'tensorflow', tensorflowCast);
  // A kernel is wrapped once.
  const reshapeDense = tensorflowDense(denseReshape);
  wrap(tf.Reshape, 'tensorflow', (args, stock) => tensorflowReshape(args, stock) ?? reshapeDense(args, stock));
  wrapReluGradient();
}
