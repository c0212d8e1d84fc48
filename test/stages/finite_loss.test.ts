import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, SeededBatches, TwoStage} from 'tfjs-autofis';
import {FiniteLoss} from '../../src/stages/loss_watch';
import {asTensors, fields, functionalModel, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {expectNoLeak, messageOf} from '../helpers/tensors';
import {selectInteractions} from '../../src/stages/selection';

captureWarnings();
const CAUSE =
  'A label, a weight or an input of that step is not a number, or the training has diverged: ' +
  'correct the data, or use a smaller learning rate.';
const rows = plantedRows(80, fields, [[0, 1]], 67);
const data = testTensors(rows);

/** The rows with a label of NaN in one of them. */
const withNaN = (row: number) =>
  asTensors({ids: rows.ids, labels: rows.labels.map((label, i) => (i === row ? NaN : label))});

async function fit(
  model: tfl.LayersModel,
  callbacks: tfl.Callback[],
  {xs, ys}: {xs: tf.Tensor; ys: tf.Tensor},
  epochs = 3,
): Promise<string> {
  return messageOf(() => model.fit(xs, ys, {epochs, batchSize: 2, shuffle: false, verbose: 0, callbacks}));
}

describe('A loss that is not a number', () => {
  it.each([0, 37, 79])(
    'ends a search with the step of the label in row %i, and gives the model its optimizer back',
    async row => {
      const model = functionalModel();
      const bad = withNaN(row);
      const own = model.optimizer;
      const search = new SearchStage();
      expect(await fit(model, [search], bad)).toBe(
        `SearchStage: the loss of step ${Math.floor(row / 2) + 1} is NaN. ${CAUSE}`,
      );
      expect(model.optimizer).toBe(own);
      expect(() => search.selection).toThrow('SearchStage: no search has run, or it failed');
      expect(search.warnings.filter(warning => /gates/.test(warning))).toEqual([]);
      model.dispose();
      bad.dispose();
    },
  );

  it('ends a search on held-out rows with a label of NaN', async () => {
    const model = functionalModel();
    const bad = withNaN(0);
    const search = new SearchStage({method: {type: 'topK', k: 3, heldOut: {xs: bad.xs, ys: bad.ys, batchSize: 80}}});
    expect(await fit(model, [search], data)).toBe(`SearchStage: the loss on \`heldOut\` of step 1 is NaN. ${CAUSE}`);
    model.dispose();
    bad.dispose();
  });

  it('ends TwoStage in either stage', async () => {
    const bad = withNaN(5);
    const early = gatedModel();
    const late = gatedModel({optimizer: tf.train.sgd(1)});
    expect(await fit(early, [new TwoStage({search: {epochs: 1}})], bad)).toBe(
      `SearchStage: the loss of step 3 is NaN. ${CAUSE}`,
    );
    const stages = new TwoStage({search: {epochs: 1}});
    const begin = stages.onEpochBegin;
    stages.onEpochBegin = async epoch => {
      await begin(epoch);
      if (epoch === 1) late.layers[0].setWeights(late.layers[0].getWeights().map(weight => tf.fill(weight.shape, NaN)));
    };
    expect(await fit(late, [stages], data)).toBe(`TwoStage: in the retrain stage the loss of step 1 is NaN. ${CAUSE}`);
    [early, late].forEach(model => model.dispose());
    bad.dispose();
  });

  it('is reported with the steps of a training that continues', async () => {
    const model = functionalModel();
    const bad = withNaN(4);
    expect(await fit(model, [new FiniteLoss('retrain', 100)], bad)).toBe(
      `retrain: the loss of step 103 is NaN. ${CAUSE}`,
    );
    model.dispose();
    bad.dispose();
  });

  it('is watched without a tensor left behind', async () => {
    const model = functionalModel({optimizer: tf.train.sgd(0.1)});
    const {xs, ys} = data;
    const batches = new SeededBatches({xs, ys}, {batchSize: 80, seed: 1}) as never;
    await expectNoLeak(async () => {
      await model.fitDataset(batches, {epochs: 40, verbose: 0, callbacks: [new FiniteLoss('test')]});
    });
    model.dispose();
  });
});

describe('An alpha that is not a number', () => {
  it('is not a selection', () => {
    expect(() =>
      selectInteractions([
        {
          interactions: [
            [0, 1],
            [0, 2],
          ],
          order: 2,
          fieldNames: ['a', 'b', 'c'],
          alpha: [0.5, NaN],
        },
      ]),
    ).toThrow(
      new Error(
        'selectInteractions: alpha of a x c in gate 0 must be a finite number. Received: NaN. ' +
          'The training has diverged or got bad input.',
      ),
    );
  });

  it('ends the search whose last step made it', async () => {
    const model = functionalModel();
    const search = new SearchStage();
    const end = search.onEpochEnd;
    search.onEpochEnd = async (epoch, logs) => {
      await end(epoch, logs);
      if (epoch === 2)
        tf.tidy(() => {
          model.layers[2].getWeights();
          (model.trainableWeights[1].read() as tf.Variable).assign(tf.fill([6], NaN));
        });
    };
    expect(await fit(model, [search], data)).toMatch(
      /^SearchStage: alpha of gate gate is not a number after step 120\. A label or a weight of that step is/,
    );
    model.dispose();
  });
});
