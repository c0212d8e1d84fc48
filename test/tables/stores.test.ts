import * as tf from '@tensorflow/tfjs-core';
import {nativeBackend} from '../../src/native/backend';
import {backendWithOwnOps} from '../../src/native/own_ops';
import {HeapRows} from '../../src/tables/heap_table';
import {NativeRows} from '../../src/tables/native_table';
import {OwnedRows} from '../../src/tables/owned_table';
import type {RowStore} from '../../src/tables/row_store';
import {generator, integers, uniform} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const V = 200, step = {beta1: 0.9, beta2: 0.99, rate: 0.01, epsilon: 1e-4};

/** The stores that the current backend can have; those of tensors and of typed arrays everywhere. */
function stores(shape: number[]): Array<[string, () => RowStore]> {
  const native = nativeBackend();
  return [
    ['HeapRows', () => new HeapRows(shape)],
    ...native === null ? [] : [['NativeRows', () => new NativeRows(native, shape)] as [string, () => RowStore]],
    ...backendWithOwnOps() === null ? [] : [['OwnedRows', () => new OwnedRows(native!)] as [string, () => RowStore]],
  ];
}

describe.each([[1], [16], [19]])('rows of %i values', width => {
  const start = uniform(generator(width), V * width);
  // The second and the third name the same rows: a store may keep what it knows of a list.
  const batches = [[1, 4], [2, 5], [2, 6], [3, 7]].map(([list, t]) =>
    ({rows: [...integers(generator(list), 300, V), 7, 7], gradient: uniform(generator(t), 302 * width)}));
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
      for (const {values} of results.slice(1)) values.forEach((each, i) => expectClose(each, results[0].values[i], 1e-5));
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
