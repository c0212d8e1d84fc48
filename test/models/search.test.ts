import type * as tfl from '@tensorflow/tfjs-layers';
import {pruneModel, retrainModel, SearchStage, Selection} from 'tfjs-autofis';
import {autoDeepFm, autoFm, autoIpnn, ModelOptions} from 'tfjs-autofis/models';
import {asTensors, plantedRows, disposeTrained} from '../helpers/models';
import {predictions} from '../helpers/plain_models';
import {expectClose} from '../helpers/tensors';
import {LazyAdam} from '../../optimizers/lazy_adam';

const fields = [
  {name: 'user_ID', size: 5},
  {name: 'C1', size: 4},
  {name: 'hour', size: 3},
  {name: 'a_b', size: 4},
];
const options = {fields, embeddingDim: 3, hiddenUnits: [4], seed: 5};
const rows = plantedRows(
  64,
  fields,
  [
    [0, 1],
    [0, 2, 3],
  ],
  61,
);

/** The rate makes up for the few steps: some gates stay open. */
const quick = () => new LazyAdam({learningRate: 0.05});

async function search(model: tfl.LayersModel): Promise<Selection> {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const stage = new SearchStage({method: {type: 'grda'}});
  await fit(model, 6, [stage]);
  warn.mockRestore();
  return stage.selection;
}

async function fit(model: tfl.LayersModel, epochs: number, callbacks: tfl.Callback[] = []): Promise<number> {
  const data = asTensors(rows);
  const {history} = await model.fit(data.xs, data.ys, {epochs, batchSize: 8, shuffle: false, verbose: 0, callbacks});
  data.dispose();
  return history['loss'][epochs - 1] as number;
}

const forms: Array<[string, (options: ModelOptions) => tfl.LayersModel, Partial<ModelOptions>]> = [
  ['autoFm', autoFm, {}],
  ['autoFm of triples', autoFm, {order: 3}],
  ['autoFm of both orders', autoFm, {order: 'both', thirdOrderTable: true}],
  ['autoDeepFm', autoDeepFm, {}],
  ['autoDeepFm of both orders', autoDeepFm, {order: 'both', thirdOrderTable: true}],
];

describe.each(forms)('a search of %s', (_, build, form) => {
  it('selects interactions by the names of fields, and its slim models train and predict', async () => {
    const model = build({...options, ...form, optimizer: quick()});
    const selection = await search(model);
    expect(selection.length).toBeGreaterThan(0);
    const names = fields.map(({name}) => name);
    for (const {fields: own, interaction} of selection) expect(own).toEqual(interaction.map(f => names[f]));
    const slim = retrainModel(model, selection, {seed: 9});
    const pruned = pruneModel(model, selection);
    expectClose(predictions(pruned, rows.ids), predictions(model, rows.ids), 1e-5);
    expect(await fit(slim, 3)).toBeLessThan(0.8);
    for (const each of [slim, pruned, model]) disposeTrained(each);
  });
});

describe.each<[string, Partial<ModelOptions>]>([
  ['pairs', {}],
  ['both orders', {order: 'both', thirdOrderTable: true}],
])('a search of autoIpnn of %s', (_, form) => {
  it('selects products, and its slim model has an MLP on these alone', async () => {
    const model = autoIpnn({...options, ...form, optimizer: quick()});
    const selection = await search(model);
    expect(selection.length).toBeGreaterThan(0);
    const slim = retrainModel(model, selection, {seed: 9});
    const outputs = slim.layers
      .filter(layer => ['pairs', 'triples'].includes(layer.name))
      .map(layer => layer.outputShape[1] as number);
    expect(outputs.reduce((total, count) => total + count, 0)).toBe(selection.length);
    expect(await fit(slim, 3)).toBeLessThan(0.8);
    for (const each of [slim, model]) disposeTrained(each);
  });
});

describe('a selection of autoFm', () => {
  it('is retrained inside autoIpnn', async () => {
    const searched = autoFm({...options, optimizer: quick()});
    const other = autoIpnn(options);
    const selection = (await search(searched)).slice(0, 3);
    const slim = retrainModel(other, selection);
    const gate = slim.getLayer('pairs');
    expect(gate.outputShape).toEqual([null, 3]);
    expect(await fit(slim, 2)).toBeLessThan(0.8);
    for (const each of [slim, other, searched]) disposeTrained(each);
  });
});
