import * as tf from '@tensorflow/tfjs-core';
import {HalfTensors} from '../../src/native/half_tensors';
import {MixedPrecision} from '../../src/native/mixed_precision';
import {allowKernels, backendWithKernels, hasOp} from '../../src/native/kernel_ops';
import {setPrecision} from '../../src/native/precision';
import {useBackend} from '../../src/runtime/index';
import {NativeBackend, nativeBackend} from '../../src/tfjs_internals';
import {lossAndGradients, matrices, tensorsOf, trainSmallNetwork} from '../helpers/small_network';

/** To 8 bits of mantissa, ties to even. */
function toBfloat16(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer)[0];
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(rounded).buffer)[0];
}

const matrix = matrices(4);

/** Row 0 of A B, of factors that are rounded, in double precision. */
function firstRow(a: tf.Tensor2D, b: tf.Tensor2D): number[] {
  const [x, y] = [a, b].map(each => each.arraySync() as number[][]);
  return y[0].map((_, j) => y.reduce((sum, row, k) => sum + toBfloat16(x[0][k]) * toBfloat16(row[j]), 0));
}

type Body = (backend: NativeBackend) => void | Promise<void>;

async function inMixedPrecision(body: Body): Promise<void> {
  const backend = nativeBackend();
  if (backend === null || backend.isUsingGpuDevice) return;
  expect(setPrecision('mixed', true)).toBeNull();
  try {
    await body(backend);
  } finally {
    setPrecision('float32');
  }
}

/** On a processor without instructions for bfloat16 TensorFlow computes the same, slower. */
const withNative = (name: string, body: Body) => it(name, () => inMixedPrecision(body));

const hasTiles = () => {
  const backend = backendWithKernels();
  return backend !== null && hasOp(backend, 'AutofisHalfProducts');
};

/** Where the processor multiplies bfloat16 in tiles. */
const withTiles = (name: string, body: Body) =>
  it(name, async () => {
    if (hasTiles()) await inMixedPrecision(body);
  });

/** By TensorFlow's products, as on processors without tiles. */
const withoutTiles = (name: string, body: Body) =>
  it(name, async () => {
    const backend = nativeBackend();
    if (backend === null) return;
    const {executeMultipleOutputs} = backend;
    backend.executeMultipleOutputs = (op, ...rest) => {
      if (op === 'AutofisHalfProducts') throw new Error('There is no such op.');
      return executeMultipleOutputs.call(backend, op, ...rest);
    };
    try {
      await inMixedPrecision(body);
    } finally {
      backend.executeMultipleOutputs = executeMultipleOutputs;
    }
  });

/** Numbers of products of the same matrices, either of them transposed or not, and what each should be. */
function products(check: (found: number, exact: number) => void): void {
  const [a, b] = [matrix(300, 200), matrix(200, 150)];
  const exact = firstRow(a, b);
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const result = tf.tidy(() =>
      tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b, transposeA, transposeB),
    );
    expect([result.shape, result.dtype]).toEqual([[300, 150], 'float32']);
    const found = result.dataSync();
    exact.forEach((value, j) => check(found[j], value));
    result.dispose();
  }
  tf.dispose([a, b]);
}

