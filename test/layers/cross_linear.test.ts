import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {crossLinear, FieldSpec, fitCrosses, GatedInteraction, lazyAdam, retrainModel, selectionOf} from 'tfjs-autofis';
import {autoFm, fm} from 'tfjs-autofis/models';
import {crossHash} from '../../layers/cross_table';
import {saveAndLoad} from '../helpers/models';
import {disposeWeights, expectNoLeak, numbers} from '../helpers/tensors';
import {CrossLinear, CrossLinearArgs} from '../../layers/cross_linear';

const fields: FieldSpec[] = [
  {name: 'user', size: 4},
  {name: 'skipped', size: 9, ignored: true},
  {name: 'item', size: 3},
  {name: 'hour', size: 2},
];
/** user and item: (0, 1), (2, 0), (2, 2); item and hour: (1, 1). */
const args: CrossLinearArgs = {
  fields,
  interactions: [
    [1, 2],
    [1, 0],
  ],
  counts: [3, 1],
  dictionary: [0, 1, 2, 0, 2, 2, 1, 1],
};
const rows = [
  [0, 77, 1, 1],
  [2, 0, 2, 0],
  [3, 0, 0, 1],
  [0, 0, 1, 0],
];

function built(changed: Partial<CrossLinearArgs> = {}): CrossLinear {
  const layer = crossLinear({...args, ...changed});
  layer.apply(
    tfl.input({
      shape: [(changed.fields ?? fields).reduce((total, {width}) => total + (width ?? 1), 0)],
      dtype: 'int32',
    }),
  );
  return layer;
}

function weighted(layer: CrossLinear, values: number[]): CrossLinear {
  tf.tidy(() => {
    layer.weights[0].write(tf.tensor2d(values, [values.length, 1]));
  });
  return layer;
}

const output = (layer: tfl.layers.Layer, ids: number[][]) =>
  tf.tidy(() => numbers(layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor));

describe('the sum', () => {
  it('is that of the weights of the combinations in the dictionary, and exactly 0 for all others', () => {
    const layer = weighted(built(), [1, 10, 100, 1000]);
    expect(output(layer, rows)).toEqual([1 + 1000, 100, 0, 1]);
    expect(output(layer, [[3, 0, 0, 1]])).toEqual([0]);
    expect(layer.weights.map(w => [w.originalName.split('/')[1], w.shape, w.dtype])).toEqual([
      ['kernel', [4, 1], 'float32'],
      ['dictionary', [4, 2], 'int32'],
    ]);
    expect(layer.trainableWeights.map(w => w.originalName.split('/')[1])).toEqual(['kernel']);
    disposeWeights(layer);
  });

  it.each<['mean' | 'sum', number[]]>([
    ['sum', [0.5, 0.25, 5]],
    ['mean', [0.25, 0.25, 2.5]],
  ])('takes the %s of a multi-hot field', (combiner, expected) => {
    const tags: FieldSpec = {name: 'tags', size: 3, width: 3, combiner};
    const layer = crossLinear({
      fields: [{name: 'user', size: 4}, tags],
      interactions: [[0, 1]],
      counts: [3],
      dictionary: [0, 1, 0, 2, 1, 0],
    });
    layer.apply(tfl.input({shape: [4], dtype: 'int32'}));
    weighted(layer, [0.25, 0.25, 5]);
    // Both values are known, one of one, and one of two.
    expect(
      output(layer, [
        [0, 1, 2, -1],
        [0, -1, 1, -1],
        [1, 0, -1, 2],
      ]),
    ).toEqual(expected);
    expect(output(layer, [[1, -1, -1, -1]])).toEqual([0]);
    disposeWeights(layer);
  });

  it('has the weights of pairs and of triples', () => {
    const layer = crossLinear({
      fields,
      interactions: [
        [2, 0, 1],
        [0, 1],
      ],
      counts: [1, 2],
      dictionary: [
        [0, 1, 0],
        [0, 1, 1],
        [2, 2, 0],
      ].flat(),
    });
    layer.apply(tfl.input({shape: [4], dtype: 'int32'}));
    weighted(layer, [1, 10, 100]);
    expect(output(layer, rows)).toEqual([1 + 10, 100, 0, 1]);
    expect(layer.weights.map(({shape}) => shape)).toEqual([
      [3, 1],
      [3, 3],
    ]);
    disposeWeights(layer);
  });

  it.each<['mean' | 'sum', number[]]>([
    ['sum', [10 + 100, 10]],
    ['mean', [(10 + 100) / 2, 10]],
  ])('takes the %s of a multi-hot field of a triple', (combiner, expected) => {
    const tags: FieldSpec = {name: 'tags', size: 3, width: 2, combiner};
    const layer = crossLinear({
      fields: [{name: 'user', size: 4}, tags, {name: 'item', size: 2}],
      interactions: [[0, 1, 2]],
      counts: [3],
      dictionary: [0, 0, 0, 0, 1, 1, 0, 2, 1],
    });
    layer.apply(tfl.input({shape: [4], dtype: 'int32'}));
    weighted(layer, [1, 10, 100]);
    expect(
      output(layer, [
        [0, 1, 2, 1],
        [0, -1, 1, 1],
      ]),
    ).toEqual(expected);
    disposeWeights(layer);
  });

  it('has a weight for each hash without a dictionary', () => {
    const layer = built({counts: undefined, dictionary: undefined, hashSize: 5});
    const rowOf = (i: number, j: number, a: number, b: number) => crossHash([i, j, a, b]) % 5;
    weighted(layer, [1, 10, 100, 1000, 10000]);
    expect(output(layer, rows)).toEqual(
      rows.map(([user, , item, hour]) => 10 ** rowOf(0, 1, user, item) + 10 ** rowOf(1, 2, item, hour)),
    );
    expect(layer.weights).toHaveLength(1);
    disposeWeights(layer);
    const triples = built({interactions: [[0, 1, 2]], counts: undefined, dictionary: undefined, hashSize: 5});
    weighted(triples, [1, 10, 100, 1000, 10000]);
    expect(output(triples, rows)).toEqual(
      rows.map(([user, , item, hour]) => 10 ** (crossHash([0, 1, 2, user, item, hour]) % 5)),
    );
    disposeWeights(triples);
  });

  it('hashes as every saved model has been', () => {
    // MurmurHash3_x86_32 of the four numbers' little-endian bytes.
    expect([crossHash([0, 0, 0, 0]), crossHash([0, 1, 2, 3]), crossHash([1, 2, 123456, -1])]).toEqual([
      2167721464, 2169653260, 1027495387,
    ]);
  });
});

