import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  attentionalPooling,
  attentionEmbedding,
  biInteraction,
  FieldSpec,
  outerProduct,
  pairNetworks,
} from 'tfjs-autofis/layers';
import {disposeWeights, numbers} from '../helpers/tensors';
import {AttentionEmbeddingArgs} from '../../layers/attention_embedding';

const build = (layer: tfl.layers.Layer, shape: Array<number | null>) =>
  layer.apply(tfl.input({batchShape: shape})) as tfl.SymbolicTensor;

describe('shapes', () => {
  it.each<[string, () => tfl.layers.Layer, number[], number[]]>([
    ['BiInteraction', biInteraction, [4, 5], [5]],
    ['OuterProduct', outerProduct, [4, 5], [25]],
    ['AttentionalPooling', attentionalPooling, [4, 5], [5]],
    ['PairNetworks', () => pairNetworks({units: 3}), [4, 5], [18]],
  ])('of %s are the announced ones', (_, make, input, output) => {
    const layer = make();
    expect(build(layer, [null, ...input]).shape).toEqual([null, ...output]);
    tf.tidy(() => expect((layer.apply(tf.ones([2, ...input])) as tf.Tensor).shape).toEqual([2, ...output]));
    disposeWeights(layer);
  });
});

describe('values worked out by hand', () => {
  it('of BiInteraction and OuterProduct', () => {
    tf.tidy(() => {
      const e = tf.tensor3d([
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ]);
      // 1*3 + 1*5 + 3*5 and 2*4 + 2*6 + 4*6; (9, 12) times itself.
      expect(numbers(biInteraction().apply(e) as tf.Tensor)).toEqual([23, 44]);
      expect(numbers(outerProduct().apply(e) as tf.Tensor)).toEqual([81, 108, 108, 144]);
    });
  });
});

it('AttentionalPooling refuses one field', () => {
  expect(() => build(attentionalPooling({name: 'x'}), [null, 1, 4])).toThrow(
    new Error('AttentionalPooling x: needs at least 2 fields. Received: 1.'),
  );
});

describe('AttentionEmbedding', () => {
  const fields: FieldSpec[] = [
    {name: 'history', size: 4, width: 3},
    {name: 'hour', size: 3},
    {name: 'item', size: 4},
  ];
  const args: AttentionEmbeddingArgs = {
    fields,
    outputDim: 2,
    behaviour: {name: 'history'},
    candidate: {name: 'item'},
    seed: 1,
  };

  it("has the rows of the other fields only, and shares the candidate's", () => {
    const layer = attentionEmbedding({...args, attentionUnits: 3});
    layer.apply(tfl.input({shape: [5], dtype: 'int32'}));
    expect(layer.weights.map(w => `${w.originalName.split('/')[1]} [${w.shape}]`)).toEqual([
      'embeddings [7,2]',
      'kernel [8,3]',
      'bias [3]',
      'projection [3,1]',
      'shift [1]',
    ]);
    tf.tidy(() => {
      const table = tf.tensor2d([
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ]);
      // A constant attention of 2: the interest is twice the sum of the present items.
      layer.setWeights([table, tf.zeros([8, 3]), tf.zeros([3]), tf.zeros([3, 1]), tf.tensor1d([2])]);
      const e = layer.apply(
        tf.tensor2d(
          [
            [0, -1, 3, 1, 2],
            [-1, -1, -1, 0, 0],
          ],
          undefined,
          'int32',
        ),
      ) as tf.Tensor;
      expect(e.shape).toEqual([2, 3, 2]);
      expect(numbers(e)).toEqual([2 * (1 + 7), 2 * (2 + 8), 0, 0, 5, 6, 0, 0, 0, 0, 1, 2]);
    });
    disposeWeights(layer);
  });

  it('leaves out ignored fields', () => {
    const [history, hour, item] = fields;
    const layer = attentionEmbedding({
      ...args,
      fields: [{...hour, ignored: true}, history, {name: 'kind', size: 2}, item],
    });
    layer.apply(tfl.input({shape: [6], dtype: 'int32'}));
    expect(layer.weights[0].shape).toEqual([2 + 4, 2]);
    tf.tidy(() => {
      const e = layer.apply(tf.tensor2d([[9, 0, -1, 3, 1, 2]], undefined, 'int32')) as tf.Tensor;
      expect([e.shape, layer.computeOutputShape([1, 6])]).toEqual([
        [1, 3, 2],
        [1, 3, 2],
      ]);
      expect(numbers(e).slice(4)).toEqual(numbers(layer.weights[0].read()).slice(2 * 4, 2 * 5));
    });
    disposeWeights(layer);
  });

  it.each<[string, object, string]>([
    [
      'a behaviour that is one-hot',
      {behaviour: {name: 'hour'}},
      'AttentionEmbedding: `behaviour` must be {name} of a multi-hot field. Received: {"name":"hour"}.',
    ],
    [
      'a candidate that is not there',
      {candidate: {name: 'movie'}},
      'AttentionEmbedding: `candidate` must be {name} of a one-hot field. Received: {"name":"movie"}.',
    ],
  ])('refuses %s', (_, changed, message) => {
    expect(() => attentionEmbedding({...args, ...changed})).toThrow(new Error(message));
  });

  it('refuses ids that are out of range, in the behaviour, too', () => {
    const layer = attentionEmbedding(args);
    tf.tidy(() =>
      expect(() => layer.apply(tf.tensor2d([[0, 4, 1, 1, 2]], undefined, 'int32'))).toThrow(
        'AttentionEmbedding: id 4 of field "history" is out of range in row 0 of the batch, column 1.',
      ),
    );
    disposeWeights(layer);
  });
});
