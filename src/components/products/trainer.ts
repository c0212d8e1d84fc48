import type * as tfl from '@tensorflow/tfjs-layers';
import type {ResumableCallback} from '../../metrics/callbacks';
import {fitModel} from '../../training/fit_model';
import {TrainingRows} from '../../training/rows';
import {batchesOf} from '../../training/seeded_batches';
import {Schedule, ScheduledRate} from '../../training/schedule';

/** One training that the recipe asks for. */
export interface TrainingJob {
  /** The step that it belongs to, such as "FM, all 45". */
  name: string;
  /** A base gives its products to the gates; a model that is trained again learns from other rows. */
  purpose: 'base' | 'slim' | 'again';
  model: tfl.LayersModel;
  train: TrainingRows;
  schedule: Schedule;
  seed: number;
  callbacks: tfl.Callback[];
  /** Those of the callbacks that have a state to resume from. */
  resumable: ResumableCallback[];
}

/** Makes one training from its first step to its last. */
export type Trainer = (job: TrainingJob) => Promise<void>;

/** Trains without checkpoints. */
export const plainTrainer: Trainer = ({model, train, schedule: {batchSize, epochs}, seed, callbacks}) =>
  fitModel(model, batchesOf(train, batchSize, seed), {epochs, callbacks});

/** Train a model by its schedule, the learning rate included. */
export async function trainBySchedule(
  trainer: Trainer,
  job: Omit<TrainingJob, 'callbacks' | 'resumable'>,
): Promise<void> {
  // The rate of other optimizers than LazyAdam cannot be set; they keep theirs.
  const rates = 'setLearningRate' in job.model.optimizer ? [new ScheduledRate(job.schedule.learningRate)] : [];
  await trainer({...job, callbacks: rates, resumable: rates});
}
