import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {din} from 'tfjs-autofis/models';
import {functionalModel, gatedModel} from '../helpers/models';
import {expectNoLeak, messageOf, numbers} from '../helpers/tensors';

const models: Array<[string, () => tfl.LayersModel]> = [
  ['a sequential model', () => gatedModel()],
  ['a functional model', () => functionalModel()],
  [
    'a model built from its config',
    () => {
      const model = functionalModel();
      const config = model.getConfig() as tf.serialization.ConfigDict;
      model.dispose();
      const copy = tfl.LayersModel.fromConfig(tfl.LayersModel, config) as tfl.LayersModel;
      copy.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'});
      return copy;
    },
  ],
];

describe.each(models)('float ids of %s', (_, make) => {
  it.each([
    [1.5, 'not an integer'],
    [NaN, 'not an integer'],
    [Infinity, 'not an integer'],
    [-Infinity, 'not an integer'],
    [2 ** 32, 'out of range'],
    [2 ** 32 + 1024, 'out of range'],
    [-1, 'out of range'],
  ])('refuse %p, in predict and in fit', async (id, reason) => {
    const model = make();
    const rows = tf.tensor2d([
      [0, 0, 0, 0],
      [0, id, 0, 0],
    ]);
    const labels = tf.tensor2d([[0], [1]]);
    const message =
      `FieldEmbedding: id ${Math.fround(id)} of field "C1" is ${reason} in row 1 of the batch, ` + 'column 1. ';
    await expectNoLeak(async () => expect(await messageOf(() => model.predict(rows))).toContain(message));
    expect(await messageOf(() => model.fit(rows, labels, {shuffle: false, verbose: 0}))).toContain(message);
    tf.dispose([rows, labels]);
    model.dispose();
  });

  it('count as integers where they are whole', () => {
    const model = make();
    tf.tidy(() => {
      const ids = [
        [5, 4, 3, 2],
        [0, 1, 2, 0],
      ];
      expect(numbers(model.predict(tf.tensor2d(ids)) as tf.Tensor)).toEqual(
        numbers(model.predict(tf.tensor2d(ids, [2, 4], 'int32')) as tf.Tensor),
      );
    });
    model.dispose();
  });
});

it('refuses such ids in a multi-hot field, too', async () => {
  const model = din({
    fields: [
      {name: 'item', size: 5},
      {name: 'history', size: 5, width: 2},
    ],
    behaviour: 'history',
    candidate: 'item',
    embeddingDim: 2,
    hiddenUnits: [2],
  });
  const rows = tf.tensor2d([
    [1, 2, -1],
    [1, 0.5, -1],
  ]);
  expect(await messageOf(() => model.predict(rows))).toContain(
    'id 0.5 of field "history" is not an integer in row 1 of the batch, column 1. ' +
      'Valid ids are 0 to 4, and -1 for padding',
  );
  rows.dispose();
  model.dispose();
});
