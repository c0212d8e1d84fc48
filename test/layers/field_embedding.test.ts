import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldAwareEmbedding, fieldEmbedding, FieldEmbedding, FieldEmbeddingArgs, FieldSpec} from 'tfjs-autofis/layers';
import {generator, integers, uniform} from '../helpers/random';
import {disposeWeights, expectClose, numbers} from '../helpers/tensors';

const oneHot: FieldSpec[] = [
  {name: 'a', size: 4},
  {name: 'b', size: 2},
  {name: 'c', size: 3},
];
/** One-hot fields before, between and after multi-hot ones: 1 + 3 + 1 + 2 columns. */
const mixed: FieldSpec[] = [
  {name: 'a', size: 4},
  {name: 'means', size: 5, width: 3},
  {name: 'b', size: 2},
  {name: 'sums', size: 3, width: 2, combiner: 'sum'},
];
const d = 3;

function built(fields: FieldSpec[], args: Partial<FieldEmbeddingArgs> = {}) {
  const layer = fieldEmbedding({name: 'table', fields, outputDim: d, ...args});
  layer.apply(tfl.input({shape: [fields.reduce((sum, field) => sum + (field.width ?? 1), 0)], dtype: 'int32'}));
  return layer;
}

/** Rows of the table, with plain values. */
function withRows(fields: FieldSpec[]) {
  const layer = built(fields);
  const total = fields.reduce((sum, {size}) => sum + size, 0);
  const values = uniform(generator(41), total * d);
  tf.tidy(() => layer.setWeights([tf.tensor2d(values, [total, d])]));
  return {layer, row: (index: number) => values.slice(index * d, (index + 1) * d)};
}

const look = (layer: ReturnType<typeof built>, ids: number[][], dtype: 'int32' | 'float32' = 'int32') =>
  tf.tidy(() => {
    const result = layer.apply(tf.tensor2d(ids, undefined, dtype)) as tf.Tensor;
    return {shape: result.shape, values: numbers(result)};
  });

const added = (rows: number[][], by = 1) => rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / by);

describe('FieldEmbedding of one-hot fields', () => {
  it("equals tf.layers.embedding on ids with the fields' offsets added", () => {
    const {layer} = withRows(oneHot);
    const next = generator(42);
    const ids = Array.from({length: 20}, () => oneHot.map(({size}) => integers(next, 1, size)[0]));
    const stock = tfl.layers.embedding({inputDim: 9, outputDim: d, inputLength: 3});
    stock.apply(tfl.input({shape: [3]}));
    tf.tidy(() => stock.setWeights(layer.getWeights()));
    const expected = tf.tidy(() =>
      numbers(
        stock.apply(
          tf.tensor2d(
            ids.map(([a, b, c]) => [a, b + 4, c + 6]),
            undefined,
            'int32',
          ),
        ) as tf.Tensor,
      ),
    );
    expect(look(layer, ids)).toEqual({shape: [20, 3, d], values: expected});
    disposeWeights(layer);
    disposeWeights(stock);
  });
});

describe('FieldEmbedding of multi-hot fields', () => {
  it('combines the present values by mean or sum, beside one-hot fields', () => {
    const {layer, row} = withRows(mixed);
    // Tables: a 0-3, means 4-8, b 9-10, sums 11-13.
    const {shape, values} = look(layer, [
      [2, 0, 4, -1, 1, 2, 2],
      [0, 3, -1, -1, 0, -1, 1],
      [1, 1, 1, 2, 1, 0, 1],
    ]);
    expect(shape).toEqual([3, 4, d]);
    expectClose(
      values,
      [
        row(2),
        added([row(4), row(8)], 2),
        row(10),
        added([row(13), row(13)]),
        row(0),
        row(7),
        row(9),
        row(12),
        row(1),
        added([row(5), row(5), row(6)], 3),
        row(10),
        added([row(11), row(12)]),
      ].flat(),
      1e-6,
    );
    disposeWeights(layer);
  });

  it('gives zeros where all values are padding', () => {
    const {layer, row} = withRows(mixed);
    expect(look(layer, [[3, -1, -1, -1, 0, -1, -1]]).values).toEqual([...row(3), 0, 0, 0, ...row(9), 0, 0, 0]);
    disposeWeights(layer);
  });

  it('does not care where the padding stands', () => {
    const {layer} = withRows(mixed);
    expectClose(look(layer, [[0, -1, 2, -1, 0, -1, 1]]).values, look(layer, [[0, 2, -1, -1, 0, 1, -1]]).values, 0);
    disposeWeights(layer);
  });
});

