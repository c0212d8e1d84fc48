import {cpSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, RestoreBest, SearchStage, SearchStageArgs, SeededBatches, Selection} from 'tfjs-autofis';
import {Checkpoints} from 'tfjs-autofis/checkpoints';
import {autoDeepFm} from 'tfjs-autofis/models';
import {emptyFolder, sharedFolder} from '../helpers/folders';
import {asTensors, fields, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {messageOf, weightValues} from '../helpers/tensors';
import {CheckpointsArgs} from '../../src/checkpoints/checkpoints';

const warned = captureWarnings();
const rows = plantedRows(100, fields, [[0, 1]], 37);
const STEPS = 7;
const EPOCHS = 3;
const plug = {batchSize: 16, seed: 5};

const folder = path.join(emptyFolder(), 'run');
const data = testTensors(rows);
const {ids, labels} = plantedRows(140, fields, [[0, 1]], 37);
const held = testTensors({ids: ids.slice(100), labels: labels.slice(100)});

/** A gate beside an MLP with dropout, from the models that the library has. */
function deepModel(): tfl.LayersModel {
  return autoDeepFm({fields, embeddingDim: 3, hiddenUnits: [8], dropout: 0.3, seed: 2});
}

class Killed extends Error {}

/** Ends the training after a number of steps, in the middle of everything. */
class Kill extends tfl.Callback {
  private steps = 0;

  constructor(private readonly after: number) {
    super();
  }

  override async onBatchEnd(): Promise<void> {
    if (++this.steps === this.after) throw new Killed();
  }
}

interface Case {
  make(): tfl.LayersModel;
  search?(): SearchStageArgs;
}

interface Result {
  weights: number[][];
  history: {[name: string]: number[]};
  selection: Selection | null;
}

/** One process's part of a training: from the newest checkpoint on, up to the end or the step at which it is killed. */
async function train(
  {make, search}: Case,
  killAfter?: number,
  args: Partial<CheckpointsArgs> = {},
): Promise<Result | null> {
  const model = make();
  const stage = search === undefined ? null : new SearchStage(search());
  const checkpoints = new Checkpoints({
    folder,
    everySteps: 3,
    settings: plug,
    ...(stage === null ? {} : {callbacks: [stage]}),
    ...args,
  });
  const {step, epoch} = await checkpoints.resume(model);
  const callbacks = [checkpoints, stage, killAfter === undefined ? null : new Kill(killAfter)].filter(
    callback => callback !== null,
  );
  try {
    await model.fitDataset(new SeededBatches(data, {...plug, fromStep: step}), {
      epochs: EPOCHS,
      initialEpoch: epoch,
      verbose: 0,
      callbacks,
    });
    return {weights: weightValues(model.weights), history: checkpoints.history, selection: stage?.selection ?? null};
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return null;
  } finally {
    model.dispose();
  }
}

/** The result without a kill. */
async function straight(searched: Case): Promise<Result> {
  const result = await train(searched);
  rmSync(folder, {recursive: true});
  return result!;
}

describe('a training that was killed', () => {
  it.each<[string, Case]>([
    ['a search', {make: () => gatedModel(), search: () => ({method: {type: 'grda'}})}],
    [
      'a search of a model with dropout, with held-out rows',
      {make: () => deepModel(), search: () => ({method: {type: 'heldOut', rows: {xs: held.xs, ys: held.ys}}})},
    ],
    ['a training with momentum', {make: () => gatedModel({optimizer: tf.train.momentum(0.1, 0.9)})}],
    [
      'a search by Adam on two levels',
      {
        make: () => gatedModel(),
        search: () => ({method: {type: 'topK', k: 2, heldOut: {xs: held.xs, ys: held.ys, batchSize: 7}}}),
      },
    ],
  ])('ends with the same bits: %s', async (_, searched) => {
    const unbroken = await straight(searched);
    // Killed in the first epoch, at the last step of the second, and in the third.
    for (const after of [4, 11, 2]) expect(await train(searched, after)).toBeNull();
    expect(await train(searched)).toEqual(unbroken);
    expect(unbroken.history['loss']).toHaveLength(EPOCHS);
  });

  it('frees every tensor, and one that never stopped does, too', async () => {
    const searched: Case = {make: () => gatedModel(), search: () => ({method: {type: 'grda', c: 0.01}})};
    await straight(searched);
    const before = tf.memory().numTensors;
    await straight(searched);
    expect(tf.memory().numTensors).toBe(before);
    await train(searched, 8);
    // A killed process frees nothing; this one holds what the killed search held.
    const killed = tf.memory().numTensors;
    await train(searched);
    expect(tf.memory().numTensors).toBe(killed);
  });

  it('takes over a rate that was changed on its way', async () => {
    const model = gatedModel({optimizer: tf.train.sgd(0.1)});
    (model.optimizer as tf.SGDOptimizer).setLearningRate(0.01);
    await model.fitDataset(new SeededBatches(data, plug), {
      epochs: 2,
      verbose: 0,
      callbacks: [new Checkpoints({folder, everySteps: 3})],
    });
    const other = gatedModel({optimizer: tf.train.sgd(0.1)});
    await new Checkpoints({folder}).resume(other);
    expect(other.optimizer.getConfig()).toEqual({learningRate: 0.01});
    [model, other].forEach(trained => trained.dispose());
  });
});

it('A callback with a state continues from it: the weights of the best epoch come back', async () => {
  const run = async (killAfter?: number) => {
    const model = gatedModel({optimizer: tf.train.sgd(0.5)});
    const best = new RestoreBest({patience: 4});
    const checkpoints = new Checkpoints({folder, everySteps: 3, callbacks: [best]});
    const {step, epoch} = await checkpoints.resume(model);
    const callbacks = [
      checkpoints,
      new EpochMetrics({data: held}),
      best,
      ...(killAfter === undefined ? [] : [new Kill(killAfter)]),
    ];
    const before = tf.memory().numTensors;
    await model
      .fitDataset(new SeededBatches(data, {...plug, fromStep: step}), {
        epochs: 12,
        initialEpoch: epoch,
        verbose: 0,
        callbacks,
      })
      .catch(error => {
        if (!(error instanceof Killed)) throw error;
      });
    const {bestEpoch, bestValue} = best;
    if (killAfter === undefined) expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    const result = {
      bestEpoch,
      bestValue,
      history: checkpoints.history,
      weights: weightValues(model.weights),
    };
    model.dispose();
    return result;
  };
  const unbroken = await run();
  rmSync(folder, {recursive: true});
  expect(unbroken.bestEpoch).toBeGreaterThan(1);
  expect(unbroken.history['loss'].length).toBeGreaterThan(unbroken.bestEpoch);
  await run(unbroken.bestEpoch * STEPS + 5);
  expect(await run()).toEqual(unbroken);
  expect(await messageOf(() => new Checkpoints({folder}).resume(gatedModel({optimizer: tf.train.sgd(0.5)})))).toBe(
    'Checkpoints: the checkpoint holds the state of 1 callbacks, but this training has 0. Pass the same `callbacks`.',
  );
});

describe('what is in the folder', () => {
  const plain: Case = {make: () => gatedModel({optimizer: tf.train.sgd(0.1)})};

  it('is the newest two, and not one of the end, after which the result is there', async () => {
    await train(plain);
    expect(readdirSync(folder)).toEqual(['step-0000000015', 'step-0000000018']);
  });

  it('is as many as asked for, at the end of an epoch with its logs', async () => {
    await train(plain, 16, {everySteps: 7, keep: 1});
    expect(readdirSync(folder)).toEqual(['step-0000000014']);
    const model = plain.make();
    const checkpoints = new Checkpoints({folder, settings: plug});
    expect(await checkpoints.resume(model)).toEqual({step: 14, epoch: 2});
    expect(checkpoints.history['loss']).toHaveLength(2);
    model.dispose();
  });

  it('is one at each step where the time has passed', async () => {
    await train(plain, 5, {everySteps: undefined, everyMinutes: 1e-9});
    expect(readdirSync(folder)).toEqual(['step-0000000003', 'step-0000000004']);
  });

  it('is nothing after clear', async () => {
    await train(plain, 9);
    await new Checkpoints({folder}).clear();
    expect(readdirSync(folder)).toEqual([]);
    expect(await train(plain)).not.toBeNull();
  });
});

it('One that cannot be written frees what was made for it', async () => {
  const model = gatedModel();
  const state = () => {
    throw new Error('no state');
  };
  const checkpoints = new Checkpoints({folder, everySteps: 1, callbacks: [{state, setState: () => {}}]});
  const steps: tf.Tensor[] = [];
  const {optimizer} = model;
  const getWeights = optimizer.getWeights.bind(optimizer);
  optimizer.getWeights = async () => {
    const weights = await getWeights();
    steps.push(weights[0].tensor);
    return weights;
  };
  const training = model.fitDataset(new SeededBatches(data, plug), {epochs: 1, verbose: 0, callbacks: [checkpoints]});
  await expect(training).rejects.toThrow('no state');
  expect(steps.map(({isDisposed}) => isDisposed)).toEqual([true]);
  model.dispose();
});

describe('mistakes', () => {
  const search: Case = {make: () => gatedModel(), search: () => ({method: {type: 'grda', c: 0.01}})};
  const gatesBy = (c: number) => new SearchStage({method: {type: 'grda', c}});
  const fit = (
    model: tfl.LayersModel,
    callbacks: tfl.Callback[],
    {fromStep = 0, initialEpoch = 0, batchSize = 16} = {},
  ) =>
    model.fitDataset(new SeededBatches(data, {...plug, batchSize, fromStep}), {
      epochs: EPOCHS,
      initialEpoch,
      verbose: 0,
      callbacks,
    });
  let model: tfl.LayersModel;
  let checkpoints: Checkpoints;
  const begun = sharedFolder();
  beforeEach(async () => {
    if (readdirSync(begun).length === 0) {
      await train(search, 11);
      cpSync(folder, begun, {recursive: true});
    } else {
      cpSync(begun, folder, {recursive: true});
    }
    model = gatedModel();
    checkpoints = new Checkpoints({folder, settings: plug, callbacks: [new SearchStage()]});
  });
  afterEach(() => model.dispose());

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a folder of an earlier training',
      () => fit(model, [new SearchStage(), checkpoints]),
      'Checkpoints: FOLDER holds checkpoints of an earlier training. ' +
        'Call `await checkpoints.resume(model)` before training to continue ' +
        'it, or `await checkpoints.clear()` to start over.',
    ],
    [
      'another model',
      async () => checkpoints.resume(gatedModel({dim: 5})),
      'Checkpoints: the checkpoint belongs to another model: its weight 1 of 6 is table/embeddings [18,3], ' +
        "but weight 1 of the model's 6 is " +
        'table/embeddings [18,5]. Build the model as in the run that wrote the checkpoint.',
    ],
    [
      'other settings',
      async () => new Checkpoints({folder, settings: {...plug, seed: 6}}).resume(model),
      'Checkpoints: the training in FOLDER was started with seed 5, but this one has 6. Use the same settings, or ' +
        '`await checkpoints.clear()` to start over.',
    ],
    [
      'no search',
      async () => {
        await checkpoints.resume(model);
        await fit(model, [checkpoints], {initialEpoch: 1, fromStep: 9});
      },
      'Checkpoints: the checkpoint belongs to a search. Add a SearchStage with the same options to `callbacks`.',
    ],
    [
      'another search',
      async () => {
        await checkpoints.resume(model);
        await fit(model, [gatesBy(0.02), checkpoints], {initialEpoch: 1, fromStep: 9});
      },
      'SearchStage: the saved search has other constants: c 0.01, mu 0.6 against 0.02, 0.6. ' +
        'Use the same options, epochs, batch size and data.',
    ],
    [
      'no initialEpoch',
      async () => {
        await checkpoints.resume(model);
        await fit(model, [gatesBy(0.01), checkpoints], {fromStep: 9});
      },
      'Checkpoints: training starts at epoch 0, but the checkpoint is in epoch 1. ' +
        'Pass the `initialEpoch` that `resume` returned.',
    ],
    [
      'no fromStep',
      async () => {
        await checkpoints.resume(model);
        await fit(model, [gatesBy(0.01), checkpoints], {initialEpoch: 1});
      },
      'Checkpoints: epoch 1 has more than its 7 batches. Start the data set at `fromStep: step`, the `step` ' +
        'that `resume` returned.',
    ],
    [
      'another batch size',
      async () => {
        await checkpoints.resume(model);
        await fit(model, [gatesBy(0.01), checkpoints], {initialEpoch: 1, batchSize: 8});
      },
      'Checkpoints: the checkpoint has 7 batches per epoch, but this training has 13. Use the same data and ' +
        'batch size.',
    ],
    [
      '`fit`',
      async () => {
        await checkpoints.clear();
        const {xs, ys, dispose} = asTensors(rows);
        await model.fit(xs, ys, {verbose: 0, callbacks: [checkpoints]}).finally(dispose);
      },
      'Checkpoints: the number of batches per epoch must be known. ' +
        'Use `fitDataset` with a data set that has a `size`, such as ' +
        'openShards(...).dataset(...).',
    ],
    [
      'a model that is not compiled',
      async () => checkpoints.resume(tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [1]})]})),
      'Checkpoints: the model is not compiled. Call model.compile(...) first.',
    ],
    [
      'no folder',
      async () => new Checkpoints({} as CheckpointsArgs),
      'Checkpoints: `folder` must be the path of a folder. Received: undefined.',
    ],
  ])('are reported: %s', async (_, act, message) => {
    expect((await messageOf(act)).replaceAll(folder, 'FOLDER')).toBe(message);
  });

  it('are reported: another optimizer', async () => {
    rmSync(folder, {recursive: true});
    await train({make: () => gatedModel({optimizer: tf.train.sgd(0.1)})}, 4);
    checkpoints = new Checkpoints({folder, settings: plug});
    expect(await messageOf(() => checkpoints.resume(model))).toBe(
      'Checkpoints: the checkpoint has the optimizer SGD {"learningRate":0.1}, but the model has ' +
        'Adam {"learningRate":0.001,"beta1":0.9,"beta2":0.999,"epsilon":1e-7}. ' +
        'Compile the model as in the run that wrote the checkpoint.',
    );
  });

  it('are reported: a layer that draws by Math.random', async () => {
    rmSync(folder, {recursive: true});
    const random = tfl.sequential({
      layers: [tfl.layers.dense({units: 1, inputShape: [4]}), tfl.layers.dropout({rate: 0.5, name: 'drop'})],
    });
    random.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    await fit(random, [checkpoints]);
    expect(checkpoints.warnings).toEqual([
      'the layers drop use Math.random, so a resumed run differs from an uninterrupted one. Use ' +
        'layers with a seed.',
    ]);
    expect(warned()).toContain(`Checkpoints: ${checkpoints.warnings[0]}`);
    random.dispose();
  });
});
