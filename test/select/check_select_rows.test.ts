import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {autoSelect} from '../../src/select/auto_select';
import type {AutoSelectArgs} from '../../src/select/auto_select_args';
import {asTensors, fields, functionalModel, plantedRows} from '../helpers/models';
import {messageOf} from '../helpers/tensors';

const valid = (last: number) =>
  `Valid ids are 0 to ${last}: ids count from 0 within each field, whose \`size\` is ${last + 1}.`;

/** Labels of 200 rows, of which the first is neither 0 nor 1, and weights by which only the others count. */
const strange = () => tf.concat([tf.fill([1, 1], 2), tf.zeros([100, 1]), tf.ones([99, 1])]);
const others = () => tf.concat([tf.zeros([1]), tf.ones([199])]);

describe('before it trains, autoSelect refuses', () => {
  let xs: tf.Tensor2D;
  let ys: tf.Tensor2D;
  beforeAll(() => {
    ({xs, ys} = asTensors(plantedRows(200, fields, [[0, 1]], 4)));
  });
  afterAll(() => tf.dispose([xs, ys]));

  it.each<[string, () => Partial<AutoSelectArgs>, string]>([
    [
      'training labels other than 0 and 1',
      () => ({train: {xs, ys: tf.sub(tf.mul(ys, 2), 1)}}),
      'autoSelect: the labels of `train` must be 0 or 1. Received: -1.',
    ],
    [
      'validation labels other than 0 and 1, also of rows that do not count',
      () => ({validation: {xs, ys: strange(), weights: others()}}),
      'autoSelect: the labels of `validation` must be 0 or 1. Received: 2.',
    ],
    [
      'the same of test labels',
      () => ({test: {xs, ys: strange(), weights: others()}}),
      'autoSelect: the labels of `test` must be 0 or 1. Received: 2.',
    ],
    [
      'test rows of one label',
      () => ({test: {xs, ys: tf.onesLike(ys)}}),
      'autoSelect: the labels of `test` must be 0 or 1, some of each. Received: 0 times 0, 200 times 1. ' +
        'Give rows of both labels.',
    ],
    [
      'two labels a row',
      () => ({validation: {xs, ys: tf.concat([ys, ys], 1)}}),
      'autoSelect: `ys` of `validation` must hold one label a row, [rows, 1] or [rows]. Received shape: [200,2].',
    ],
    [
      'ids that are too high',
      () => ({validation: {xs: tf.fill([200, 4], 5, 'int32'), ys}}),
      'autoSelect: `validation`: id 5 of field "C1" is out of range in row 0 of the batch, column 1. ' + valid(4),
    ],
    [
      'ids that are fractions',
      () => ({test: {xs: tf.fill([200, 4], 0.5), ys}}),
      'autoSelect: `test`: id 0.5 of field "user_ID" is not an integer in row 0 of the batch, column 0. ' + valid(5),
    ],
    [
      'rows of other columns',
      () => ({train: {xs: tf.slice(xs, [0, 0], [-1, 3]), ys}}),
      'autoSelect: `train`: the input must be ids of shape [batch, 4]: one column for each one-hot field and ' +
        '`width` for each multi-hot one. Received shape: [200,3].',
    ],
    [
      'several inputs',
      () => ({train: {xs: [xs, xs], ys}}),
      'autoSelect: `train`: `xs` must be one tensor of ids. Received: 2 tensors.',
    ],
    [
      'a function that gives something else than batches',
      () => ({train: () => [] as never}),
      'autoSelect: `train`, a function, must return batches {size, iterator}, such as `train.dataset(...)` of ' +
        'openShards. Received: [].',
    ],
    [
      'a trainer that is not a function',
      () => ({trainer: {} as never}),
      'autoSelect: `trainer` must be a function, such as that of TrainingThreads. Received: {}.',
    ],
    [
      'one field',
      () => ({fields: fields.slice(0, 1)}),
      'autoSelect: a model of interactions needs two `fields`. Received: 1. Give another field, or train logistic ' +
        'regression: `lr` of tfjs-autofis/models.',
    ],
  ])('%s', async (_, change, message) => {
    const rows = {xs, ys};
    tf.engine().startScope();
    const args = {fields, train: rows, validation: rows, test: rows, ...change()};
    expect(await messageOf(() => autoSelect(args))).toBe(message);
    tf.engine().endScope();
  });

  it('a model of your own that is not compiled', async () => {
    const compiled = functionalModel();
    const model = tfl.model({inputs: compiled.inputs, outputs: compiled.outputs});
    const rows = {xs, ys};
    expect(await messageOf(() => autoSelect({model, train: rows, validation: rows}))).toBe(
      'autoSelect: the model is not compiled. Call model.compile(...) first.',
    );
    const settings = {share: 0.1, schedule: {learningRate: 0.1}};
    for (const [name, value] of Object.entries(settings))
      expect(
        await messageOf(() => autoSelect({model: compiled, train: rows, validation: rows, [name]: value})),
      ).toMatch(
        new RegExp(`^autoSelect: .${name}.* must be absent with .model., which is trained as it is compiled. Rec`),
      );
    compiled.dispose();
  });

  it('a store of another effort', async () => {
    const kept = new Map<string, unknown>();
    const store = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => void kept.set(key, value),
    };
    const rows = {xs, ys};
    const signal = AbortSignal.abort(new Error('enough'));
    const select = (effort?: 'quick' | 'normal') =>
      messageOf(() => autoSelect({fields, train: rows, validation: rows, effort, store, signal}));
    expect([await select(), await select('normal')]).toEqual(['enough', 'enough']);
    expect(await select('quick')).toBe(
      'autoSelect: `store` holds steps of another `effort`: "normal". Received: "quick". ' +
        'Give the same arguments as before, or an empty store.',
    );
  });
});
