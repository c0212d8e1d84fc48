import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldEmbedding, FieldSpec, fieldLinear} from 'tfjs-autofis/layers';
import {lazyAdam, partitioned} from 'tfjs-autofis/optimizers';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';
import {generator, integers, uniform} from '../helpers/random';
import {disposeWeights, expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const fields: FieldSpec[] = [
  {name: 'a', size: 6},
  {name: 'tags', size: 4, width: 3},
];
const V = 10;
const d = 3;
const B = 5;
const options = {learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3};

/** Ids of a batch, with rows that repeat, rows that no batch has (5, 9) and padding. */
function batch(step: number): number[][] {
  const next = generator(step);
  return Array.from({length: B}, () => [integers(next, 1, 5)[0], integers(next, 1, 3)[0], integers(next, 1, 3)[0], -1]);
}
const coefficients = uniform(generator(3), B * 2 * d);

function layerWith(values: number[], args = {}) {
  const layer = fieldEmbedding({fields, outputDim: d, ...args});
  layer.apply(tfl.input({shape: [4], dtype: 'int32'}));
  tf.tidy(() => layer.setWeights([tf.tensor2d(values, [V, d])]));
  return layer;
}
type Layer = ReturnType<typeof layerWith>;
const look = (layer: Layer, ids: number[][]) => layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor;
const table = (layer: Layer) => layer.weights[0].read() as tf.Variable;

/** sum(coefficients * e) + 1/2 sum(e^2): upstream gradients that depend on the rows. */
const loss = (e: tf.Tensor) =>
  tf.add(tf.sum(tf.mul(tf.reshape(e, [-1]), coefficients)), tf.mul(0.5, tf.sum(tf.square(e)))) as tf.Scalar;
const step = (optimizer: tf.Optimizer, layer: Layer, t: number) =>
  tf.tidy(() => optimizer.minimize(() => loss(look(layer, batch(t))), true, [table(layer)])!.dataSync()[0]);

const start = uniform(generator(5), V * d);

/** The lazy rule of the docstring by loops in float64. */
function plain(steps: number): {w: number[]; touched: Set<number>} {
  const w = [...start];
  const m = w.map(() => 0);
  const v = w.map(() => 0);
  const all = new Set<number>();
  const {learningRate, beta1, beta2, epsilon} = options;
  for (let t = 1; t <= steps; t++) {
    const g = w.map(() => 0);
    const touched = new Set<number>();
    batch(t).forEach(([a, p, q], b) => {
      const groups = [
        [[a, 1]],
        [
          [6 + p, 0.5],
          [6 + q, 0.5],
        ],
      ];
      groups.forEach((group, f) => {
        for (let k = 0; k < d; k++) {
          const e = group.reduce((sum, [row, weight]) => sum + weight * w[row * d + k], 0);
          for (const [row, weight] of group) g[row * d + k] += weight * (coefficients[(b * 2 + f) * d + k] + e);
        }
        group.forEach(([row]) => touched.add(row));
      });
      // Padding reads the field's first row, with no weight.
      touched.add(6);
    });
    for (const row of touched) {
      all.add(row);
      for (let i = row * d; i < (row + 1) * d; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
        w[i] -= (learningRate * (m[i] / (1 - beta1 ** t))) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon);
      }
    }
  }
  return {w, touched: all};
}

it('goes on on another backend, to and fro', async () => {
  await useBackend();
  const layer = layerWith(start);
  const optimizer = lazyAdam(options);
  for (let t = 1; t <= 15; t++) {
    await useBackend((['wasm', undefined, 'cpu'] as const)[t % 3]);
    step(optimizer, layer, t);
  }
  await useBackend('wasm');
  expectClose(table(layer), plain(15).w, 1e-4);
  disposeWeights(layer);
  optimizer.dispose();
});

