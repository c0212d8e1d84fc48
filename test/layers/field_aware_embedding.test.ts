import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {allInteractions, fieldAwareEmbedding, FieldSpec, FixedBNInteraction, GatedInteraction} from 'tfjs-autofis';
import {disposeWeights, expectClose, messageOf, numbers} from '../helpers/tensors';
import {FieldAwareEmbedding, FieldAwareEmbeddingArgs} from '../../layers/field_aware_embedding';

const fields: FieldSpec[] = [
  {name: 'a', size: 2},
  {name: 'b', size: 3},
  {name: 'c', size: 2},
];

function built(args: Partial<FieldAwareEmbeddingArgs> = {}): FieldAwareEmbedding {
  const layer = fieldAwareEmbedding({fields, outputDim: 1, ...args});
  layer.apply(
    tfl.input({shape: [(args.fields ?? fields).reduce((sum, {width}) => sum + (width ?? 1), 0)], dtype: 'int32'}),
  );
  return layer;
}

/** Rows 0, 1, 2, ... so that an output says which rows it came from. */
function numbered(layer: FieldAwareEmbedding): FieldAwareEmbedding {
  const rows = layer.weights[0].shape[0]!;
  tf.tidy(() => layer.setWeights([tf.tensor2d([...Array(rows).keys()], [rows, 1])]));
  return layer;
}

const output = (layer: tfl.layers.Layer, ids: number[][]) =>
  tf.tidy(() => {
    const result = layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor;
    return {shape: result.shape, values: numbers(result)};
  });

describe('the table', () => {
  it('has for each value a row a pair of its field, one after another', () => {
    const layer = numbered(built());
    expect(layer.weights.map(w => [w.originalName.split('/')[1], w.shape])).toEqual([
      ['embeddings', [(2 + 3 + 2) * 2, 1]],
    ]);
    expect(layer.starts).toEqual([0, 4, 10]);
    // a = 1 owns rows 2 (towards b) and 3 (towards c), b = 2 owns 8 and 9, c = 0 owns 10 and 11.
    expect(output(layer, [[1, 2, 0]])).toEqual({shape: [1, 3, 2, 1], values: [2, 8, 3, 10, 9, 11]});
    expect(layer.computeOutputShape([null, 3])).toEqual([null, 3, 2, 1]);
    disposeWeights(layer);
  });

  it('has no rows for pairs that are left out, nor for a field in none', () => {
    const layer = numbered(built({interactions: [[2, 0]]}));
    expect(layer.weights[0].shape).toEqual([2 + 2, 1]);
    expect(layer.interactions).toEqual([[0, 2]]);
    expect(
      output(layer, [
        [1, 2, 0],
        [0, 0, 1],
      ]),
    ).toEqual({shape: [2, 1, 2, 1], values: [1, 2, 0, 3]});
    disposeWeights(layer);
  });

  it('counts pairs among the fields that are not ignored', () => {
    const layer = numbered(built({fields: [{name: 'x', size: 9, ignored: true}, ...fields], interactions: [[0, 1]]}));
    expect(output(layer, [[77, 1, 2, 0]]).values).toEqual([1, 4]);
    disposeWeights(layer);
  });

  it.each([
    ['mean', (6 + 8) / 2, (7 + 9) / 2],
    ['sum', 14, 16],
  ] as const)('combines multi-hot values by their %s', (combiner, first, second) => {
    const tags = {...fields[1], width: 3, combiner};
    const layer = numbered(built({fields: [fields[0], tags, fields[2]]}));
    // b has the rows 4 to 9, two a value: towards a and towards c.
    expect(
      output(layer, [
        [1, 2, -1, 1, 0],
        [0, -1, -1, -1, 1],
      ]).values,
    ).toEqual([2, first, 3, 10, second, 11, 0, 0, 1, 12, 0, 13]);
    disposeWeights(layer);
  });

  it('tells which rows stay when pairs go', () => {
    const layer = built();
    // a keeps its rows towards c, c those towards a; b has none.
    expect([...layer.rowsOf([[0, 2]])]).toEqual([1, 3, 10, 12]);
    expect([...layer.rowsOf(layer.interactions)]).toEqual([...Array(14).keys()]);
    disposeWeights(layer);
  });
});

