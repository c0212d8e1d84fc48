import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {planProducts, Slice} from '../../src/products/plan';
import {
  collect,
  collectColumns,
  multiplicity,
  products,
  pullBack,
  spread,
  spreadColumns,
  sliceRows,
} from '../../src/products/slice';
import {EmbeddingShape, numericGradient, plainProducts, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const shape: EmbeddingShape = [3, 6, 4];
const values = uniform(generator(1), 3 * 6 * 4);
const embeddings = () => tf.tensor3d(values, [3, 6, 4]);

const slices: Array<[string, Order, Interaction[]]> = [
  ['all pairs', 2, allInteractions(6, 2)],
  [
    'neighbouring fields',
    2,
    [
      [2, 3],
      [2, 4],
      [3, 4],
    ],
  ],
  [
    'scattered fields',
    2,
    [
      [0, 5],
      [2, 5],
    ],
  ],
  [
    'all triples around a field',
    3,
    [
      [0, 2, 3],
      [0, 2, 4],
      [0, 2, 5],
      [1, 2, 3],
      [1, 2, 4],
      [1, 2, 5],
    ],
  ],
  [
    'some triples around a field',
    3,
    [
      [0, 3, 5],
      [2, 3, 4],
    ],
  ],
  ['one triple', 3, [[0, 3, 4]]],
];

function onlySlice(order: Order, interactions: Interaction[]): Slice {
  const [slice, ...others] = planProducts(interactions, order).slices;
  expect(others).toEqual([]);
  return slice;
}

describe.each(slices)('a slice of %s', (_, order, interactions) => {
  const slice = onlySlice(order, interactions);

  const groups = slice.middle === null ? [slice.left] : [slice.left, [slice.middle], slice.right];

  it('takes the rows of its fields', () => {
    tf.tidy(() => {
      const row = (b: number, f: number) => values.slice((b * 6 + f) * 4, (b * 6 + f + 1) * 4);
      expect(sliceRows(embeddings(), slice).map(numbers)).toEqual(
        groups.map(fields => [0, 1, 2].flatMap(b => fields.flatMap(f => row(b, f)))),
      );
    });
  });

  it('gives a field the gradient of its row and the others none', () => {
    tf.tidy(() => {
      const upstream = groups.map((fields, g) => uniform(generator(20 + g), 3 * fields.length * 4));
      const gradient = tf.grad(e =>
        tf.addN(
          sliceRows(e as tf.Tensor3D, slice).map((rows, g) => tf.sum(tf.mul(rows, tf.tensor(upstream[g], rows.shape)))),
        ),
      )(embeddings());
      const expected = new Float32Array(3 * 6 * 4);
      groups.forEach((fields, g) => {
        for (let b = 0; b < 3; b++) {
          fields.forEach((f, i) => {
            for (let k = 0; k < 4; k++) expected[(b * 6 + f) * 4 + k] = upstream[g][(b * fields.length + i) * 4 + k];
          });
        }
      });
      expect(numbers(gradient)).toEqual([...expected]);
    });
  });

  it('holds every product at its place of T', () => {
    tf.tidy(() => {
      const t = products(sliceRows(embeddings(), slice));
      expectClose(collectColumns(t, slice), plainProducts(values, shape, interactions).flat(), 1e-6);
    });
  });

  it('pulls a gradient of T back to the rows', () => {
    tf.tidy(() => {
      const upstream = uniform(generator(3), 3 * interactions.length);
      const taken = sliceRows(embeddings(), slice);
      const gradients = pullBack(taken, spreadColumns(tf.tensor2d(upstream, [3, interactions.length]), slice));
      const expected = numericGradient(e => weighted(plainProducts(e, shape, interactions), upstream), values);
      const of = (fields: readonly number[]) =>
        [0, 1, 2].flatMap(b => fields.flatMap(f => expected.slice((b * 6 + f) * 4, (b * 6 + f + 1) * 4)));
      expect(gradients).toHaveLength(groups.length);
      groups.forEach((fields, g) => expectClose(gradients[g], of(fields), 1e-5));
    });
  });

  it('collects what it spread, and puts nothing elsewhere', () => {
    tf.tidy(() => {
      const given = tf.tensor1d(interactions.map((_, p) => p + 1));
      const placed = spread(given, slice);
      expect(numbers(collect(placed, slice))).toEqual(numbers(given));
      expect(numbers(tf.sum(placed))).toEqual([multiplicity(slice) * numbers(tf.sum(given))[0]]);
      const columns = spreadColumns(tf.reshape(given, [1, -1]), slice);
      expect(numbers(columns)).toEqual(numbers(placed));
      expect(numbers(collectColumns(columns, slice))).toEqual(numbers(given));
    });
  });
});

it('leaves no tensor behind', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      const slice = onlySlice(2, [
        [0, 5],
        [2, 5],
      ]);
      tf.grad(e => tf.sum(products(sliceRows(e as tf.Tensor3D, slice))))(embeddings());
    });
  });
});