describe('the gradient of FieldEmbedding', () => {
  it('reaches the rows of present ids only, as often as they are there', () => {
    const {layer} = withRows(mixed);
    tf.tidy(() => {
      const ids = tf.tensor2d(
        [
          [2, 0, 4, -1, 1, 2, 2],
          [2, -1, -1, -1, 0, -1, -1],
        ],
        undefined,
        'int32',
      );
      const {grads} = tf.variableGrads(() => tf.sum(layer.apply(ids) as tf.Tensor) as tf.Scalar);
      const gradient = numbers(Object.values(grads)[0]);
      const perRow = Array.from({length: 14}, (_, r) => gradient.slice(r * d, (r + 1) * d));
      //                a: 2 twice  means: 0 and 4, half each   b: 1, then 0   sums: 2 twice
      const expected = [0, 0, 2, 0, 0.5, 0, 0, 0, 0.5, 1, 1, 0, 0, 2];
      expect(perRow).toEqual(expected.map(g => [g, g, g]));
    });
    disposeWeights(layer);
  });

  it('includes the regularizer', () => {
    const layer = built(oneHot, {embeddingsRegularizer: tfl.regularizers.l2({l2: 0.5})});
    tf.tidy(() => {
      layer.setWeights([tf.fill([9, d], 2)]);
      const losses = (layer as unknown as {calculateLosses(): tf.Scalar[]}).calculateLosses();
      expect(losses.map(loss => numbers(loss))).toEqual([[0.5 * 9 * d * 4]]);
    });
    disposeWeights(layer);
  });
});

describe('tableL2', () => {
  const fields = [
    {name: 'a', size: 2},
    {name: 'price', size: 5, ordered: true},
    {name: 'b', size: 2},
    {name: 'flag', size: 2, ordered: true},
  ];
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

  /** The penalties of a layer whose vectors have the given value throughout, and its gradients, row by row. */
  const penaltyOf = (layer: FieldEmbedding, rows: number[]) =>
    tf.tidy(() => {
      layer.setWeights([tf.tensor2d(rows.map(value => [value, value]))]);
      const {value, grads} = tf.variableGrads(
        () => tf.addN((layer as unknown as {calculateLosses(): tf.Scalar[]}).calculateLosses()) as tf.Scalar,
        [layer.weights[0].read() as tf.Variable],
      );
      const gradient = numbers(Object.values(grads)[0]);
      return {value: numbers(value)[0], gradient: rows.map((_, r) => gradient[2 * r])};
    });

  it('shrinks the steps between the bins of an ordered field, and the vectors of others', () => {
    const layer = new FieldEmbedding({fields, outputDim: 2, tableL2: 0.5});
    layer.build([null, 4]);
    const rows = [1, 2, 3, 4, 6, 9, 7, 5, 2, 8, 6];
    //             a     missing and first bin   three steps   b        missing and the only bin
    const squares = [1 + 4, 9 + 16, 4 + 9 + 4, 25 + 4, 64 + 36];
    const {value, gradient} = penaltyOf(layer, rows);
    expect(value).toBeCloseTo(0.5 * 2 * sum(squares), 4);
    expect(gradient).toEqual([1, 2, 3, 4 - 2, 2 - 3, 3 + 2, -2, 5, 2, 8, 6]);
    disposeWeights(layer);
  });

  it('counts the steps of more than eight bins by how many times eight they are', () => {
    const layer = new FieldEmbedding({fields: [{name: 'x', size: 13, ordered: true}], outputDim: 2, tableL2: 0.5});
    layer.build([null, 1]);
    const rows = [2, 3, ...Array<number>(10).fill(3), 5];
    const {value, gradient} = penaltyOf(layer, rows);
    // Twelve bins, of which one differs by 2 from the one before.
    expect(value).toBeCloseTo(0.5 * 2 * (4 + 9 + 1.5 * 4), 5);
    expect(gradient).toEqual([2, 3, ...Array<number>(9).fill(0), -3, 3]);
    disposeWeights(layer);
  });

  it('does so for each pair of a field-aware table, also where the layer skips a field', () => {
    const layer = fieldAwareEmbedding({
      fields: [{name: 'gone', size: 4, ordered: true, ignored: true}, ...fields.slice(0, 2), {name: 'c', size: 1}],
      outputDim: 2,
      tableL2: 0.5,
    });
    layer.build([null, 4]);
    //            a, in two pairs   price: missing and four bins, in two pairs   c
    const rows = [1, 1, 2, 0].concat([3, 1, 4, 2, 6, 5, 9, 9, 7, 1], [5, 5]);
    const squares = [1 + 1 + 4, 9 + 1 + 16 + 4, 4 + 9, 9 + 16, 4 + 64, 50];
    const {value, gradient} = penaltyOf(layer, rows);
    expect(value).toBeCloseTo(0.5 * 2 * sum(squares), 4);
    expect(gradient.slice(4, 14)).toEqual([3, 1, 4 - 2, 2 - 3, 2 - 3, 3 - 4, 3 + 2, 4 + 8, -2, -8]);
    disposeWeights(layer);
  });

  it('lasts in the config', () => {
    const layer = new FieldEmbedding({fields, outputDim: 2, tableL2: 0.5});
    expect(layer.getConfig()).toMatchObject({tableL2: 0.5, fields});
    expect(FieldEmbedding.fromConfig(FieldEmbedding, layer.getConfig())).toMatchObject({tableL2: 0.5, fields});
  });
});

