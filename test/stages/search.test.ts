import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, selectionOf, TwoStage} from 'tfjs-autofis';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {afterEpoch, alphas, captureWarnings, searchByHand} from '../helpers/search';
import {expectNoLeak, weightValues} from '../helpers/tensors';

const warned = captureWarnings();
const rows = plantedRows(90, fields, [[0, 1]], 7);
const epochs = 4;
const batchSize = 20;
/** Five batches per epoch, the last of them short. */
const steps = epochs * 5;
const fitArgs = {epochs, batchSize, shuffle: false, verbose: 0} as const;

let data: ReturnType<typeof asTensors>;
beforeEach(() => {
  data = asTensors(rows);
});
afterEach(() => data.dispose());

describe('SearchStage', () => {
  it.each([{recipe: 'paper'}, {recipe: 'paper', c: 0.01, mu: 0.6, learningRate: 0.5}] as const)(
    'changes no numbers of its own: it equals a loop with GRDA for alpha and Adam for the rest, %j',
    async options => {
      const searched = gatedModel({optimizer: tf.train.adam(0.02)});
      const byHand = gatedModel();
      const search = new SearchStage(options);
      await searched.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
      await searchByHand(byHand, search.constants!, tf.train.adam(0.02), {...data, epochs, batchSize});
      expect(weightValues(searched.weights)).toEqual(weightValues(byHand.weights));
      expect(search.selection).toEqual(selectionOf(byHand));
      searched.dispose();
      byHand.dispose();
    },
  );

  it.each([
    ['SearchStage', () => new SearchStage()],
    ['TwoStage', () => new TwoStage()],
  ])('trains beside plain objects of hooks, before and after them: %s', async (_, stage) => {
    const model = gatedModel();
    for (const stageFirst of [true, false]) {
      const seen: number[] = [];
      const plain = {onEpochEnd: async (epoch: number) => void seen.push(epoch)};
      const search = stage();
      const callbacks = stageFirst ? [search, plain] : [plain, search];
      await model.fit(data.xs, data.ys, {...fitArgs, callbacks: callbacks as never});
      expect(seen).toEqual([0, 1, 2, 3]);
      expect(search.selection).toBeDefined();
      model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    }
    model.dispose();
  });

  it('logs open gates and the threshold of each epoch', async () => {
    const model = gatedModel();
    const search = new SearchStage({recipe: 'paper', c: 0.05});
    const open: number[] = [];
    afterEpoch(search, () => {
      open.push(alphas(model)[0].filter(a => a !== 0).length);
    });
    const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
    expect(history['openGates']).toEqual(open);
    const {c, mu} = search.constants!;
    // gamma is 1 in the first fifth of the search, its first four steps.
    expect(history['threshold'][0]).toBeCloseTo(c * (4 ** mu + 0.6 ** (0.5 + mu) * (5 ** mu - 4 ** mu)), 6);
    expect(search.selection).toHaveLength(open[epochs - 1]);
    model.dispose();
  });

  it.each(['adam', () => tf.train.adam(0.01)])('gives the model its own optimizer back, given as %p', async given => {
    const optimizer = typeof given === 'string' ? given : given();
    const model = gatedModel({optimizer});
    const {optimizer: before} = model;
    await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [new SearchStage()]});
    expect(model.optimizer).toBe(before);
    // Its moments are those of the search, and it continues with alpha among the others.
    await model.fit(data.xs, data.ys, {...fitArgs, epochs: 1});
    expect(before.iterations).toBe(steps + 5);
    model.dispose();
    if (typeof given !== 'string') before.dispose();
  });

  it.each(['adam', () => tf.train.adam(0.01)])('leaves no tensor behind, optimizer given as %p', async given => {
    await expectNoLeak(async () => {
      const model = gatedModel({optimizer: typeof given === 'string' ? given : given()});
      const {optimizer} = model;
      const search = new SearchStage({heldOut: {xs: data.xs, ys: data.ys}});
      await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
      expect(search.selection.length).toBeGreaterThanOrEqual(0);
      model.dispose();
      if (typeof given !== 'string') optimizer.dispose();
    });
  });

  it('drops interactions below the cut', async () => {
    const select = async (cut: number) => {
      const model = gatedModel();
      const search = new SearchStage({recipe: 'paper', c: 0, cut});
      await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
      const values = search.selection.map(({alpha}) => Math.abs(alpha));
      model.dispose();
      return values;
    };
    const all = await select(0);
    const some = await select(0.8);
    expect(some).toEqual(all.filter(a => a >= 0.8 * all[0]));
    expect(some.length).toBeLessThan(all.length);
  });
});

describe('SearchStage warns', () => {
  const search = async (options: ConstructorParameters<typeof SearchStage>[0]) => {
    const model = gatedModel();
    const stage = new SearchStage(options);
    await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage]});
    model.dispose();
    expect(warned()).toEqual(stage.warnings.map(message => `SearchStage: ${message}`));
    return stage.warnings;
  };
  const few =
    'the search has 20 steps of alpha. Below 300 the selection mostly follows the start values and is unreliable; ' +
    '1,000 or more are good. Use more epochs or smaller batches.';

  it.each<[string, ConstructorParameters<typeof SearchStage>[0], string[]]>([
    [
      'all gates close by the threshold',
      {recipe: 'paper', c: 1},
      [
        few,
        expect.stringMatching(/^all 6 gates are closed; the threshold reached .*smaller `c` \(1\) or `mu` \(0.6\)\.$/),
      ],
    ],
    [
      'no gate closes by the threshold',
      {recipe: 'paper', c: 1e-5},
      [
        few,
        'none of the 6 gates closed; the threshold reached only 0.0000352. ' +
          'Search again with a larger `c` (0.00001) or `mu` (0.6).',
      ],
    ],
    [
      'too few rows are held out',
      {},
      [
        'no gate was closed: 6 held-out rows do not decide, which takes at least 10 of either label for an output ' +
          'that reads a gate. Train on more rows, or give `heldOut`.',
      ],
    ],
  ])('when %s', async (_, options, messages) => {
    expect(await search(options)).toEqual(messages);
  });

  it('when the training ends early', async () => {
    const model = gatedModel();
    const stage = new SearchStage({recipe: 'paper'});
    const stop = new tfl.CustomCallback({
      onEpochEnd: async () => {
        model.stopTraining = true;
      },
    });
    await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage, stop]});
    expect(stage.warnings).toEqual([
      few,
      'the training ended after 5 of 20 steps, when the threshold was only 0.0124: gates are open that the rest of ' +
        'the search might have closed. Search again without what ended it, such as `earlyStopping`.',
    ]);
    model.dispose();
  });

  it('not of few steps when there are 300', async () => {
    const model = gatedModel();
    const stage = new SearchStage({recipe: 'paper', c: 1e-5});
    await model.fit(data.xs, data.ys, {epochs: 10, batchSize: 3, verbose: 0, callbacks: [stage]});
    expect(stage.warnings).toEqual([expect.stringMatching(/^none of the 6 gates closed/)]);
    model.dispose();
  });
});
