import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {
  EpochMetrics,
  evaluateModel,
  type ModelRecord,
  RestoreBest,
  retrainModel,
  type Selection,
  StageRecorder,
} from 'tfjs-autofis';
import type {Measured, RetrainProgress} from '../protocol';
import type {Settings} from '../settings';
import {type Dataset, tensorsOf} from './dataset';
import {Control, Live} from './live';
import {batchesAfter, buildModel, curvesOf, dispose, secondsLeft} from './searching';
import {type CallbackSnapshot, copyModel, copyState, type ModelSnapshot, pasteModel, pasteState} from './snapshot';

/** Rows of a prediction that is timed, and how often it is made. */
const TIMED_ROWS = 1000;
const TIMED_RUNS = 15;
/** Seeds of the retrained models beside the search's, as in the demo. */
const SEEDS = {after: 100, before: 200};

/** Which of the two retrained models: of the kept interactions, or of all of them. */
export type Role = 'after' | 'before';

/** The slim model, trained and measured. */
interface Trained {
  model: ModelSnapshot;
  recorder: CallbackSnapshot;
  record: ModelRecord;
  measured: Measured;
}

/** What a tab that is opened again needs to go on with a retraining. */
export interface RetrainSnapshot {
  selection: Selection;
  /** The model of the kept interactions, once it is trained; then comes that of all. */
  after: Trained | null;
  /** The training that is under way, after some whole passes; null before its first has ended. */
  training: {passes: number; model: ModelSnapshot; best: CallbackSnapshot; recorder: CallbackSnapshot} | null;
}

export interface Retrained {
  slim: tfl.LayersModel;
  recorder: StageRecorder;
  records: {before: ModelRecord; after: ModelRecord};
  measured: {before: Measured; after: Measured};
}

export interface RetrainHooks {
  moved(progress: RetrainProgress): void;
  /** Whenever there is something new from which a retraining can go on. */
  passed(snapshot: RetrainSnapshot): Promise<void>;
}

/** Passes of a retraining at most: the best of them by validation AUC counts. */
export function retrainPasses({passes}: Settings): number {
  return passes + 1;
}

/** Which model a saved retraining is at, and how many of its passes are saved. */
export function placeOf({after, training}: RetrainSnapshot): {role: Role; passes: number} {
  return {role: after === null ? 'after' : 'before', passes: training?.passes ?? 0};
}

/**
 * Trains the model of the selection, then the one of all interactions, and measures both on the test rows. Goes on from
 * a saved state. Null when it was stopped.
 */
export async function retrain(
  searched: tfl.LayersModel,
  from: RetrainSnapshot,
  dataset: Dataset,
  settings: Settings,
  control: Control,
  names: {before: string; after: string},
  hooks: RetrainHooks,
): Promise<Retrained | null> {
  const train = tensorsOf(dataset.train, dataset.width);
  const valid = tensorsOf(dataset.valid, dataset.width);
  const test = tensorsOf(dataset.test, dataset.width);
  const {selection} = from;
  const passes = retrainPasses(settings);
  const total = interactionsOf(searched);
  let {after} = from;
  const fit = async (
    model: tfl.LayersModel,
    role: Role,
    recorder: StageRecorder,
  ): Promise<Omit<Trained, 'model' | 'recorder'> | null> => {
    const begun = placeOf(from).role === role ? from.training : null;
    const done = begun?.passes ?? 0;
    const best = new RestoreBest({patience: passes, leastEpochs: 1});
    const batches = await batchesAfter(done, train, dataset, settings.seed + SEEDS[role]);
    if (begun !== null) await pasteModel(model, begun.model);
    const live = new Live(control, {
      begin: () => {
        if (begun === null) return;
        best.setState(pasteState(begun.best));
        recorder.setState(pasteState(begun.recorder));
      },
      moved: (step, stepsPerSecond) => {
        const at = done * batches.size + step;
        const steps = passes * batches.size;
        const left = role === 'after' ? 2 * steps - at : steps - at;
        hooks.moved({
          role,
          step: at,
          steps,
          ...curvesOf(recorder),
          stepsPerSecond,
          secondsLeft: secondsLeft(left, stepsPerSecond),
        });
      },
      passed: async pass =>
        hooks.passed({
          selection,
          after,
          training: {
            passes: pass,
            model: await copyModel(model),
            best: await copyState(best.state()),
            recorder: await copyState(recorder.state()),
          },
        }),
    });
    await model.fitDataset(batches as never, {
      epochs: passes,
      initialEpoch: done,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: [new EpochMetrics({data: valid}), best, recorder, live],
    });
    if (control.stopped) return null;
    const open = role === 'after' ? selection.length : total;
    const record = await evaluateModel({name: names[role], role, model, rows: test, interactions: {open, total}});
    const milliseconds = await timeOf(model, test.xs);
    return {record, measured: {...record, milliseconds, interactions: {open, total}}};
  };
  const slim = retrainModel(searched, selection, {seed: settings.seed + SEEDS.after});
  const recorder = new StageRecorder();
  const all = buildModel(dataset, {...settings, seed: settings.seed + SEEDS.before});
  let result: Retrained | null = null;
  try {
    if (after !== null) {
      await pasteModel(slim, after.model);
      recorder.setState(pasteState(after.recorder));
    } else {
      const trained = await fit(slim, 'after', recorder);
      if (trained === null) return null;
      after = {...trained, model: await copyModel(slim), recorder: await copyState(recorder.state())};
      await hooks.passed({selection, after, training: null});
    }
    const before = await fit(all, 'before', new StageRecorder());
    if (before === null) return null;
    result = {
      slim,
      recorder,
      records: {before: before.record, after: after.record},
      measured: {before: before.measured, after: after.measured},
    };
    return result;
  } finally {
    if (result === null) slim.dispose();
    all.dispose();
    [train, valid, test].forEach(dispose);
  }
}

function interactionsOf(model: tfl.LayersModel): number {
  return model.layers.reduce(
    (sum, layer) => sum + ((layer as {interactions?: unknown[]}).interactions?.length ?? 0),
    0,
  );
}

/** Milliseconds that 1,000 rows take, the middle of several predictions. */
async function timeOf(model: tfl.LayersModel, xs: tf.Tensor2D): Promise<number> {
  const rows = Math.min(TIMED_ROWS, xs.shape[0]);
  const input = tf.slice(xs, [0, 0], [rows, -1]);
  const times: number[] = [];
  for (let i = 0; i < TIMED_RUNS; i++) {
    const start = performance.now();
    const output = tf.tidy(() => model.predictOnBatch(input) as tf.Tensor);
    await output.data();
    times.push(((performance.now() - start) * TIMED_ROWS) / rows);
    output.dispose();
  }
  input.dispose();
  return times.sort((a, b) => a - b)[Math.floor(TIMED_RUNS / 2)];
}
