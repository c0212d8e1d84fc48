import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {Checkpoints} from '../../checkpoints/checkpoints';
import type {Shards} from '../../data/shards/shards';
import type {ResumableCallback} from '../../metrics/callbacks';
import {FiniteLoss} from '../../stages/finite_loss';
import {StageRecorder} from '../../record/stage_recorder';
import type {StageRecord} from '../../record/run_record';
import type {Output} from '../output';
import type {SettingValues} from '../settings';
import {TrainingProgress} from './progress';
import type {StageSettings} from './run_folder';

export interface TrainArgs {
  model: tfl.LayersModel;
  train: Shards;
  epochs: number;
  batchSize: number;
  seed: number;
  /** Besides the checkpoints, the recorder and the progress, which this adds. */
  callbacks: tfl.Callback[];
  /** Those of the callbacks that have a state. */
  resumable?: ResumableCallback[];
  /** The stage's folder. */
  folder: string;
  settings: StageSettings;
  title: string;
  values: SettingValues;
  output: Output;
}

/** One training with checkpoints in its stage's folder, from the newest one on. */
export async function train(args: TrainArgs): Promise<StageRecord> {
  const {
    model,
    train,
    epochs,
    batchSize,
    seed,
    callbacks,
    resumable = [],
    folder,
    settings,
    title,
    values,
    output,
  } = args;
  const recorder = new StageRecorder();
  const {checkpointSteps, checkpointMinutes = 2} = values;
  const checkpoints = new Checkpoints({
    folder: path.join(folder, 'checkpoints'),
    callbacks: [...resumable, recorder],
    settings,
    ...(checkpointSteps === undefined ? {everyMinutes: checkpointMinutes} : {everySteps: checkpointSteps}),
  });
  const {step, epoch} = await checkpoints.resume(model);
  if (step > 0) output.note(`${title}: continues at step ${step}, epoch ${epoch + 1} of ${epochs}`);
  await model.fitDataset(train.dataset({batchSize, seed, fromStep: step}) as never, {
    epochs,
    initialEpoch: epoch,
    verbose: 0,
    callbacks: [
      checkpoints,
      new FiniteLoss(title, step),
      ...callbacks,
      recorder,
      new TrainingProgress(title, output, step),
    ],
  });
  return recorder.record;
}

/** The path of a folder as tfjs wants it. */
export function fileUrl(folder: string): string {
  return `file://${path.resolve(folder)}`;
}