describe.each<BackendName | undefined>([undefined, 'wasm', 'cpu'])('a step on a table, backend %s', backend => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  it('equals the lazy rule by plain loops, with repeated rows and padding', async () => {
    await expectNoLeak(() => {
      const layer = layerWith(start);
      const optimizer = lazyAdam(options);
      for (let t = 1; t <= 15; t++) step(optimizer, layer, t);
      const {w, touched} = plain(15);
      expect(touched.has(5)).toBe(false);
      expectClose(table(layer), w, 1e-4);
      expect(numbers(table(layer)).slice(5 * d, 6 * d)).toEqual(start.slice(5 * d, 6 * d));
      disposeWeights(layer);
      optimizer.dispose();
    });
  });

  it.each([
    ['exact', {exact: true}, {}],
    ['a regularized table', {}, {embeddingsRegularizer: tfl.regularizers.l2({l2: 0.1})}],
  ])('equals tf.train.adam with %s', async (_, exact, args) => {
    await expectNoLeak(() => {
      const [ours, stock] = [layerWith(start, args), layerWith(start, args)];
      const {learningRate, beta1, beta2, epsilon} = options;
      const [a, b] = [lazyAdam({...options, ...exact}), tf.train.adam(learningRate, beta1, beta2, epsilon)];
      for (let t = 1; t <= 20; t++) {
        step(a, ours, t);
        step(b, stock, t);
      }
      expectClose(table(ours), table(stock), 1e-5);
      [ours, stock].forEach(disposeWeights);
      [a, b].forEach(optimizer => optimizer.dispose());
    });
  });

  it('adds up several lookups of one table in a step', async () => {
    await expectNoLeak(() => {
      const values = (twice: boolean) => {
        const layer = layerWith(start);
        const optimizer = lazyAdam(options);
        const [first, second] = [batch(1), batch(2)];
        const both = twice
          ? () => tf.add(loss(look(layer, first)), loss(look(layer, second)))
          : () => {
              const e = look(layer, [...first, ...second]);
              return tf.add(loss(tf.slice(e, 0, B)), loss(tf.slice(e, B, B)));
            };
        for (let t = 0; t < 3; t++) optimizer.minimize(() => tf.tidy(both) as tf.Scalar, false, [table(layer)]);
        const result = numbers(table(layer));
        disposeWeights(layer);
        optimizer.dispose();
        return result;
      };
      expectClose(values(true), values(false), 1e-5);
    });
  });

  it(
    'leaves a table that the loss does not use, one that is frozen, ' + 'and one outside the list of variables',
    async () => {
      await expectNoLeak(() => {
        const layers = [0, 1, 2, 3].map(() => layerWith(start));
        const optimizer = lazyAdam(options);
        table(layers[1]).trainable = false;
        const [used, frozen, unused, outside] = layers;
        const f = () =>
          tf.tidy(() => {
            look(unused, batch(2));
            return tf.addN([used, frozen, outside].map(layer => loss(look(layer, batch(1))))) as tf.Scalar;
          });
        optimizer.minimize(f, false, [used, frozen, unused].map(table));
        layers.slice(1).forEach(layer => expect(numbers(table(layer))).toEqual(start));
        expect(numbers(table(used))).not.toEqual(start);
        layers.forEach(disposeWeights);
        optimizer.dispose();
      });
    },
  );

  it('gives a dense step to a table that the loss also reads as a whole', async () => {
    await expectNoLeak(() => {
      const run = (optimizer: tf.Optimizer) => {
        const layer = layerWith(start);
        for (let t = 1; t <= 5; t++) {
          optimizer.minimize(
            () => tf.tidy(() => tf.add(loss(look(layer, batch(t))), tf.sum(tf.square(table(layer)))) as tf.Scalar),
            false,
            [table(layer)],
          );
        }
        const values = numbers(table(layer));
        disposeWeights(layer);
        optimizer.dispose();
        return values;
      };
      expectClose(run(lazyAdam({learningRate: 0.1})), run(tf.train.adam(0.1)), 1e-5);
    });
  });

  it('has dense gradients for loops that take them by themselves, before and after lazy steps', async () => {
    await expectNoLeak(() => {
      const layer = layerWith(start);
      const optimizer = lazyAdam(options);
      const gradient = () =>
        tf.tidy(() =>
          numbers(tf.variableGrads(() => loss(look(layer, batch(1))), [table(layer)]).grads[table(layer).name]),
        );
      const before = gradient();
      expect(before).toHaveLength(V * d);
      step(optimizer, layer, 1);
      tf.tidy(() => layer.setWeights([tf.tensor2d(start, [V, d])]));
      expectClose(gradient(), before, 1e-5);
      step(optimizer, layer, 2);
      const after = numbers(table(layer));
      const {grads, value} = optimizer.computeGradients(() => loss(look(layer, batch(1))), [table(layer)]);
      optimizer.applyGradients(grads);
      tf.dispose([grads, value] as never);
      expect(numbers(table(layer))).not.toEqual(after);
      disposeWeights(layer);
      optimizer.dispose();
    });
  });

  it("makes no tensor of the table's size", () => {
    const made = (size: number) => {
      const layer = fieldLinear({fields: [{name: 'a', size}]});
      const optimizer = lazyAdam();
      layer.apply(tfl.input({shape: [1], dtype: 'int32'}));
      const variables = layer.weights.map(weight => weight.read() as tf.Variable);
      const ids = tf.tensor2d([[1], [2], [2]], undefined, 'int32');
      const once = () =>
        optimizer.minimize(() => tf.tidy(() => tf.mean(layer.apply(ids) as tf.Tensor) as tf.Scalar), false, variables);
      once();
      const engine = tf.engine() as unknown as {trackTensor(tensor: tf.Tensor, backend: unknown): void};
      const spy = jest.spyOn(engine, 'trackTensor');
      once();
      const sizes = spy.mock.calls
        .filter(([tensor]) => !(tensor instanceof tf.Variable))
        .map(([tensor]) => tensor.size);
      spy.mockRestore();
      tf.dispose(ids);
      disposeWeights(layer);
      optimizer.dispose();
      return sizes;
    };
    const small = made(100);
    expect(small.length).toBeGreaterThan(10);
    expect(made(100_000)).toEqual(small);
  });

  it('keeps the number of tensors and of backend values flat over 200 steps', () => {
    const layer = layerWith(start);
    const parent = partitioned({groups: [{name: 'all', optimizer: lazyAdam()}]});
    for (let t = 0; t < 3; t++) step(parent, layer, t);
    const count = () => [
      tf.memory().numTensors,
      tf.memory().numDataBuffers,
      tf.memory().numBytes,
      tf.backend().numDataIds(),
    ];
    const before = count();
    for (let t = 0; t < 200; t++) step(parent, layer, t);
    expect(count()).toEqual(before);
    disposeWeights(layer);
    parent.dispose();
  });

  it('goes through Partitioned as it does alone', () => {
    const [alone, child] = [layerWith(start), layerWith(start)];
    const [a, b] = [lazyAdam(options), partitioned({groups: [{name: 'all', optimizer: lazyAdam(options)}]})];
    for (let t = 1; t <= 5; t++) {
      step(a, alone, t);
      step(b, child, t);
    }
    expect(numbers(table(child))).toEqual(numbers(table(alone)));
    [alone, child].forEach(disposeWeights);
    [a, b].forEach(optimizer => optimizer.dispose());
  });
});
