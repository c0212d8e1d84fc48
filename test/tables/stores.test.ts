import * as tf from '@tensorflow/tfjs-core';
import {nativeBackend} from '../../src/tfjs_internals';
import {backendWithKernels} from '../../src/native/kernel_ops';
import {BlockShape} from '../../src/tables/blocks';
import {HeapRows} from '../../src/tables/heap_table';
import {NativeRows} from '../../src/tables/native_table';
import {KernelRows} from '../../src/tables/kernel_table';
import type {RowStore} from '../../src/tables/row_store';
import {generator, integers, uniform} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const V = 200;
const step = {beta1: 0.9, beta2: 0.99, rate: 0.01, epsilon: 1e-4};

/** The stores that the current backend can have; those of tensors and of typed arrays everywhere. */
function stores(shape: number[]): Array<[string, () => RowStore]> {
  const native = nativeBackend();
  const rowStores: Array<[string, () => RowStore]> = [['HeapRows', () => new HeapRows(shape)]];
  if (native !== null) rowStores.push(['NativeRows', () => new NativeRows(native, shape)]);
  if (backendWithKernels() !== null) rowStores.push(['KernelRows', () => new KernelRows(native!)]);
  return rowStores;
}

describe.each([[1], [16], [19]])('rows of %i values', width => {
  const start = uniform(generator(width), V * width);
  // The second and the third name the same rows: a store may keep what it knows of a list.
  const batches = [
    [1, 4],
    [2, 5],
    [2, 6],
    [3, 7],
  ].map(([list, t]) => ({
    rows: [...integers(generator(list), 300, V), 7, 7],
    gradient: uniform(generator(t), 302 * width),
  }));
  const filled = (store: RowStore, values: number[]) => {
    tf.tidy(() => store.write(tf.tensor2d(values, [V, width]), false));
    return store;
  };
  const zeros = Array<number>(V * width).fill(0);

  it('take the same steps in every store', async () => {
    await expectNoLeak(() => {
      const results = stores([V, width]).map(([name, make]) => {
        const [w, m, v] = [start, zeros, zeros].map(values => filled(make(), values));
        for (const {rows, gradient} of batches) {
          tf.tidy(() => w.adamRows(m, v, tf.tensor1d(rows, 'int32'), tf.tensor2d(gradient, [302, width]), step));
        }
        const values = tf.tidy(() => [w, m, v].map(store => numbers(store.read())));
        const gathered = tf.tidy(() => numbers(w.gather(tf.tensor1d([7, 0, 7], 'int32'))));
        expect(gathered).toEqual([7, 0, 7].flatMap(row => values[0].slice(row * width, (row + 1) * width)));
        [w, m, v].forEach(store => store.dispose());
        return {name, values};
      });
      for (const {values} of results.slice(1))
        values.forEach((each, i) => expectClose(each, results[0].values[i], 1e-5));
    });
  });

  it('leave a value that was read as it was, and one that was written', async () => {
    await expectNoLeak(() => {
      for (const [, make] of stores([V, width])) {
        const given = tf.tensor2d(start, [V, width]);
        const [w, m, v] = [make(), filled(make(), zeros), filled(make(), zeros)];
        w.write(given, false);
        const read = w.read();
        const [{rows, gradient}] = batches;
        tf.tidy(() => w.adamRows(m, v, tf.tensor1d(rows, 'int32'), tf.tensor2d(gradient, [302, width]), step));
        expect(numbers(read)).toEqual(numbers(given));
        expectClose(given, start, 1e-7);
        expect(tf.tidy(() => numbers(w.read()))).not.toEqual(numbers(given));
        tf.dispose([given, read]);
        [w, m, v].forEach(store => store.dispose());
      }
    });
  });
});

describe.each([1, 3, 4, 8, 16, 19])('blocks of rows of %i values', width => {
  // Three columns with blocks of 2, 1 and 3 rows: of two fields with 40 values each, and one with 20.
  const lengths = Int32Array.from([2, 1, 3]);
  const places = Int32Array.from([4, 0, 2, 5, 1, 3]);
  const blocks = new BlockShape(lengths, places);
  const size = 40 * 2 + 40 + 20 * 3;
  const next = generator(width);
  const start = uniform(next, size * width);
  const B = 90;
  const batches = Array.from({length: 3}, () => {
    const ids = [integers(next, B, 40), integers(next, B, 40), integers(next, B, 20)];
    return {
      starts: ids[0].flatMap((id, b) => [2 * id, 80 + ids[1][b], 120 + 3 * ids[2][b]]),
      gradient: uniform(next, B * 6 * width),
    };
  });
  /** The rows themselves, each at its place. */
  const rowsOf = (starts: number[]) =>
    Array.from({length: B}, (_, b) => {
      const rows = Array<number>(6);
      Array.from(lengths).reduce((k, length, c) => {
        for (let offset = 0; offset < length; offset++) rows[places[k + offset]] = starts[b * 3 + c] + offset;
        return k + length;
      }, 0);
      return rows;
    }).flat();
  const filled = (store: RowStore, values: number[]) => {
    tf.tidy(() => store.write(tf.tensor2d(values, [size, width]), false));
    return store;
  };

  it('take the steps of their rows in every store', async () => {
    for (const [, make] of stores([size, width]))
      await expectNoLeak(() => {
        const [byBlocks, byRows] = [true, false].map(inBlocks => {
          const [w, m, v] = [start, start.map(() => 0), start.map(() => 0)].map(values => filled(make(), values));
          const seen = batches.flatMap(({starts, gradient}) =>
            tf.tidy(() => {
              const rows = inBlocks
                ? tf.tensor2d(starts, [B, 3], 'int32')
                : tf.tensor2d(rowsOf(starts), [B, 6], 'int32');
              const each = inBlocks ? blocks : undefined;
              w.adamRows(m, v, rows, tf.tensor3d(gradient, [B, 6, width]), step, each);
              const found = w.gather(rows, each);
              expect(found.shape).toEqual([B, 6, width]);
              return numbers(found);
            }),
          );
          const values = tf.tidy(() => [w, m, v].flatMap(store => numbers(store.read())));
          [w, m, v].forEach(store => store.dispose());
          return [...seen, ...values];
        });
        expectClose(byBlocks, byRows, 1e-5);
      });
  });
});

it('blocks out of range are refused by the native ops', () => {
  const native = nativeBackend();
  if (native === null || backendWithKernels() === null) return;
  const store = new KernelRows(native);
  const blocks = new BlockShape(Int32Array.from([2, 1]), Int32Array.from([0, 1, 2]));
  tf.tidy(() => {
    store.write(tf.zeros([6, 4]), false);
    expect(() => store.gather(tf.tensor2d([[5, 0]], [1, 2], 'int32'), blocks)).toThrow(
      'AutofisGatherBlocks: a row is out of range',
    );
    expect(() => store.gather(tf.tensor2d([[0, -1]], [1, 2], 'int32'), blocks)).toThrow(
      'AutofisGatherBlocks: a row is out of range',
    );
    expect(() => store.gather(tf.tensor2d([[0]], [1, 1], 'int32'), blocks)).toThrow(
      'a table [R, d] and starts [B, C] with a length',
    );
  });
  store.dispose();
});
