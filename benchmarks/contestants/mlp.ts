/**
 * The MLP of AutoDeepFM alone, forward and backward (to its input too, as the embeddings need it), without an
 * optimizer. Argument: JSON of {rows, weights, d, hidden, kernels}: stock kernels, or this library's; in bfloat16 by
 * TensorFlow's products, or by this library's.
 */
import * as tf from '@tensorflow/tfjs-core';
import {readRows, readWeights} from '../data';
import type {NativeBackend} from '../internals';
import {nativePackage, refuseMixed, requireNative} from '../native';
import {Pacer} from '../pacer';

/** Whose kernels an MLP alone is computed by. */
export type MlpKernels = 'stock' | 'ours' | 'stock in bfloat16' | 'ours in bfloat16';

const options = JSON.parse(process.argv[2]) as {rows: string; weights: string; d: number; kernels: MlpKernels};

async function main(): Promise<void> {
  if (options.kernels === 'stock') requireNative();
  else {
    const {useBackend} = await import('tfjs-autofis/runtime');
    const precision = options.kernels.endsWith('bfloat16') ? 'mixed' : 'float32';
    const choice = await useBackend(nativePackage(), {precision, ownOps: options.kernels.startsWith('ours')});
    if (choice.precision !== precision) refuseMixed();
  }
  const {labels, batchSize, sizes} = readRows(options.rows);
  const weights = readWeights(options.weights);
  const kernels = weights.kernels.map(({shape, values}) => tf.variable(tf.tensor2d(values, shape)));
  const biases = weights.kernels.map(({shape}) => tf.variable(tf.zeros([shape[1]])));
  const width = sizes.length * options.d;
  const input = tf.variable(tf.tensor2d(weights.table.subarray(0, batchSize * width), [batchSize, width]));
  const ys = tf.tensor2d(labels.subarray(0, batchSize), [batchSize, 1]);

  const loss = () => {
    let x: tf.Tensor2D = input;
    kernels.forEach((kernel, i) => {
      const activation = i < kernels.length - 1 ? 'relu' : 'linear';
      x = tf.fused.matMul({a: x, b: kernel, bias: biases[i], activation}) as tf.Tensor2D;
    });
    return tf.losses.sigmoidCrossEntropy(ys, x) as tf.Scalar;
  };
  const step = () => {
    const {value, grads} = tf.variableGrads(loss);
    // Products of this library wait until they are asked for.
    (tf.backend() as unknown as NativeBackend).getInputTensorIds(Object.values(grads));
    return value.dataSync()[0];
  };
  const pacer = new Pacer();
  pacer.ready();
  while (await pacer.step()) pacer.loss(tf.tidy(step));
  process.exit(0);
}

void main();
