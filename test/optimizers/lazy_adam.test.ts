import * as tf from '@tensorflow/tfjs-core';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';
import {lazyAdam} from 'tfjs-autofis/optimizers';
import {generator, uniform} from '../helpers/random';
import {backendWithKernels} from '../../src/native/kernel_ops';
import {nativeBackend} from '../../src/tfjs_internals';
import {expectClose, numbers} from '../helpers/tensors';

const start = uniform(generator(1), 12);
const bias = [0.5, -0.25];
/** A loss with large and small gradients whose targets change with the step. */
const loss = (w: tf.Variable, b: tf.Variable, t: number) =>
  tf.tidy(() =>
    tf.add(tf.sum(tf.square(tf.sub(tf.mul(w, [1, 10, 0.1]), Math.sin(t)))), tf.sum(tf.mul(b, b))),
  ) as tf.Scalar;

function run(optimizer: tf.Optimizer, steps: number, from = {w: start, b: bias}, first = 0) {
  const w = tf.tidy(() => tf.variable(tf.tensor2d(from.w, [4, 3])));
  const b = tf.tidy(() => tf.variable(tf.tensor1d(from.b)));
  const unused = tf.tidy(() => tf.variable(tf.tensor1d([7])));
  for (let t = first; t < first + steps; t++) optimizer.minimize(() => loss(w, b, t), false, [w, unused, b]);
  const result = {w: numbers(w), b: numbers(b), unused: numbers(unused)};
  tf.dispose([w, b, unused]);
  return result;
}

