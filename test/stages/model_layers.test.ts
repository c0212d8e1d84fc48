import * as tf from '@tensorflow/tfjs-core';
import {autoDeepFm} from 'tfjs-autofis/models';
import {modelSettings} from '../../src/stages/model_layers';

const fields = [
  {name: 'a', size: 5},
  {name: 'b', size: 7},
];
const usual = {fields, embeddingDim: 3, hiddenUnits: [4], l2: 0.1, dropout: 0.2};
const settingsOf = (options: Partial<Parameters<typeof autoDeepFm>[0]>) => {
  const model = autoDeepFm({...usual, ...options});
  const text = JSON.stringify(modelSettings(model));
  model.dispose();
  return text;
};

it('says of two models made alike the same, whatever their layers are called', () => {
  expect(settingsOf({})).toBe(settingsOf({}));
});

it.each<[string, () => Partial<Parameters<typeof autoDeepFm>[0]>]>([
  ['L2', () => ({l2: 0.2})],
  ['dropout', () => ({dropout: 0.3})],
  ['units', () => ({hiddenUnits: [5]})],
  ['size of the embeddings', () => ({embeddingDim: 4})],
  ['name of a field', () => ({fields: [fields[0], {name: 'c', size: 7}]})],
  ['optimizer', () => ({optimizer: tf.train.adam(0.5)})],
])('tells models apart by their %s', (_, options) => {
  expect(settingsOf(options())).not.toBe(settingsOf({}));
});