describe('training', () => {
  it('moves the weights of the batch alone, by the gradient and the penalty over the batch', () => {
    const layer = weighted(built({batchL2: 0.5}), [1, 10, 100, 1000]);
    tf.tidy(() => {
      const ids = tf.tensor2d(rows, undefined, 'int32');
      const upstream = tf.tensor2d([1, 2, 4, 8], [4, 1]);
      const gradient = (training: boolean) =>
        numbers(
          Object.values(
            tf.variableGrads(() => tf.sum(tf.mul(layer.apply(ids, {training}) as tf.Tensor, upstream)) as tf.Scalar)
              .grads,
          )[0],
        );
      expect(gradient(false)).toEqual([9, 0, 2, 1]);
      // Each occurrence adds 2 * 0.5 / 4 of the weight; the first combination occurs twice.
      expect(gradient(true)).toEqual([9 + 0.5, 0, 2 + 25, 1 + 250]);
    });
    disposeWeights(layer);
  });

  it('by LazyAdam leaves what no batch has had where it was', async () => {
    const crosses = fitCrosses({ids: Int32Array.from(rows.flat()), fields, interactions: [[0, 1]], leastCount: 1});
    const crossed = () => {
      const layer = crossLinear({fields, ...crosses, name: 'crosses'});
      const made = tfl.sequential({layers: [layer, tfl.layers.activation({activation: 'sigmoid'})]});
      made.compile({optimizer: lazyAdam({learningRate: 0.1}), loss: 'binaryCrossentropy'});
      return made;
    };
    const [model, alone] = [crossed(), crossed()];
    const xs = tf.tensor2d([rows[0], rows[2]], undefined, 'int32');
    const ys = tf.tensor2d([[1], [0]]);
    await model.fit(xs, ys, {epochs: 3, verbose: 0});
    const kernel = numbers(model.getLayer('crosses').weights[0].read());
    // (0, 1), (2, 2) and (3, 0) are in the dictionary.
    expect([crosses.dictionary.join(), kernel.map(Math.sign)]).toEqual(['0,1,2,2,3,0', [1, 0, -1]]);
    // A batch without any of them has a gradient of 0.
    const none = tf.tensor2d([[1, 0, 1, 1]], undefined, 'int32');
    const one = tf.tensor2d([[1]]);
    const deep = fm({fields, embeddingDim: 2, crosses, seed: 1});
    for (const each of [deep, alone]) {
      await each.fit(none, one, {epochs: 1, verbose: 0});
      expect(numbers(each.getLayer('crosses').weights[0].read())).toEqual([0, 0, 0]);
    }
    tf.dispose([xs, ys, none, one]);
    const optimizers = [model, alone].map(({optimizer}) => optimizer);
    [model, alone, deep, ...optimizers].forEach(each => each.dispose());
  });
});