describe('mixed precision', () => {
  withoutTiles('multiplies factors in bfloat16, transposed or not, and adds up in float32', () => {
    products((found, exact) => {
      // The sum is rounded once, to a part in 256 at most.
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.abs(exact) / 256 + 1e-4);
      // Exactly what bfloat16 can hold: it was computed there.
      expect(toBfloat16(found)).toBe(found);
    });
  });

  withTiles('multiplies factors in bfloat16 in tiles, with results in float32', () => {
    products((found, exact) => expect(Math.abs(found - exact)).toBeLessThanOrEqual(2e-6));
  });

  withTiles('computes the last layer, its gradients and that of relu without a cast', backend => {
    const cast = jest.spyOn(HalfTensors.prototype as unknown as {cast(): unknown}, 'cast');
    const [x, w, v, dy] = [matrix(300, 200), matrix(200, 150), matrix(150, 1), matrix(300, 1)];
    // Far from 0, where rounding would decide whether a unit has a gradient.
    const bias = tf.tensor2d([Array.from({length: 150}, (_, unit) => (unit % 2 === 0 ? 50 : -50))]);
    const network = (...[a, b, c, last]: tf.Tensor[]) => {
      const hidden = tf.relu(tf.add(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), c));
      return tf.fused.matMul({a: hidden as tf.Tensor2D, b: last as tf.Tensor2D, bias: tf.scalar(0.5)});
    };
    const computed = () =>
      tf.tidy(() => {
        const {value, grads} = tf.valueAndGrads(network)([x, w, bias, v], dy);
        return [value, ...grads].map(each => [...each.dataSync()]);
      });
    computed();
    const before = tensorsOf(backend);
    const found = computed();
    expect(cast).not.toHaveBeenCalled();
    expect(tensorsOf(backend)).toBe(before);
    cast.mockRestore();
    setPrecision('float32');
    const exact = computed();
    found.forEach((values, i) => {
      const size = Math.hypot(...exact[i]);
      expect(Math.hypot(...values.map((value, k) => value - exact[i][k]))).toBeLessThanOrEqual(0.01 * size);
      expect(values).not.toEqual(exact[i]);
    });
    tf.dispose([x, w, bias, v, dy]);
  });

  withTiles('adds the gradient of a flattened input to that of another path', () => {
    const [x, w, dy] = [tf.tidy(() => tf.reshape(matrix(300, 200), [300, 20, 10])), matrix(200, 150), matrix(300, 150)];
    const network = (each: tf.Tensor) => {
      const dense = tf.relu(tf.add(tf.matMul(tf.reshape(each, [300, 200]) as tf.Tensor2D, w), tf.zeros([150])));
      return tf.add(dense, tf.sum(tf.mul(each, each), [1, 2]).reshape([300, 1]));
    };
    const gradient = () => tf.grad(network)(x, dy);
    const mixed = gradient();
    setPrecision('float32');
    const whole = gradient();
    expect(mixed.shape).toEqual([300, 20, 10]);
    const difference = tf.tidy(() => tf.div(tf.norm(tf.sub(mixed, whole)), tf.norm(whole)).dataSync()[0]);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThanOrEqual(0.02);
    tf.dispose([x, w, dy, mixed, whole]);
  });

  withNative('leaves small products, those with a vector, and integers as they are', () => {
    const pairs: Array<[tf.Tensor2D, tf.Tensor2D]> = [
      [matrix(50, 50), matrix(50, 50)],
      [tf.randomUniform([3000, 1500], -1, 1, 'float32', 5), matrix(1500, 1)],
      [tf.ones([300, 200], 'int32'), tf.ones([200, 150], 'int32')],
    ];
    for (const [a, b] of pairs) {
      const mixed = tf.matMul(a, b);
      setPrecision('float32');
      const whole = tf.matMul(a, b);
      setPrecision('mixed', true);
      expect([...mixed.dataSync()]).toEqual([...whole.dataSync()]);
      tf.dispose([a, b, mixed, whole]);
    }
  });

  withoutTiles('keeps what lies between products in bfloat16, to the same numbers', backend => {
    if (backendWithKernels() === null) return;
    const inputs = [matrix(300, 200), matrix(200, 150), matrix(1, 150), matrix(150, 160), matrix(1, 160)];
    const weights = tf.tidy(() => tf.add(matrix(300, 160), 1));
    const computed = () => lossAndGradients(inputs, weights);
    const passes = ['add', 'relu', 'reluGradient', 'columnSums'] as const;
    const spies = passes.map(name => jest.spyOn(MixedPrecision.prototype, name));
    computed();
    const before = tensorsOf(backend);
    const kept = computed();
    expect(tensorsOf(backend)).toBe(before);
    spies.forEach(spy => expect(spy.mock.results.filter(({value}) => value !== null).length).toBeGreaterThan(0));
    jest.restoreAllMocks();
    // By TensorFlow's ops all passes are in float32, and are rounded when a product needs them.
    allowKernels(false);
    try {
      const cast = computed();
      kept.forEach((values, i) => {
        // The loss and the last bias's gradient are sums of positive numbers, each of which is rounded only here.
        const tolerance = i === 0 || i === 5 ? 2 ** -9 : 1e-6;
        const largest = Math.max(...values.map(Math.abs));
        const furthest = Math.max(...values.map((value, at) => Math.abs(value - cast[i][at])));
        expect(furthest).toBeLessThanOrEqual(tolerance * largest);
      });
    } finally {
      allowKernels(true);
    }
    tf.dispose([inputs, weights]);
  });

  withNative('trains as float32 does, to the digits that it has', async backend => {
    const trained = async () => (await trainSmallNetwork([128, 128])).losses;
    await trained();
    const before = tensorsOf(backend);
    const mixed = await trained();
    expect(tensorsOf(backend)).toBe(before);
    setPrecision('float32');
    const whole = await trained();
    expect(whole[19]).toBeLessThan(0.7 * whole[0]);
    whole.forEach((loss, step) => expect(mixed[step]).toBeCloseTo(loss, 2));
    expect(mixed).not.toEqual(whole);
  });

  it('is asked for by useBackend, which says why where it is refused', async () => {
    await expect(useBackend('cpu', {precision: 'half' as never})).rejects.toThrow(
      'useBackend: `precision` must be one of "float32", "mixed". Received: "half".',
    );
    expect((await useBackend('wasm', {precision: 'mixed'})).reason).toMatch(
      / In float32: only native TensorFlow multiplies in bfloat16\.$/,
    );
    const {backend, reason, precision} = await useBackend(undefined, {precision: 'mixed'});
    if (backend === 'tfjs-node') {
      expect(reason).toMatch(
        / (Dense layers multiply in bfloat16|In float32: products are not faster in bfloat16 on this processor)\.$/,
      );
      expect(precision).toBe(reason.includes('In float32') ? 'float32' : 'mixed');
    }
    expect((await useBackend(undefined, {precision: 'float32'})).precision).toBe('float32');
  });
});