it('adds the penalty of what a batch looks up to the gradient, in training only', () => {
  const layer = built({batchL2: 0.5, embeddingsInitializer: 'ones'});
  const ids = [
    [1, 2, 0],
    [1, 0, 0],
  ];
  tf.tidy(() => {
    const rows = tf.tensor2d(ids, undefined, 'int32');
    const gradient = (training: boolean) =>
      numbers(Object.values(tf.variableGrads(() => tf.sum(layer.apply(rows, {training}) as tf.Tensor)).grads)[0]);
    // Rows of a = 1 occur twice; the penalty's part is 2 * 0.5 / 2 each time.
    expect(gradient(false).slice(0, 6)).toEqual([0, 0, 2, 2, 1, 1]);
    expect(gradient(true).slice(0, 6)).toEqual([0, 0, 3, 3, 1.5, 1.5]);
  });
  disposeWeights(layer);
});

describe('gates over field-aware pairs', () => {
  const e = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
    [
      [-1, 0],
      [2, 2],
    ],
  ];

  it('multiply the two sides of each pair', () => {
    tf.tidy(() => {
      const input = tf.tensor4d([e]);
      const each = new GatedInteraction({batchNorm: false, useAlpha: false, output: 'each'});
      expect(numbers(each.apply(input) as tf.Tensor)).toEqual([11, 83, -2]);
      const sum = new GatedInteraction({batchNorm: false, useAlpha: false});
      expect(numbers(sum.apply(input) as tf.Tensor)).toEqual([92]);
      expect([each.fieldCount, each.fieldAware, each.interactions]).toEqual([3, true, allInteractions(3, 2)]);
      expect(each.computeOutputShape([null, 3, 2, 2])).toEqual([null, 3]);
    });
  });

  it('normalise over the batch', () => {
    const layer = new FixedBNInteraction({epsilon: 1e-9});
    tf.tidy(() => {
      const other = e.map(([left, right]) => [left, right.map(x => -x)]);
      expectClose(layer.apply(tf.tensor4d([e, other]), {training: true}) as tf.Tensor, [1, 1, -1, -1, -1, 1], 1e-4);
    });
    disposeWeights(layer);
  });

  it.each<[string, object, number[], string]>([
    [
      'a shape without sides',
      {},
      [3, 3, 2],
      'GatedInteraction g: field-aware embeddings must have the shape [batch, pairs, 2, dimension]. ' +
        'Received shape: [null,3,3,2]. Put FieldAwareEmbedding in front of it.',
    ],
    [
      'some pairs without being given them',
      {},
      [2, 2, 4],
      'GatedInteraction g: `interactions` must be those of the FieldAwareEmbedding in front ' +
        'of it, which has 2. Received: none, which stands for all pairs.',
    ],
    [
      'other pairs than its own',
      {interactions: [[0, 1]]},
      [3, 2, 4],
      'GatedInteraction g: `interactions` must be those of the ' +
        'FieldAwareEmbedding in front of it, which has 3. Received: 1.',
    ],
    [
      'triples',
      {order: 3},
      [3, 2, 4],
      'GatedInteraction g: field-aware embeddings are those of pairs, so `order` must be 2. Received: 3.',
    ],
  ])('refuse %s', async (_, args, shape, message) => {
    const before = tf.memory().numTensors;
    const layer = new GatedInteraction({...args, name: 'g'});
    expect(await messageOf(() => layer.apply(tfl.input({shape})))).toBe(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('refused are', () => {
  it.each<[Partial<FieldAwareEmbeddingArgs>, string]>([
    [{fields: fields.slice(0, 1)}, 'FieldAwareEmbedding: needs at least 2 fields. Received: 1.'],
    [
      {interactions: []},
      'FieldAwareEmbedding: `interactions` is empty, so the output would have no pairs. Remove the layer.',
    ],
  ])('%j', (args, message) => {
    expect(() => fieldAwareEmbedding({fields, outputDim: 2, ...args})).toThrow(new Error(message));
  });

  it('ids that are out of range', () => {
    const layer = built();
    expect(() => output(layer, [[1, 3, 0]])).toThrow(
      'FieldAwareEmbedding: id 3 of field "b" is out of range in row 0 of the batch, column 1.',
    );
    disposeWeights(layer);
  });
});