describe('FieldEmbedding', () => {
  it('starts uniform in +-0.02 and follows the seed', () => {
    const [a, b, c] = [1, 1, 2].map(seed => {
      const layer = built([{name: 'a', size: 200}], {seed});
      const values = tf.tidy(() => numbers(layer.getWeights()[0]));
      disposeWeights(layer);
      return values;
    });
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(0.02);
    expect(Math.max(...a)).toBeGreaterThan(0.018);
    expect(Math.min(...a)).toBeLessThan(-0.018);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('takes an initializer by name, config or instance', () => {
    for (const embeddingsInitializer of ['ones', {className: 'Ones', config: {}}, tfl.initializers.ones()]) {
      const layer = built(oneHot, {embeddingsInitializer});
      tf.tidy(() => expect(new Set(numbers(layer.getWeights()[0]))).toEqual(new Set([1])));
      disposeWeights(layer);
    }
  });

  it('with batchL2 adds the gradient of the mean penalty on the looked-up embeddings, in training only', () => {
    const layer = built(mixed, {batchL2: 0.5, seed: 3});
    const plain = built(mixed);
    tf.tidy(() => {
      plain.setWeights(layer.getWeights());
      const ids = tf.tensor2d(
        [
          [2, 0, 4, -1, 1, 2, 2],
          [3, 1, 1, 1, 0, -1, -1],
        ],
        undefined,
        'int32',
      );
      const gradientOf = (each: typeof layer, f: (e: tf.Tensor) => tf.Tensor, training: boolean) =>
        Object.values(
          tf.variableGrads(
            () => tf.sum(f(each.apply(ids, {training}) as tf.Tensor)) as tf.Scalar,
            [each.weights[0].read() as tf.Variable],
          ).grads,
        )[0];
      const penalty = (e: tf.Tensor) => tf.mul(tf.square(e), 0.5 / 2);
      const expected = gradientOf(plain, e => tf.add(tf.mul(e, 3), penalty(e)), true);
      expectClose(
        gradientOf(layer, e => tf.mul(e, 3), true),
        expected,
        1e-6,
      );
      expectClose(
        gradientOf(layer, e => tf.mul(e, 3), false),
        gradientOf(plain, e => tf.mul(e, 3), true),
        1e-6,
      );
      expect(numbers(layer.apply(ids, {training: true}) as tf.Tensor)).toEqual(numbers(plain.apply(ids) as tf.Tensor));
    });
    [layer, plain].forEach(disposeWeights);
  });

  it.each<[string, object, string]>([
    [
      'an unknown initializer',
      {embeddingsInitializer: 'unifrom'},
      'FieldEmbedding: `embeddingsInitializer` must be an object of tfjs, its {className, config} or its name. ' +
        'Received: "unifrom". ' +
        'A class of your own must be registered by tf.serialization.registerClass.',
    ],
    [
      'a dtype that ids have not',
      {dtype: 'float32'},
      'FieldEmbedding: `dtype` is the type of the ids and must be \'int32\'. Received: "float32".',
    ],
  ])('refuses %s', (_, args, message) => {
    expect(() => built(oneHot, args)).toThrow(new Error(message));
  });
});
