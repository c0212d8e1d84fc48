import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {planSlices, Slice} from '../../src/products/plan';
import {collect, collectColumns, products, pullBack, spread, spreadColumns, takeRows} from '../../src/products/slice';
import {EmbeddingShape, numericGradient, plainProducts, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const shape: EmbeddingShape = [3, 6, 4];
const values = uniform(generator(1), 3 * 6 * 4);
const embeddings = () => tf.tensor3d(values, [3, 6, 4]);

const slices: Array<[string, Order, Interaction[]]> = [
  ['all pairs', 2, allInteractions(6, 2)],
  ['neighbouring fields', 2, [[2, 3], [2, 4], [3, 4]]],
  ['scattered fields', 2, [[0, 5], [2, 5]]],
  ['triples of one field', 3, [[1, 2, 3], [1, 2, 5], [1, 3, 5]]],
  ['one triple', 3, [[0, 3, 4]]],
];

function onlySlice(order: Order, interactions: Interaction[]): Slice {
  const [slice, ...others] = planSlices(interactions, order);
  expect(others).toEqual([]);
  return slice;
}

describe.each(slices)('a slice of %s', (_, order, interactions) => {
  const slice = onlySlice(order, interactions);

  it('takes the rows of its fields', () => {
    tf.tidy(() => {
      const {rows, scale} = takeRows(embeddings(), slice);
      const row = (b: number, f: number) => values.slice((b * 6 + f) * 4, (b * 6 + f + 1) * 4);
      const batch = [0, 1, 2];
      expect(numbers(rows)).toEqual(batch.flatMap(b => slice.fields.flatMap(f => row(b, f))));
      expect(scale === null ? null : numbers(scale)).toEqual(
          slice.scale === null ? null : batch.flatMap(b => row(b, slice.scale!)));
    });
  });

  it('gives a field the gradient of its row and the others none', () => {
    tf.tidy(() => {
      const upstream = uniform(generator(2), 3 * slice.fields.length * 4);
      const gradient = tf.grad(e => {
        const {rows} = takeRows(e as tf.Tensor3D, slice);
        return tf.sum(tf.mul(rows, tf.tensor(upstream, rows.shape)));
      })(embeddings());
      const expected = new Float32Array(3 * 6 * 4);
      for (let b = 0; b < 3; b++) {
        slice.fields.forEach((f, i) => {
          for (let k = 0; k < 4; k++) expected[(b * 6 + f) * 4 + k] = upstream[(b * slice.fields.length + i) * 4 + k];
        });
      }
      expect(numbers(gradient)).toEqual([...expected]);
    });
  });

  it('holds every product at its place of T', () => {
    tf.tidy(() => {
      const t = products(takeRows(embeddings(), slice));
      expectClose(collectColumns(t, slice), plainProducts(values, shape, interactions).flat(), 1e-6);
    });
  });

  it('pulls a gradient of T back to the rows', () => {
    tf.tidy(() => {
      const upstream = uniform(generator(3), 3 * interactions.length);
      const taken = takeRows(embeddings(), slice);
      const [rows, scale] = pullBack(taken, spreadColumns(tf.tensor2d(upstream, [3, interactions.length]), slice));
      const expected = numericGradient(e => weighted(plainProducts(e, shape, interactions), upstream), values);
      const of = (fields: readonly number[]) => [0, 1, 2].flatMap(b =>
        fields.flatMap(f => expected.slice((b * 6 + f) * 4, (b * 6 + f + 1) * 4)));
      expectClose(rows, of(slice.fields), 1e-5);
      expect(scale === undefined).toBe(order === 2);
      if (scale !== undefined) expectClose(scale, of([slice.scale!]), 1e-5);
    });
  });

  it('collects what it spread, and puts nothing elsewhere', () => {
    tf.tidy(() => {
      const given = tf.tensor1d(interactions.map((_, p) => p + 1));
      const placed = spread(given, slice);
      expect(numbers(collect(placed, slice))).toEqual(numbers(given));
      expect(numbers(tf.sum(placed))).toEqual([2 * numbers(tf.sum(given))[0]]);
      const columns = spreadColumns(tf.reshape(given, [1, -1]), slice);
      expect(numbers(columns)).toEqual(numbers(placed));
      expect(numbers(collectColumns(columns, slice))).toEqual(numbers(given));
    });
  });
});

it('leaves no tensor behind', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      const slice = onlySlice(2, [[0, 5], [2, 5]]);
      tf.grad(e => tf.sum(products(takeRows(e as tf.Tensor3D, slice))))(embeddings());
    });
  });
});
