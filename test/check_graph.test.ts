import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {autoDeepFm} from 'tfjs-autofis/models';
import {checkGraph} from '../src/check_graph';
import {fields} from './helpers/models';

/** The topology that a model is saved with. */
async function topologyOf(model: tfl.LayersModel): Promise<object> {
  let topology: object = {};
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      topology = artifacts.modelTopology as object;
      return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
    }),
  );
  return JSON.parse(JSON.stringify(topology)) as object;
}

/** A layer that is called twice, and a model within a model. */
function nested(): tfl.LayersModel {
  const shared = tfl.layers.dense({name: 'shared', units: 3});
  const inner = (() => {
    const x = tfl.input({shape: [3], name: 'inside'});
    return tfl.model({
      name: 'inner',
      inputs: x,
      outputs: tfl.layers.dense({name: 'deep', units: 3}).apply(x) as tfl.SymbolicTensor,
    });
  })();
  const [a, b] = [tfl.input({shape: [3], name: 'a'}), tfl.input({shape: [3], name: 'b'})];
  const sum = tfl.layers
    .add({name: 'sum'})
    .apply([shared.apply(a), inner.apply(shared.apply(b) as tfl.SymbolicTensor)] as tfl.SymbolicTensor[]);
  return tfl.model({inputs: [a, b], outputs: [sum as tfl.SymbolicTensor]});
}

const sequential = () =>
  tfl.sequential({layers: [tfl.layers.dense({units: 2, inputShape: [3]}), tfl.layers.dense({units: 1})]});

it.each<[string, () => tfl.LayersModel]>([
  ['autoDeepFm', () => autoDeepFm({fields, embeddingDim: 2, hiddenUnits: [3]})],
  ['nested and shared layers', nested],
  ['sequential', sequential],
  [
    'a sequential model within another one',
    () => tfl.sequential({layers: [tfl.layers.inputLayer({inputShape: [3]}), sequential()]}),
  ],
])('passes what is saved: %s', async (_, make) => {
  const model = make();
  checkGraph('model.json', await topologyOf(model));
  model.dispose();
});

const refusal = "m/model.json: the model's graph is invalid: ";

it.each([
  [
    'a layer with two names',
    '"name":"b"},"inbound_nodes"',
    '"name":"c"},"inbound_nodes"',
    'the layer "b" is named "c" in its config',
  ],
  [
    'a layer that was renamed',
    '["shared",1,0,{}]',
    '["shred",1,0,{}]',
    'the layer "inner" reads "shred", which the model does not have',
  ],
  [
    'an input that was renamed',
    '[["b",0,0,{}]]',
    '[["c",0,0,{}]]',
    'the layer "shared" reads "c", which the model does not have',
  ],
  [
    'a layer of a model within',
    '["inside",0,0,{}]',
    '["outside",0,0,{}]',
    'the layer "deep" reads "outside", which the model does not have',
  ],
  [
    'an unknown call',
    '["shared",1,0,{}]',
    '["shared",2,0,{}]',
    'the layer "inner" depends on itself or on an output that no layer has',
  ],
  [
    'a circle',
    '[[["a",0,0,{}]]',
    '[[["sum",0,0,{}]]',
    'the layer "shared" depends on itself or on an output that no layer has',
  ],
  [
    'two layers of one name',
    '"name":"b","class_name"',
    '"name":"a","class_name"',
    'two of its layers have the same name',
  ],
  ['no inputs', '"inbound_nodes":[]', '"inbound_n0des":[]', 'a layer has no name or no inputs ("a")'],
  ['inputs that are none', '[["a",0,0,{}]]', '[["a",-1,0,{}]]', 'a layer has no name or no inputs ("shared")'],
  [
    'another output',
    '"output_layers":[["sum",0,0]]',
    '"output_layers":[["sun",0,0]]',
    'its output ["sun",0,0] belongs to no layer',
  ],
  [
    'an input that belongs to no layer',
    '"input_layers":[["a"',
    '"input_layers":[["A"',
    'its input ["A",0,0] belongs to no layer',
  ],
])('refuses %s', async (_, from, to, what) => {
  const model = nested();
  const text = JSON.stringify(await topologyOf(model));
  model.dispose();
  expect(text).toContain(from);
  expect(() => checkGraph('m/model.json', JSON.parse(text.replace(from, to)))).toThrow(
    `${refusal}${what}. Copy or save the model again.`,
  );
});

it.each([null, 5, [], {}, {config: null}, {config: {layers: 5}}])(
  'leaves what is not a model to tfjs: %j',
  topology => {
    expect(() => checkGraph('model.json', topology)).not.toThrow();
  },
);

it('takes any depth', () => {
  expect(() => checkGraph('model.json', JSON.parse(`${'['.repeat(5e4)}${']'.repeat(5e4)}`))).not.toThrow();
});
