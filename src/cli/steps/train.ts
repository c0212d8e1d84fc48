import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {Checkpoints} from '../../checkpoints/checkpoints';
import type {Shards} from '../../data/shards/shards';
import type {ResumableCallback} from '../../metrics/callbacks';
import {FiniteLoss} from '../../stages/loss_watch';
import type {Output} from '../output';
import {TrainingProgress} from './progress';
import type {StageSettings} from './run_folder';

/** Minutes between two checkpoints. */
const MINUTES = 2;

interface TrainArgs {
  model: tfl.LayersModel;
  rows: Shards;
  epochs: number;
  batchSize: number;
  seed: number;
  /** Besides the checkpoints and the progress, which this adds. */
  callbacks: tfl.Callback[];
  /** The callback that has a state. */
  resumable: ResumableCallback;
  /** The stage's folder. */
  folder: string;
  settings: StageSettings;
  title: string;
  output: Output;
}

/** Train a model with checkpoints in its stage's folder, from the newest one on. */
export async function train(args: TrainArgs): Promise<void> {
  const {model, rows, epochs, batchSize, seed, callbacks, resumable, folder, settings, title, output} = args;
  const checkpoints = new Checkpoints({
    folder: path.join(folder, 'checkpoints'),
    callbacks: [resumable],
    settings,
    everyMinutes: MINUTES,
  });
  const {step, epoch} = await checkpoints.resume(model);
  if (step > 0) output.note(`${title}: continues at step ${step}, epoch ${epoch + 1} of ${epochs}`);
  await model.fitDataset(rows.dataset({batchSize, seed, fromStep: step}) as never, {
    epochs,
    initialEpoch: epoch,
    verbose: 0,
    callbacks: [checkpoints, new FiniteLoss(title, step), ...callbacks, new TrainingProgress(title, output, step)],
  });
}

/** The path of a folder as tfjs wants it. */
export function fileUrl(folder: string): string {
  return `file://${path.resolve(folder)}`;
}
