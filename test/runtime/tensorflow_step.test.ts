import * as tf from '@tensorflow/tfjs-core';
import {registerKernels} from '../../src/runtime/index';
import {inFrontOf} from '../../src/runtime/kernels/front_kernel';
import {tensorflowStep} from '../../src/runtime/kernels/tensorflow_step';
import {stockNativeKernel} from '../helpers/kernels';

let stock: tf.KernelConfig | undefined;

beforeAll(async () => {
  stock = await stockNativeKernel(tf.Step);
});

function step(kernel: tf.KernelConfig, x: tf.Tensor, alpha: number): number[] {
  return tf.tidy(() => {
    const output = kernel.kernelFunc({inputs: {x}, backend: tf.backend(), attrs: {alpha}}) as tf.Tensor;
    return [...output.dataSync()];
  });
}

/** Without the native addon there is nothing to compare with. */
const withNative = (name: string, body: (kernel: tf.KernelConfig) => void) =>
  it(name, () => {
    if (stock) body(stock);
  });

describe('Step on tfjs-node', () => {
  const edges = [NaN, -1, 0, -0, 2, Infinity, -Infinity, 1e-40, -1e-40, 3e-38, NaN, NaN, 5, -6, 7, 8, NaN];

  withNative('is 1 above 0, else 0, and keeps NaN', kernel => {
    const x = tf.tensor1d(edges.filter(value => Math.abs(value) !== 1e-40));
    const wanted = [...x.dataSync()].map(value => {
      if (Number.isNaN(value)) return NaN;
      return value > 0 ? 1 : 0;
    });
    expect(step(inFrontOf(kernel, tensorflowStep), x, 0)).toEqual(wanted);
    tf.dispose(x);
  });

  withNative('equals the stock kernel, for any alpha and dtype', kernel => {
    const before = tf.memory().numTensors;
    const noise = Array.from({length: 100_003}, (_, i) => (i % 97 === 0 ? NaN : Math.sin(i * i)));
    const inputs = [tf.tensor1d(edges), tf.tensor(noise, [noise.length, 1]), tf.scalar(3), tf.zeros([0, 2])];
    for (const x of inputs) {
      for (const alpha of [0, -1, 0.5])
        expect(step(inFrontOf(kernel, tensorflowStep), x, alpha)).toEqual(step(kernel, x, alpha));
    }
    tf.dispose(inputs);
    expect(tf.memory().numTensors).toBe(before);
  });

  withNative('gives the gradients of relu and abs', kernel => {
    registerKernels();
    expect(tf.getKernel(tf.Step, 'tensorflow').kernelFunc).not.toBe(kernel.kernelFunc);
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([-2, 0, 3]);
    const relu = tf.grad(value => tf.relu(value))(x);
    const abs = tf.grad(value => tf.abs(value))(x);
    expect([...relu.dataSync()]).toEqual([0, 0, 1]);
    expect([...abs.dataSync()]).toEqual([-1, -1, 1]);
    tf.dispose([x, relu, abs]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
