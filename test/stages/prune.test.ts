import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, GatedInteraction, pruneModel, selectionOf} from 'tfjs-autofis';
import {findGates} from '../../src/stages/gates';
import {fields, gatedModel, plantedRows, saveAndLoad, testTensors} from '../helpers/models';
import {expectClose, expectNoLeak, messageOf, numbers} from '../helpers/tensors';

const rows = plantedRows(40, fields, [[0, 1]], 57);
const data = testTensors(rows);

/** A second-order and a third-order gate beside a linear part, trained a little. */
async function twoGates(): Promise<tfl.LayersModel> {
  const input = tfl.input({shape: [4], dtype: 'int32'});
  const e = new FieldEmbedding({fields, outputDim: 3, seed: 4, name: 'v'}).apply(input) as tfl.SymbolicTensor;
  const sum = tfl.layers
    .add()
    .apply([
      new FieldLinear({fields}).apply(input),
      new GatedInteraction({name: 'second', seed: 5}).apply(e),
      new GatedInteraction({name: 'third', order: 3, seed: 6}).apply(e),
    ] as tfl.SymbolicTensor[]);
  const model = tfl.model({
    inputs: input,
    outputs: tfl.layers.activation({activation: 'sigmoid'}).apply(sum) as tfl.SymbolicTensor,
  });
  model.compile({optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy'});
  await model.fit(data.xs, data.ys, {epochs: 3, batchSize: 8, shuffle: false, verbose: 0});
  return model;
}

const close = (model: tfl.LayersModel, open: number[][]) =>
  tf.tidy(() =>
    findGates('test', model).forEach(({layer}, g) =>
      layer.alpha!.write(tf.mul(layer.alpha!.read(), tf.tensor1d(open[g]))),
    ),
  );
const predict = (model: tfl.LayersModel) =>
  tf.tidy(() => numbers(model.predict(data.xs, {batchSize: data.xs.shape[0]}) as tf.Tensor));

describe('pruneModel', () => {
  it.each([
    ['some of both gates', [1, 0, 0, 1, 1, 0], [0, 1, 0, 1]],
    ['all but one', [0, 0, 0, 0, 1, 0], [0, 0, 0, 0]],
    ['one gate wholly closed', [1, 1, 0, 0, 0, 0], [0, 0, 0, 0]],
    ['the other gate wholly closed', [0, 0, 0, 0, 0, 0], [1, 0, 0, 1]],
    ['nothing closed', [1, 1, 1, 1, 1, 1], [1, 1, 1, 1]],
  ])('predicts what the model predicts with closed gates: %s', async (_, ...open) => {
    const model = await twoGates();
    const whole = predict(model);
    close(model, open);
    const slim = pruneModel(model, selectionOf(model));
    expectClose(predict(slim), predict(model), 1e-6);
    if (open.flat().includes(0)) expect(predict(slim)).not.toEqual(whole);
    const layer = (name: string) => slim.getLayer(name) as GatedInteraction;
    expect([layer('second').interactions.length, layer('third').interactions.length]).toEqual(
      open.map(gate => gate.reduce((sum, o) => sum + o)),
    );
    [model, slim].forEach(m => m.dispose());
  });

  it('drops gates that are open but not selected', async () => {
    const model = await twoGates();
    const selection = selectionOf(model)
      .filter(s => s.gate === 0)
      .slice(0, 2);
    const slim = pruneModel(model, selection);
    const kept = new Set(selection.map(s => s.interaction.join()));
    close(model, [findGates('test', model)[0].layer.interactions.map(i => (kept.has(i.join()) ? 1 : 0)), [0, 0, 0, 0]]);
    expectClose(predict(slim), predict(model), 1e-6);
    [model, slim].forEach(m => m.dispose());
  });

  it('survives saving: predictions, names, and a fit', async () => {
    const model = await twoGates();
    close(model, [
      [1, 0, 0, 1, 1, 0],
      [0, 1, 0, 1],
    ]);
    const slim = pruneModel(model, selectionOf(model));
    const loaded = await saveAndLoad(slim, true);
    expect(predict(loaded)).toEqual(predict(slim));
    for (const name of ['second', 'third']) {
      expect((loaded.getLayer(name) as GatedInteraction).fieldNames).toEqual(['user_ID', 'C1', 'a_b', 'hour']);
    }
    await loaded.fit(data.xs, data.ys, {epochs: 1, verbose: 0});
    expect(selectionOf(loaded).every(({gate, fields: of}) => of.length === 2 + gate)).toBe(true);
    [model, slim, loaded].forEach(m => m.dispose());
  });

  it('does not change the model, and leaves no tensor behind', async () => {
    const model = gatedModel();
    const before = predict(model);
    await expectNoLeak(() => {
      pruneModel(model, selectionOf(model).slice(0, 2)).dispose();
    });
    expect(predict(model)).toEqual(before);
    model.dispose();
  });

  it('refuses a model whose other weights depend on the number of interactions', async () => {
    const model = tfl.sequential({
      layers: [
        new FieldEmbedding({fields, outputDim: 2}),
        new GatedInteraction({output: 'each'}),
        tfl.layers.dense({units: 1, name: 'top'}),
      ],
    });
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    expect(
      await messageOf(() =>
        tf.tidy(() => {
          pruneModel(model, selectionOf(model).slice(0, 2));
        }),
      ),
    ).toBe(
      'pruneModel: the weights of top depend on the number of interactions ([[6,1],[1]] became [[2,1],[1]]), ' +
        "as after a gate with output 'each'. Use retrainModel.",
    );
    model.dispose();
  });
});
