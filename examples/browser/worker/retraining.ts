import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateModel, type ModelRecord, RestoreBest, retrainModel, SeededBatches, type Selection, StageRecorder} from 'tfjs-autofis';
import type {Measured} from '../protocol';
import {batchSize, type Settings} from '../settings';
import {type Dataset, tensorsOf} from './dataset';
import {Control, Live} from './live';
import {allRows, buildModel, dispose} from './searching';

/** Rows of a prediction that is timed, and how often it is made. */
const TIMED_ROWS = 1000, TIMED_RUNS = 15;
/** Seeds of the retrained models beside the search's, as in the demo. */
const SEEDS = {after: 100, before: 200};

export interface Retrained {
  slim: tfl.LayersModel;
  recorder: StageRecorder;
  records: {before: ModelRecord, after: ModelRecord};
  measured: {before: Measured, after: Measured};
}

/** Passes of a retraining at most: the best of them by validation AUC counts. */
export function retrainPasses({passes}: Settings): number {
  return passes + 1;
}

/** Trains the model of the selection, then the one of all interactions, and measures both on the test rows. */
export async function retrain(
    searched: tfl.LayersModel, selection: Selection, dataset: Dataset, settings: Settings, control: Control,
    names: {before: string, after: string}, moved: (model: 'after' | 'before', step: number, steps: number) => void,
): Promise<Retrained> {
  const train = tensorsOf(dataset.train, dataset.width), valid = tensorsOf(dataset.valid, dataset.width), test = tensorsOf(dataset.test, dataset.width);
  const size = batchSize(allRows(dataset)), passes = retrainPasses(settings), total = interactionsOf(searched);
  const fit = async (model: tfl.LayersModel, role: 'after' | 'before', recorder: StageRecorder) => {
    const seed = settings.seed + SEEDS[role], batches = new SeededBatches(train, {batchSize: size, seed});
    const live = new Live(control, {moved: step => moved(role, step, passes * batches.size)});
    await model.fitDataset(batches as never, {
      epochs: passes, verbose: 0, yieldEvery: 'never',
      callbacks: [new EpochMetrics({data: valid}), new RestoreBest({patience: passes, leastEpochs: 1}), recorder, live],
    });
    const open = role === 'after' ? selection.length : total;
    const record = await evaluateModel({name: names[role], role, model, rows: test, interactions: {open, total}});
    const milliseconds = await timeOf(model, test.xs);
    return {record, measured: {...record, milliseconds, interactions: {open, total}}};
  };
  try {
    const slim = retrainModel(searched, selection, {seed: settings.seed + SEEDS.after}), recorder = new StageRecorder();
    const after = await fit(slim, 'after', recorder);
    const all = buildModel(dataset, {...settings, seed: settings.seed + SEEDS.before});
    const before = await fit(all, 'before', new StageRecorder());
    all.dispose();
    return {
      slim, recorder, records: {before: before.record, after: after.record}, measured: {before: before.measured, after: after.measured},
    };
  } finally {
    [train, valid, test].forEach(dispose);
  }
}

function interactionsOf(model: tfl.LayersModel): number {
  return model.layers.reduce((sum, layer) => sum + ((layer as {interactions?: unknown[]}).interactions?.length ?? 0), 0);
}

/** Milliseconds that 1,000 rows take, the middle of several predictions. */
async function timeOf(model: tfl.LayersModel, xs: tf.Tensor2D): Promise<number> {
  const rows = Math.min(TIMED_ROWS, xs.shape[0]), input = tf.slice(xs, [0, 0], [rows, -1]), times: number[] = [];
  for (let i = 0; i < TIMED_RUNS; i++) {
    const start = performance.now(), output = tf.tidy(() => model.predictOnBatch(input) as tf.Tensor);
    await output.data();
    times.push((performance.now() - start) * TIMED_ROWS / rows);
    output.dispose();
  }
  input.dispose();
  return times.sort((a, b) => a - b)[Math.floor(TIMED_RUNS / 2)];
}
