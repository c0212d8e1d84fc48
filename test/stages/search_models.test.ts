import * as tf from '@tensorflow/tfjs-core';
import * as tfd from '@tensorflow/tfjs-data';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, GatedInteraction, SearchStage} from 'tfjs-autofis';
import {autoIpnn} from 'tfjs-autofis/models';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {alphas, captureWarnings} from '../helpers/search';
import {expectNoLeak, weightValues} from '../helpers/tensors';

captureWarnings();
const rows = plantedRows(80, fields, [[0, 1]], 17);
const symbolic = (x: unknown) => x as tfl.SymbolicTensor;
const compiled = <T extends tfl.LayersModel>(model: T, optimizer: tf.Optimizer | string = 'adam') => {
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  return model;
};
const sigmoid = (x: tfl.SymbolicTensor) => symbolic(tfl.layers.activation({activation: 'sigmoid'}).apply(x));
const ids = () => tfl.input({shape: [4], dtype: 'int32'});
const embedding = (name: string) => new FieldEmbedding({fields, outputDim: 3, name, seed: 1});

/** Two gates in one model, a second-order and a third-order one, each with its own table, beside the linear part. */
function deep(): tfl.LayersModel {
  const input = ids();
  const second = symbolic(new GatedInteraction({name: 'second'}).apply(symbolic(embedding('v2').apply(input))));
  const third = symbolic(new GatedInteraction({name: 'third', order: 3}).apply(symbolic(embedding('v3').apply(input))));
  const linear = symbolic(new FieldLinear({fields}).apply(input));
  return compiled(
    tfl.model({inputs: input, outputs: sigmoid(symbolic(tfl.layers.add().apply([linear, second, third])))}),
  );
}

/** The gate sits in a model that is a layer of another. */
function nested(): tfl.LayersModel {
  const inner = tfl.sequential({
    layers: [new GatedInteraction({name: 'gate', inputShape: [4, 3]}), tfl.layers.activation({activation: 'sigmoid'})],
  });
  const input = ids();
  return compiled(tfl.model({inputs: input, outputs: symbolic(inner.apply(symbolic(embedding('v').apply(input))))}));
}

const kinds: Array<[string, () => tfl.LayersModel, number[]]> = [
  ['a sequential model', () => gatedModel(), [6]],
  ['a functional model with a second-order and a third-order gate', deep, [6, 4]],
  ['a model whose products go into an MLP', () => autoIpnn({fields, hiddenUnits: [4]}), [6]],
  ['a model in a model', nested, [6]],
  ['an optimizer of another class', () => gatedModel({optimizer: 'rmsprop'}), [6]],
];

describe.each(kinds)('SearchStage in %s', (_, make, sizes) => {
  it('searches every gate, names the fields, and leaves nothing behind', async () => {
    const {xs, ys, dispose} = asTensors(rows);
    await expectNoLeak(async () => {
      const model = make();
      const {optimizer} = model;
      const start = alphas(model);
      const search = new SearchStage({method: {type: 'grda', c: 0.01}});
      const {history} = await model.fit(xs, ys, {epochs: 2, batchSize: 16, verbose: 0, callbacks: [search]});
      const end = alphas(model);
      expect(end.map(alpha => alpha.length)).toEqual(sizes);
      end.forEach((alpha, g) => expect(alpha).not.toEqual(start[g]));
      expect(history['openGates']).toHaveLength(2);
      expect(search.selection.map(s => [s.gate, s.alpha]).sort()).toEqual(
        end.flatMap((alpha, g) => alpha.filter(a => a !== 0).map(a => [g, a])).sort(),
      );
      expect(search.selection.length).toBeGreaterThan(0);
      for (const {fields: of, interaction} of search.selection)
        expect(of).toEqual(interaction.map(f => fields[f].name));
      expect(model.optimizer).toBe(optimizer);
      model.dispose();
    });
    dispose();
  });
});

describe('SearchStage in fitDataset', () => {
  const batches = () =>
    tfd.array([0, 1, 2, 3].map(b => b * 20)).map(start => ({
      xs: tf.tensor2d(rows.ids.slice(start as number, (start as number) + 20), undefined, 'int32'),
      ys: tf.tensor2d(rows.labels.slice(start as number, (start as number) + 20), [20, 1]),
    }));

  /** The same, of a length that nobody knows beforehand. */
  const stream = () => tfd.generator(async () => (await batches().iterator()) as never) as ReturnType<typeof batches>;

  it('equals the same search in fit', async () => {
    const {xs, ys, dispose} = asTensors(rows);
    const a = gatedModel();
    const b = gatedModel();
    const one = new SearchStage();
    const two = new SearchStage();
    const {history} = await a.fitDataset(batches().repeat(), {
      epochs: 3,
      batchesPerEpoch: 4,
      verbose: 0,
      callbacks: [one],
    });
    await b.fit(xs, ys, {epochs: 3, batchSize: 20, shuffle: false, verbose: 0, callbacks: [two]});
    expect(one.constants).toEqual(two.constants);
    expect(weightValues(a.weights)).toEqual(weightValues(b.weights));
    expect(one.selection).toEqual(two.selection);
    expect(history['openGates']).toHaveLength(3);
    [a, b].forEach(model => model.dispose());
    dispose();
  });

  it('needs no number of batches', async () => {
    const model = gatedModel();
    const search = new SearchStage();
    const {history} = await model.fitDataset(stream(), {epochs: 2, verbose: 0, callbacks: [search]});
    expect(history['openGates']).toHaveLength(2);
    expect(search.selection).toHaveLength(history['openGates'][1] as number);
    model.dispose();
  });
});
