import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {calibrate, grdaThreshold, SearchStage, selectionOf, TwoStage} from 'tfjs-autofis';
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
  it.each([
    {},
    {strength: 3, warmup: 0},
    {c: 0.01, mu: 0.6, learningRate: 0.5, warmup: 0.5},
    {recipe: 'paper'},
  ] as const)(
    'changes no numbers of its own: it equals a loop with GRDA for alpha and Adam for the rest, %j',
    async options => {
      const searched = gatedModel({optimizer: tf.train.adam(0.02)});
      const byHand = gatedModel();
      const search = new SearchStage(options);
      await searched.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
      expect(search.constants).toEqual(calibrate({...options, steps, hiddenLayers: false}));
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

  it('calibrates c so that the last threshold is strength * alphaInit', async () => {
    const model = gatedModel({alphaInit: 0.5});
    const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [new SearchStage({strength: 1.5})]});
    expect(history['threshold'][epochs - 1]).toBeCloseTo(0.75, 6);
    model.dispose();
  });

  it('refuses a start at 0, of which no strength makes a threshold, but not where c is given', async () => {
    const model = gatedModel({alphaInit: 0});
    const fit = (search: SearchStage) => model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
    await expect(fit(new SearchStage({strength: 2}))).rejects.toThrow(
      'SearchStage: gate gate starts at `alphaInit` 0, where every gate is closed',
    );
    await expect(fit(new SearchStage({c: 1e-4, warmup: 0}))).resolves.toBeDefined();
    model.dispose();
  });

  it('logs open gates and the threshold of each epoch', async () => {
    const model = gatedModel();
    const search = new SearchStage({strength: 1});
    const open: number[] = [];
    afterEpoch(search, () => {
      open.push(alphas(model)[0].filter(a => a !== 0).length);
    });
    const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
    expect(history['openGates']).toEqual(open);
    const {constants} = search;
    history['threshold'].forEach((threshold, epoch) =>
      expect(threshold).toBeCloseTo(
        grdaThreshold(Math.max(0, 5 * (epoch + 1) - constants!.warmupSteps), constants!),
        6,
      ),
    );
    expect(search.selection).toHaveLength(open[epochs - 1]);
    model.dispose();
  });

  it('leaves alpha bit for bit as it starts during the warm-up, while other weights learn', async () => {
    const model = gatedModel();
    const start = alphas(model);
    const table = weightValues(model.weights)[0];
    // 11 of the 20 steps warm up; the second epoch ends after 10.
    const seen: Array<{alpha: number[][]; table: number[]}> = [];
    const search = new SearchStage({warmup: 0.55});
    afterEpoch(search, () => {
      seen.push({alpha: alphas(model), table: weightValues(model.weights)[0]});
    });
    await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
    expect(search.constants!.warmupSteps).toBe(11);
    expect(seen.slice(0, 2).map(s => s.alpha)).toEqual([start, start]);
    expect(seen[0].table).not.toEqual(table);
    expect(seen[2].alpha).not.toEqual(start);
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
      const search = new SearchStage({c: 0, warmup: 0, cut});
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
  const few = (active: number) =>
    `the search has ${active} steps of alpha (20 in all). Below 300 the selection mostly follows the ` +
    'start values and is unreliable; 1,000 or more are good. Use more epochs or smaller batches.';

  it.each<[string, ConstructorParameters<typeof SearchStage>[0], string[]]>([
    [
      'all gates close, by strength',
      {strength: 9},
      [few(14), 'all 6 gates are closed; the threshold reached 5.40. Search again with a smaller `strength` (9).'],
    ],
    [
      'all gates close, by c',
      {c: 1, warmup: 0},
      [
        few(20),
        'all 6 gates are closed; the threshold reached 11.0. Search again with a smaller `c` (1) or `mu` (0.8).',
      ],
    ],
    [
      'no gate closes, by strength',
      {strength: 0.01},
      [
        few(14),
        'none of the 6 gates closed; the threshold reached only 0.00600. Search again with a larger `strength` (0.01).',
      ],
    ],
    [
      'no gate closes, by recipe',
      {recipe: 'paper', c: 1e-5},
      [
        few(20),
        'none of the 6 gates closed; the threshold reached only 0.0000352. ' +
          'Search again with a larger `c` (0.00001) or `mu` (0.6).',
      ],
    ],
  ])('when %s', async (_, options, messages) => {
    expect(await search(options)).toEqual(messages);
  });

  it('when the training ends early', async () => {
    const model = gatedModel();
    const stage = new SearchStage();
    const stop = new tfl.CustomCallback({
      onEpochEnd: async () => {
        model.stopTraining = true;
      },
    });
    await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage, stop]});
    expect(stage.warnings).toEqual([
      few(14),
      'the training ended after 5 of 20 steps, when the threshold was only 0.00: gates are open that the rest of ' +
        'the search might have closed. Search again without what ended it, such as `earlyStopping`.',
    ]);
    model.dispose();
  });

  it('not of few steps when there are 300', async () => {
    const model = gatedModel();
    const stage = new SearchStage({warmup: 0, strength: 0.001});
    await model.fit(data.xs, data.ys, {epochs: 10, batchSize: 3, verbose: 0, callbacks: [stage]});
    expect(stage.warnings).toEqual([expect.stringMatching(/^none of the 6 gates closed/)]);
    model.dispose();
  });
});
