import * as tf from '@tensorflow/tfjs-core';
import {FusedLayers, fusedLayers} from '../../src/native/fused_layers';
import {allowKernels} from '../../src/native/kernel_ops';
import {NativeOps} from '../../src/native/ops';
import {NativeBackend, nativeBackend} from '../../src/tfjs_internals';
import {lossAndGradients, matrices, tensorsOf, trainSmallNetwork} from '../helpers/small_network';

const matrix = matrices(4);

/** On a processor without wide vectors TensorFlow computes dense layers. */
const withFused = (name: string, body: (backend: NativeBackend) => void | Promise<void>) =>
  it(name, async () => {
    const backend = nativeBackend();
    if (backend !== null && fusedLayers(backend) !== undefined) await body(backend);
  });

/** What TensorFlow's ops compute. */
function stock<T>(compute: () => T): T {
  allowKernels(false);
  try {
    return compute();
  } finally {
    allowKernels(true);
  }
}

const expectClose = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  const furthest = Math.max(...Array.from(found, (value, i) => Math.abs(value - expected[i])));
  expect(furthest).toBeLessThanOrEqual(2e-6 * (1 + largest));
};

describe('fused dense layers', () => {
  withFused('multiply as TensorFlow does, transposed or not, at sizes around those of tiles', () => {
    for (const [rows, inner, columns] of [
      [1, 1, 16],
      [7, 40, 17],
      [50, 353, 64],
      [130, 705, 129],
    ]) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const a = transposeA ? matrix(inner, rows) : matrix(rows, inner);
        const b = transposeB ? matrix(columns, inner) : matrix(inner, columns);
        const product = () => tf.matMul(a, b, transposeA, transposeB);
        const [found, expected] = [product(), stock(product)];
        expect([found.shape, found.dtype]).toEqual([[rows, columns], 'float32']);
        expectClose(found.dataSync(), expected.dataSync());
        tf.dispose([a, b, found, expected]);
      }
    }
  });

  withFused('leave vectors, integers, batches of several and nothing at all to TensorFlow', () => {
    const deferred = jest.spyOn(FusedLayers.prototype as unknown as {defer(): unknown}, 'defer');
    const pairs: Array<[tf.Tensor, tf.Tensor]> = [
      [matrix(30, 20), matrix(20, 1)],
      [tf.ones([30, 20], 'int32'), tf.ones([20, 30], 'int32')],
      [tf.ones([2, 30, 20]), tf.ones([2, 20, 30])],
      [tf.ones([0, 20]), matrix(20, 30)],
      [tf.ones([30, 0]), tf.ones([0, 30])],
    ];
    for (const [a, b] of pairs) tf.dispose([a, b, tf.matMul(a, b)]);
    expect(deferred).not.toHaveBeenCalled();
    deferred.mockRestore();
  });

  withFused('are as exact as TensorFlow in float32, from the smallest to the largest numbers', () => {
    for (const scale of [1e-15, 1, 1e17]) {
      const [a, b] = [matrix(50, 2000), matrix(2000, 40)].map(x => {
        const scaled = tf.mul(x, scale);
        x.dispose();
        return scaled as tf.Tensor2D;
      });
      const product = () => tf.tidy(() => tf.matMul(a, b).arraySync() as number[][]);
      const [x, y] = [a.arraySync(), tf.tidy(() => tf.transpose(b).arraySync() as number[][])];
      const exact = x.map(row => y.map(column => row.reduce((sum, value, k) => sum + value * column[k], 0)));
      const errorOf = (found: number[][]) =>
        Math.hypot(...found.flatMap((row, i) => row.map((value, j) => (value - exact[i][j]) / scale ** 2)));
      expect(errorOf(product())).toBeLessThanOrEqual(1.5 * errorOf(stock(product)));
      tf.dispose([a, b]);
    }
  });

  withFused('let no number that is not finite disappear', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const a = tf.tensor2d(
        Float32Array.from({length: 800}, (_, i) => (i % 40 === 7 ? value : 0.5)),
        [20, 40],
      );
      const b = tf.ones([40, 30]) as tf.Tensor2D;
      const product = tf.matMul(a, b);
      expect(product.dataSync().some(Number.isFinite)).toBe(false);
      tf.dispose([a, b, product]);
    }
  });

  withFused('compute a layer by one op, its gradient by two, and free everything', backend => {
    const ran: string[] = [];
    const {binding} = backend;
    const counting = Object.create(binding, {
      executeOp: {
        value: (...args: Parameters<typeof binding.executeOp>) => {
          ran.push(args[0]);
          return binding.executeOp(...args);
        },
      },
    });
    const inputs = [matrix(40, 30), matrix(30, 20), matrix(1, 20), matrix(20, 25), matrix(1, 25)];
    const weights = matrix(40, 25);
    const computed = () => lossAndGradients(inputs, weights);
    const expected = stock(computed);
    const before = [tensorsOf(backend), tf.memory().numTensors, tf.memory().numDataBuffers];
    Object.assign(backend, {binding: counting});
    const found = computed();
    Object.assign(backend, {binding});
    expect([tensorsOf(backend), tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
    found.forEach((values, i) => expectClose(values, expected[i]));
    const times = (op: string) => ran.filter(each => each === op).length;
    expect(times('AutofisReluLayer')).toBe(2);
    expect(times('AutofisReluLayerGradient')).toBe(1);
    expect(times('AutofisProductTN')).toBe(2);
    // For the loss, and for the bias behind which no layer follows.
    expect(times('Sum')).toBe(2);
    // The gradient of x, which no relu precedes.
    expect(times('AutofisProductNT')).toBe(1);
    expect(['BatchMatMulV2', 'Relu', 'AutofisProductNN'].filter(op => ran.includes(op))).toEqual([]);
    tf.dispose([inputs, weights]);
  });

  withFused('multiply a batch of one matrix, and hand on what is taken for a matrix', backend => {
    const [a, b] = [tf.tidy(() => tf.expandDims(matrix(40, 30))), tf.tidy(() => tf.expandDims(matrix(20, 30)))];
    const before = tensorsOf(backend);
    const product = () => tf.tidy(() => tf.matMul(a as tf.Tensor3D, b as tf.Tensor3D, false, true));
    const [found, flat, other] = tf.tidy(() => {
      const batch = product();
      return [batch, tf.reshape(batch, [40, 20]), tf.reshape(batch, [20, 40])];
    });
    const expected = stock(product);
    expect(found.shape).toEqual([1, 40, 20]);
    for (const each of [flat, found, other]) expectClose(each.dataSync(), expected.dataSync());
    // With a bias and relu, too, which do not follow at once.
    const layer = (x: tf.Tensor) => tf.tidy(() => tf.relu(tf.add(tf.reshape(x, [40, 20]), tf.ones([20]))));
    const [behind, plain] = [tf.tidy(() => layer(product())), layer(expected)];
    expect(behind.shape).toEqual([40, 20]);
    expectClose(behind.dataSync(), plain.dataSync());
    // As TensorFlow knows it.
    const sum = tf.tidy(() => tf.sum(tf.add(flat, tf.ones([40, 20])), 1));
    expect(sum.shape).toEqual([40]);
    tf.dispose([found, flat, other, expected, behind, plain, sum]);
    expect(tensorsOf(backend)).toBe(before);
    tf.dispose([a, b]);
  });

  withFused('compute the gradient of relu together with that of a layer without activation behind it', backend => {
    const before = tensorsOf(backend);
    const gradientOp = jest.spyOn(FusedLayers.prototype, 'reluGradient');
    const [x, w, v, dy] = [matrix(40, 30), matrix(30, 20), matrix(20, 1), matrix(40, 1)];
    const network = (...[a, b, c]: tf.Tensor[]) =>
      tf.fused.matMul({a: tf.relu(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)), b: c as tf.Tensor2D});
    const gradients = () => tf.grads(network)([x, w, v], dy);
    const [found, expected] = [gradients(), stock(gradients)];
    found.forEach((each, i) => expectClose(each.dataSync(), expected[i].dataSync()));
    expect(gradientOp.mock.results.map(({value}) => value !== null)).toContain(true);
    gradientOp.mockRestore();
    tf.dispose([x, w, v, dy, found, expected]);
    // Nor are the sums left that no bias asked for.
    expect(tensorsOf(backend)).toBe(before);
  });

  withFused('take a product in another shape for what it is in that shape', () => {
    const [a, b, bias] = [matrix(40, 30), matrix(20, 30), matrix(1, 10)];
    const results = () =>
      tf.tidy(() => {
        const product = () => tf.reshape(tf.matMul(a, b, false, true), [80, 10]);
        const ones = tf.ones([80, 10]);
        const sums = [tf.add(product(), bias), tf.add(product(), ones), tf.relu(product())];
        const gradient = tf.grad((x: tf.Tensor) => tf.relu(x))(ones, product());
        return [...sums, gradient].map(each => [each.shape, [...each.dataSync()]] as const);
      });
    const [found, expected] = [results(), stock(results)];
    found.forEach(([shape, values], i) => {
      expect(shape).toEqual([80, 10]);
      expectClose(values, expected[i][1]);
    });
    tf.dispose([a, b, bias]);
  });

  withFused('give the sums before relu to who asks for them, and a layer without relu its bias', backend => {
    const before = tensorsOf(backend);
    const [x, w, b] = [matrix(40, 30), matrix(30, 20), matrix(1, 20)];
    const sums = () => tf.tidy(() => tf.add(tf.matMul(x, w), b));
    const z = sums();
    const y = tf.relu(z);
    const expected = stock(() => tf.tidy(() => [...sums().dataSync()]));
    expectClose(z.dataSync(), expected);
    expectClose(
      y.dataSync(),
      expected.map(value => Math.max(value, 0)),
    );
    // A column is not a bias of these columns.
    const other = tf.tidy(() => tf.add(tf.matMul(x, w), tf.ones([40, 1])));
    const plain = stock(() => tf.tidy(() => tf.add(tf.matMul(x, w), 1)));
    expectClose(other.dataSync(), plain.dataSync());
    // Numbers of another rank give the sum that rank.
    const higher = tf.tidy(() => tf.add(tf.matMul(x, w), tf.reshape(b, [1, 1, 20])));
    expect(higher.shape).toEqual([1, 40, 20]);
    expectClose(higher.dataSync(), expected);
    tf.dispose([x, w, b, z, y, other, plain, higher]);
    expect(tensorsOf(backend)).toBe(before);
  });

  withFused('keep what they multiply until they have', backend => {
    const before = [tensorsOf(backend), tf.memory().numDataBuffers];
    const [x, w] = [matrix(40, 30), matrix(30, 20)];
    const expected = stock(() => tf.tidy(() => tf.matMul(x, w).dataSync()));
    const later = tf.matMul(x, w);
    const never = tf.matMul(x, w);
    tf.dispose([x, w]);
    expectClose(later.dataSync(), expected);
    tf.dispose([later, never]);
    expect([tensorsOf(backend), tf.memory().numDataBuffers]).toEqual(before);
  });

  withFused('are computed before one of their factors changes where it lies', backend => {
    const ops = new NativeOps(backend);
    const tables = [matrix(30, 20), tf.zeros([30, 20]), tf.zeros([30, 20])].map(each => ops.copy(each));
    const x = matrix(40, 30);
    const expected = stock(() => tf.tidy(() => tf.matMul(x, tables[0] as tf.Tensor2D).dataSync()));
    const product = tf.matMul(x, tables[0] as tf.Tensor2D);
    const rows = tf.tensor1d([0, 3], 'int32');
    ops.adamRows(tables, rows, tf.ones([2, 20]), {rate: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-7});
    expectClose(product.dataSync(), expected);
    tf.dispose([tables, x, product, rows]);
  });

  withFused('train and predict as TensorFlow does, with NaN where it has NaN', async () => {
    const run = () => trainSmallNetwork([64, 48]);
    const fused = await run();
    allowKernels(false);
    const whole = await run();
    allowKernels(true);
    expect(whole.losses[19]).toBeLessThan(0.8 * whole.losses[0]);
    fused.losses.forEach((loss, step) => expect(loss).toBeCloseTo(whole.losses[step], 4));
    fused.predictions.forEach((value, i) => expect(value).toBeCloseTo(whole.predictions[i], 3));
    expect([fused.lost, whole.lost]).toEqual([
      [NaN, NaN],
      [NaN, NaN],
    ]);
  });
});
