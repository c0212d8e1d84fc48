import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, type LabeledRows, SearchStage, SeededBatches, StageRecorder} from 'tfjs-autofis';
import {autoDeepFm, autoFm} from 'tfjs-autofis/models';
import {alphaOf} from '../../../src/stages/selection';
import {findGates} from '../../../src/stages/gates';
import type {GateView, Progress} from '../protocol';
import {batchSize, type Settings} from '../settings';
import {type Dataset, fieldsOf, tensorsOf} from './dataset';
import {Control, Live} from './live';
import {type CallbackSnapshot, copyModel, copyState, type ModelSnapshot, pasteState, type Snapshot} from './snapshot';

/** Units of the MLP, as in the demo. */
const HIDDEN = [128, 128];

/** The model that is searched, compiled. */
export function buildModel(dataset: Dataset, {order, dimension, mlp, seed}: Settings): tfl.LayersModel {
  const options = {fields: fieldsOf(dataset), embeddingDim: dimension, hiddenUnits: HIDDEN, order, seed};
  return mlp ? autoDeepFm(options) : autoFm(options);
}

export function gatesOf(model: tfl.LayersModel): GateView[] {
  return findGates('the page', model).map(({layer, fieldNames}) => ({
    order: layer.order,
    fields: [...fieldNames],
    interactions: layer.interactions.map(each => [...each]),
  }));
}

/** alpha[gate][interaction] as it is. */
export function alphasOf(model: tfl.LayersModel): number[][] {
  return findGates('the page', model).map(gate => Array.from(alphaOf(gate)));
}

export function stepsOf(dataset: Dataset, passes: number): number {
  return passes * Math.ceil(dataset.train.rows / batchSize(allRows(dataset)));
}

/** All rows, by which the batches are sized. */
export function allRows({train, valid, test}: Dataset): number {
  return train.rows + valid.rows + test.rows;
}

export interface SearchHooks {
  moved(progress: Progress, recorder: StageRecorder): void;
  /** After each pass but the last, with what a tab needs to go on from there. */
  passed(pass: number, model: ModelSnapshot, recorder: CallbackSnapshot): Promise<void>;
}

/** Trains the gates; goes on from a snapshot's pass where one is given, whose model was brought to its state before. */
export async function runSearch(
  model: tfl.LayersModel,
  dataset: Dataset,
  settings: Settings,
  control: Control,
  from: Snapshot | null,
  hooks: SearchHooks,
): Promise<{search: SearchStage; recorder: StageRecorder}> {
  const search = new SearchStage({strength: settings.strength});
  const recorder = new StageRecorder();
  const train = tensorsOf(dataset.train, dataset.width);
  const valid = tensorsOf(dataset.valid, dataset.width);
  const done = from?.passes ?? 0;
  const stepsBefore = stepsOf(dataset, done);
  const steps = stepsOf(dataset, settings.passes);
  const live = new Live(control, {
    begin: () => {
      if (from !== null) recorder.setState(pasteState(from.recorder));
    },
    moved: (step, stepsPerSecond) => {
      const {alpha} = recorder.record;
      const at = stepsBefore + step;
      hooks.moved(
        {
          step: at,
          steps,
          alpha: alphasOf(model),
          closedAt: alpha?.closedAt ?? [],
          stepsPerSecond,
          threshold:
            alpha === null || alpha.points.length === 0 ? 0 : (alpha.points[alpha.points.length - 1].threshold ?? 0),
          ...curvesOf(recorder),
          secondsLeft: secondsLeft(steps - at, stepsPerSecond),
        },
        recorder,
      );
    },
    passed: async pass => hooks.passed(pass, await copyModel(model), await copyState(recorder.state())),
  });
  const batches = await batchesAfter(done, train, dataset, settings.seed);
  try {
    await model.fitDataset(batches as never, {
      epochs: settings.passes,
      initialEpoch: done,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: [search, new EpochMetrics({data: valid}), recorder, live],
    });
    return {search, recorder};
  } finally {
    dispose(train);
    dispose(valid);
  }
}

/** Batches of a training that has made some passes: each of them has shuffled once. */
export async function batchesAfter(
  passes: number,
  rows: LabeledRows & {xs: tf.Tensor2D},
  dataset: Dataset,
  seed: number,
): Promise<SeededBatches> {
  const batches = new SeededBatches(rows, {batchSize: batchSize(allRows(dataset)), seed});
  for (let pass = 0; pass < passes; pass++) await batches.iterator();
  return batches;
}

/** The newest training loss and validation AUC of a recorder. */
export function curvesOf({record: {loss, epochs}}: StageRecorder): {loss: number | null; auc: number | null} {
  return {
    loss: loss.length === 0 ? null : loss[loss.length - 1].loss,
    auc: epochs.length === 0 ? null : epochs[epochs.length - 1].logs['val_auc'],
  };
}

export function secondsLeft(steps: number, stepsPerSecond: number): number {
  return stepsPerSecond === 0 ? Infinity : steps / stepsPerSecond;
}

export function dispose({xs, ys}: {xs: tf.Tensor | tf.Tensor[]; ys: tf.Tensor}): void {
  [xs].flat().forEach(tensor => tensor.dispose());
  ys.dispose();
}