describe.each<[BackendName | undefined, boolean]>([
  [undefined, true],
  [undefined, false],
  ['wasm', true],
  ['cpu', true],
])('LazyAdam on dense weights, backend %s, own ops %s', (backend, ownOps) => {
  beforeAll(async () => {
    await useBackend(backend, {ownOps});
  });

  it.each([[{}], [{learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 0.1}]])(
    'equals tf.train.adam for 20 steps, %j',
    args => {
      const {learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7} = args as Record<string, number>;
      const [ours, stock] = [lazyAdam(args), tf.train.adam(learningRate, beta1, beta2, epsilon)];
      const [a, b] = [run(ours, 20), run(stock, 20)];
      expectClose(a.w, b.w, 2e-6);
      expectClose(a.b, b.b, 2e-6);
      expect(a.unused).toEqual([7]);
      ours.dispose();
      stock.dispose();
    },
  );

  it('leaves a variable that anyone can read, write, clone and dispose', () => {
    const before = tf.memory().numTensors;
    const optimizer = lazyAdam({learningRate: 0.1});
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const step = () => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
    step();
    const kept = tf.clone(w);
    const first = numbers(w);
    expectClose(first, [0.9, 1.9], 1e-5);
    step();
    expect(numbers(kept)).toEqual(first);
    expect(numbers(w)[0]).toBeLessThan(first[0]);
    tf.tidy(() => w.assign(tf.tensor1d([100, 200])));
    expect(numbers(w)).toEqual([100, 200]);
    step();
    expect(Math.abs(numbers(w)[0] - 100)).toBeLessThan(0.2);
    kept.dispose();
    optimizer.dispose();
    expect(Math.abs(numbers(w)[1] - 200)).toBeLessThan(0.2);
    step();
    w.dispose();
    expect(w.isDisposed).toBe(true);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('moves a weight that is listed twice by two steps', () => {
    const optimizer = lazyAdam({learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 0.01});
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const gradient = [3, -1];
    const named = () => ({name: w.name, tensor: tf.tensor1d(gradient)});
    for (let t = 1; t <= 3; t++) tf.tidy(() => optimizer.applyGradients([named(), named()]));
    const expected = [1, 2].map((start, i) => {
      let [value, m, v] = [start, 0, 0];
      for (let t = 1; t <= 3; t++) {
        for (let twice = 0; twice < 2; twice++) {
          m = 0.5 * m + 0.5 * gradient[i];
          v = 0.75 * v + 0.25 * gradient[i] ** 2;
          value -= (0.1 * (m / (1 - 0.5 ** t))) / (Math.sqrt(v / (1 - 0.75 ** t)) + 0.01);
        }
      }
      return value;
    });
    expectClose(w, expected, 2e-6);
    w.dispose();
    optimizer.dispose();
  });
});

/** An optimizer of three dense weights. */
function threeWeights() {
  const optimizer = lazyAdam();
  const weights = [1, 2, 3].map(n => tf.tidy(() => tf.variable(tf.ones([n + 1]))));
  const gradients = weights.map(({name, shape}) => ({name, tensor: tf.ones(shape)}));
  return {
    step: () => optimizer.applyGradients(gradients),
    dispose: () => {
      tf.dispose([...weights, ...gradients.map(({tensor}) => tensor)]);
      optimizer.dispose();
    },
  };
}

describe('LazyAdam', () => {
  beforeEach(async () => {
    await useBackend(undefined, {ownOps: true});
  });
  afterEach(() => jest.restoreAllMocks());

  it('gives the state of tf.train.adam, so that each can continue from the other', async () => {
    const [stock, stockOn, ours] = [0, 0]
      .map(() => tf.train.adam(0.01))
      .concat(lazyAdam({learningRate: 0.01}) as never);
    const half = run(stock, 5);
    const state = await stock.getWeights();
    await ours.setWeights(state);
    await stockOn.setWeights(state);
    expectClose(run(ours, 5, half, 5).w, run(stockOn, 5, half, 5).w, 2e-6);
    [stock, ours].forEach(optimizer => optimizer.dispose());
  });

  it('moves all dense weights by one op where own ops are allowed', () => {
    const native = backendWithKernels();
    if (native === null) return;
    const {step, dispose} = threeWeights();
    step();
    const execute = jest.spyOn(native, 'executeMultipleOutputs');
    step();
    expect(execute.mock.calls.map(([op, , inputs]) => [op, inputs.length])).toEqual([['AutofisAdam', 13]]);
    dispose();
  });

  it('gives TensorFlow the constants of a step once for all weights, and frees them', async () => {
    await useBackend(undefined, {ownOps: false});
    const native = nativeBackend();
    if (native === null) return;
    const {step, dispose} = threeWeights();
    step();
    const before = tf.memory().numTensors;
    const write = jest.spyOn(native, 'write');
    step();
    const scalars = write.mock.calls.filter(([values]) => values?.length === 1);
    // 0, the rate, both betas and epsilon.
    expect(scalars).toHaveLength(5);
    expect(tf.memory().numTensors).toBe(before);
    dispose();
  });

  it('refuses state of another model', async () => {
    const optimizer = lazyAdam();
    const tensor = tf.zeros([2, 2]);
    await optimizer.setWeights([
      {name: 'iter', tensor: tf.scalar(3, 'int32')},
      {name: 'a/m', tensor},
      {name: 'a/v', tensor},
    ]);
    expect(() => run(optimizer, 1)).toThrow(
      /^LazyAdam: the saved state has moments of shapes \[2,2\], \[2,2\], but the weights are/,
    );
    await expect(
      optimizer.setWeights([
        {name: 'iter', tensor: tf.scalar(3, 'int32')},
        {name: 'a/m', tensor},
      ]),
    ).rejects.toThrow(
      'LazyAdam: the saved state must hold the step and two moments per weight. Received: iter [], a/m [2,2].',
    );
    optimizer.dispose();
    tensor.dispose();
  });

  it('changes its learning rate', () => {
    const optimizer = lazyAdam();
    optimizer.setLearningRate(0.25);
    expect(optimizer.learningRate).toBe(0.25);
    expect(() => optimizer.setLearningRate(0)).toThrow(
      'LazyAdam: `learningRate` must be a number in (0, Infinity). Received: 0.',
    );
  });
});