describe('a model with crosses', () => {
  const crosses = fitCrosses({
    ids: Int32Array.from(rows.flat()),
    fields,
    interactions: [
      [0, 1],
      [1, 2],
    ],
    leastCount: 1,
  });
  const xs = () => tf.tensor2d(rows, undefined, 'int32');
  const predict = (model: tfl.LayersModel) => tf.tidy(() => numbers(model.predict(xs()) as tf.Tensor));

  it('comes back from a save with its dictionary, and keeps it in a slim model', async () => {
    await expectNoLeak(async () => {
      const model = autoFm({fields, embeddingDim: 2, crosses, seed: 1});
      const x = xs();
      const y = tf.tensor2d([[1], [0], [1], [0]]);
      await model.fit(x, y, {epochs: 4, verbose: 0});
      const loaded = await saveAndLoad(model, false);
      expect(predict(loaded)).toEqual(predict(model));
      const slim = retrainModel(model, selectionOf(model).slice(0, 1), {seed: 2});
      const words = (m: tfl.LayersModel) => numbers((m.getLayer('crosses') as CrossLinear).dictionary!.read());
      expect([words(loaded), words(slim)]).toEqual([[...crosses.dictionary], [...crosses.dictionary]]);
      expect(numbers(slim.getLayer('crosses').weights[0].read())).toEqual(
        Array<number>(crosses.dictionary.length / 2).fill(0),
      );
      expect((slim.getLayer('pairs') as GatedInteraction).interactions).toHaveLength(1);
      await slim.fit(x, y, {epochs: 1, verbose: 0});
      [model, loaded, slim].forEach(m => m.dispose());
      tf.dispose([x, y]);
    });
  });

  it('reads a dictionary that is given to it later, and none before', () => {
    const layer = weighted(built({dictionary: undefined}), [1, 10, 100, 1000]);
    expect(() => output(layer, rows)).toThrow(
      'CrossLinear: `dictionary` must hold ids of user and item in ascending order, each combination once. ' +
        'Received: [0,0]. Take it from `fitCrosses` for the same fields.',
    );
    tf.tidy(() => {
      layer.dictionary!.write(tf.tensor2d(Int32Array.from(args.dictionary!), [4, 2], 'int32'));
    });
    expect(output(layer, rows)).toEqual([1001, 100, 0, 1]);
    disposeWeights(layer);
  });
});

describe('refused are', () => {
  it.each<[Partial<CrossLinearArgs>, string]>([
    [{interactions: []}, 'CrossLinear: `interactions` is empty. Remove the layer.'],
    [
      {interactions: [[0, 1], [2]]},
      'CrossLinear: `interactions` must hold 2 to 4 field positions each. Received: [2].',
    ],
    [
      {interactions: [[0, 1, 2]], counts: [1], dictionary: [0, 1]},
      'CrossLinear: `dictionary` must hold 3 ids for each of 1 combinations. Received: "2 ids".',
    ],
    [
      {interactions: [[0, 1, 2]], counts: [2], dictionary: [0, 1, 1, 0, 1, 0]},
      'CrossLinear: `dictionary` must hold ids of user and item and hour in ascending order, each combination ' +
        'once. Received: [0,1,0]. Take it from `fitCrosses` for the same fields.',
    ],
    [
      {counts: undefined, dictionary: undefined},
      'CrossLinear: give either `counts`, with the `dictionary` of `fitCrosses`, or `hashSize`. ' +
        'Received: counts null, hashSize null.',
    ],
    [
      {hashSize: 3},
      'CrossLinear: give either `counts`, with the `dictionary` of `fitCrosses`, or `hashSize`. ' +
        'Received: ' +
        'counts 3,1, hashSize 3.',
    ],
    [{counts: [4]}, 'CrossLinear: `counts` must be 2 integers >= 0, one for each interaction. Received: [4].'],
    [
      {counts: [0, 0]},
      'CrossLinear: `counts` must have a combination. Received: [0,0]. ' +
        'Remove the layer, or fit with a smaller `leastCount`.',
    ],
    [{dictionary: [0, 1]}, 'CrossLinear: `dictionary` must hold 2 ids for each of 4 combinations. Received: "2 ids".'],
    [
      {dictionary: [0, 1, 2, 2, 2, 0, 1, 1]},
      'CrossLinear: `dictionary` must hold ids of user and item in ascending order, each combination ' +
        'once. Received: [2,0]. Take it from `fitCrosses` for the same fields.',
    ],
    [
      {dictionary: [0, 1, 2, 0, 2, 2, 1, 2]},
      'CrossLinear: `dictionary` must hold ids of item and hour in ascending order, each combination ' +
        'once. Received: [1,2]. Take it from `fitCrosses` for the same fields.',
    ],
  ])('%j', (changed, message) => {
    expect(() => crossLinear({...args, ...changed})).toThrow(new Error(message));
  });

  it('ids that are out of range', () => {
    const layer = built();
    expect(() => output(layer, [[0, 0, 3, 0]])).toThrow(
      'CrossLinear: id 3 of field "item" is out of range in row 0 of the batch, column 2.',
    );
    disposeWeights(layer);
  });
});
