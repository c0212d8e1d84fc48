import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {restoreOptimizer, type SavedState} from '../bundle/optimizer_files';
import type {FittedSchema} from '../schema/vocabulary';
import {DENSE_VALUES} from '../select/forms';
import {type Trainer, trainBySchedule} from '../select/trainer';
import type {TrainingRows} from '../training/rows';
import {type Schedule, scheduleFor} from '../training/schedule';
import {setOptimizer} from '../tfjs_internals';
import {growModel} from './grow_model';

/** Passes over the newer rows. */
const EPOCHS = 2;
/** The highest rate, of what a training from a fresh start has: the model is near its optimum already. */
const RATE = 0.25;

/** How a trained model trains on: the batches of a training from a fresh start, fewer passes, smaller steps. */
export function updateSchedule(rows: number, epochs = EPOCHS): Schedule {
  const {batchSize, learningRate} = scheduleFor(rows);
  return {batchSize, epochs, learningRate: RATE * learningRate};
}

export interface TrainOnArgs {
  /** The schema after `growVocabulary`. */
  fitted: FittedSchema;
  /** The optimizer's state as the bundle has it; null for a fresh one. */
  optimizer: SavedState | null;
  train: TrainingRows;
  schedule: Schedule;
  seed: number;
  trainer: Trainer;
}

/**
 * A model grown to a schema and trained on newer rows, compiled. Moments that the optimizer had go on with their
 * weights; those of new values' rows start at 0.
 *
 * @param model Yesterday's, which is not changed.
 * @returns A new model, which the caller disposes, its optimizer with it.
 */
export async function trainOn(
  model: tfl.LayersModel,
  {fitted, optimizer: saved, train, schedule, seed, trainer}: TrainOnArgs,
): Promise<tfl.LayersModel> {
  const {model: grown, growSlot} = growModel(model, fitted);
  try {
    const optimizer = saved === null ? freshAdam(grown) : await grownOptimizer(saved, growSlot);
    grown.compile({optimizer, loss: 'binaryCrossentropy'});
    setOptimizer(grown, optimizer, true);
    await trainBySchedule(trainer, {name: 'newer rows', purpose: 'again', model: grown, train, schedule, seed});
    return grown;
  } catch (error) {
    grown.dispose();
    throw error;
  }
}

function freshAdam(model: tfl.LayersModel): tf.Optimizer {
  return lazyAdam({exact: model.countParams() <= DENSE_VALUES});
}

async function grownOptimizer(
  saved: SavedState,
  grow: (slot: tf.Tensor, i: number) => tf.Tensor,
): Promise<tf.Optimizer> {
  const slots = saved.slots.map(({name, tensors}) => ({name, tensors: tensors.map(grow)}));
  const optimizer = await restoreOptimizer('trainOn', {...saved, slots});
  tf.dispose(slots.map(({tensors}) => tensors));
  return optimizer;
}
