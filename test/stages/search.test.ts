import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {grda, partitioned, retrainModel, SearchStage, selectionOf, TwoStage} from 'tfjs-autofis';
import {fields, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {afterEpoch, alphas, captureWarnings, eachBatch, searchByHand} from '../helpers/search';
import {expectNoLeak, weightValues} from '../helpers/tensors';

const warned = captureWarnings();
const rows = plantedRows(90, fields, [[0, 1]], 7);
const epochs = 4;
const batchSize = 20;
/** Five batches per epoch, the last of them short. */
const steps = epochs * 5;
const fitArgs = {epochs, batchSize, shuffle: false, verbose: 0} as const;

const data = testTensors(rows);

describe('SearchStage', () => {
  it.each([{method: {type: 'grda'}}, {method: {type: 'grda', c: 0.01, mu: 0.6, learningRate: 0.5}}] as const)(
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

  it.each<[string, () => SearchStage | TwoStage, (hooks: tfl.CustomCallbackArgs) => unknown]>([
    ['SearchStage and a plain object', () => new SearchStage(), hooks => hooks],
    ['TwoStage and a plain object', () => new TwoStage(), hooks => hooks],
    ['SearchStage and a CustomCallback', () => new SearchStage(), hooks => new tfl.CustomCallback(hooks)],
  ])('shows its selection to other callbacks at each epoch, before and after them: %s', async (_, stage, callback) => {
    const model = gatedModel();
    for (const stageFirst of [true, false]) {
      const seen: Array<[number, number]> = [];
      const search = stage();
      const other = callback({onEpochEnd: async epoch => void seen.push([epoch, search.selection.length])});
      const callbacks = stageFirst ? [search, other] : [other, search];
      const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: callbacks as never});
      expect(seen).toEqual(history['openGates'].map((open, epoch) => [epoch, open]));
      model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    }
    model.dispose();
  });

  it('refuses callbacks that TensorFlow.js takes apart, since a plain object comes first', async () => {
    const model = gatedModel();
    for (const other of [new tfl.CustomCallback({}), tfl.callbacks.earlyStopping()]) {
      const callbacks = [{onEpochEnd: () => undefined}, new SearchStage(), other] as never;
      await expect(model.fit(data.xs, data.ys, {...fitArgs, callbacks})).rejects.toThrow('Put plain objects last.');
    }
    model.dispose();
  });

  it('logs open gates to TensorBoard', async () => {
    const {tensorBoard} = jest.requireActual('@tensorflow/tfjs-node/dist/callbacks');
    const written: Array<[string, number, number]> = [];
    const board = tensorBoard('logs');
    // The ops that write files are those of TensorFlow.
    board.ensureTrainWriterCreated = () => undefined;
    board.trainWriter = {scalar: (...values: (typeof written)[0]) => written.push(values), flush: () => undefined};
    const model = gatedModel();
    const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [new SearchStage(), board]});
    expect(written.filter(([name]) => name === 'epoch_openGates')).toEqual(
      history['openGates'].map((open, epoch) => ['epoch_openGates', open, epoch + 1]),
    );
    model.dispose();
  });

  it('searches by its hooks in a loop on trainOnBatch as in fit', async () => {
    const [inFit, byHand] = [gatedModel(), gatedModel()];
    const [stage, search] = [new SearchStage(), new SearchStage()];
    await inFit.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage]});
    search.setModel(byHand);
    search.setParams({epochs, samples: 90, batchSize});
    await search.onTrainBegin();
    for (let epoch = 0; epoch < epochs; epoch++) {
      await search.onEpochBegin(epoch);
      await eachBatch({...data, epochs: 1, batchSize}, async (x, y) => {
        await search.onBatchEnd(0, {loss: (await byHand.trainOnBatch(x, y)) as number});
      });
      await search.onEpochEnd(epoch);
    }
    await search.onTrainEnd();
    expect(weightValues(byHand.weights)).toEqual(weightValues(inFit.weights));
    expect(search.selection).toEqual(stage.selection);
    expect(byHand.optimizer.getClassName()).toBe('Adam');
    [inFit, byHand].forEach(model => model.dispose());
  });

  it('has a counterpart for a loop on optimizer.minimize', async () => {
    const model = gatedModel();
    const optimizer = partitioned({
      groups: [
        {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda({c: 0.1, mu: 0.8})},
        {name: 'rest', optimizer: tf.train.adam(0.02)},
      ],
    });
    const loss = () => tf.mean(tf.squaredDifference(data.ys, model.apply(data.xs, {training: true}) as tf.Tensor));
    for (let step = 0; step < 10; step++) optimizer.minimize(loss as () => tf.Scalar);
    const selection = selectionOf(model);
    expect(selection.length).toBeGreaterThan(0);
    expect(selection.length).toBeLessThan(6);
    const slim = retrainModel(model, selection, {alpha: 'warm'});
    expect(selectionOf(slim)).toEqual(selection);
    optimizer.dispose();
    [model, slim].forEach(each => each.dispose());
  });

  it('logs open gates and the threshold of each epoch', async () => {
    const model = gatedModel();
    const search = new SearchStage({method: {type: 'grda', c: 0.05}});
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

  it.each(['adam', () => tf.train.adam(0.01)])('gives the optimizer back, and leaves no tensor: %p', async given => {
    await expectNoLeak(async () => {
      const model = gatedModel({optimizer: typeof given === 'string' ? given : given()});
      const {optimizer} = model;
      await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [new SearchStage()]});
      expect(model.optimizer).toBe(optimizer);
      // Its moments are those of the search, and it continues with alpha among the others.
      await model.fit(data.xs, data.ys, {...fitArgs, epochs: 1});
      expect(optimizer.iterations).toBe(steps + 5);
      model.dispose();
      if (typeof given !== 'string') optimizer.dispose();
    });
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
    'the search has 20 steps. Below 300 the selection mostly follows the start values and is unreliable; ' +
    '1,000 or more are good. Use more epochs or smaller batches.';

  it.each<[string, ConstructorParameters<typeof SearchStage>[0], string[]]>([
    [
      'all gates close by the threshold',
      {method: {type: 'grda', c: 1}},
      [
        few,
        expect.stringMatching(/^all 6 gates are closed; the threshold reached .*smaller `c` \(1\) or `mu` \(0.6\)\.$/),
      ],
    ],
    [
      'no gate closes by the threshold',
      {method: {type: 'grda', c: 1e-5}},
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
        few,
        'no gate was closed: 6 held-out rows do not decide, which takes at least 10 of either label for an output ' +
          "that reads a gate. Train on more rows, or give {method: {type: 'heldOut', rows}}.",
      ],
    ],
  ])('when %s', async (_, options, messages) => {
    expect(await search(options)).toEqual(messages);
  });

  it('when the training ends early', async () => {
    const model = gatedModel();
    const stage = new SearchStage({method: {type: 'grda'}});
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
    const stage = new SearchStage({method: {type: 'grda', c: 1e-5}});
    await model.fit(data.xs, data.ys, {epochs: 10, batchSize: 3, verbose: 0, callbacks: [stage]});
    expect(stage.warnings).toEqual([expect.stringMatching(/^none of the 6 gates closed/)]);
    model.dispose();
  });
});
