import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {optimizerState, restoreOptimizer, type SavedState} from '../bundle/optimizer_files';
import {useClosedLoss} from '../metrics/binary_crossentropy';
import type {DroppedValues} from '../schema/drop_values';
import type {FittedSchema} from '../schema/vocabulary';
import {DENSE_VALUES} from '../components/products/products_family';
import {type Trainer, trainBySchedule} from '../components/products/trainer';
import {disposedOnError} from '../select/disposed_on_error';
import type {TrainingRows} from '../training/rows';
import {type Schedule, scheduleFor} from '../training/schedule';
import {setOptimizer} from '../tfjs_internals';
import {type GrownModel, growModel, shrinkModel} from './grow_model';

/** Passes over the newer rows. */
const EPOCHS = 2;
/** The peak learning rate, relative to that of a fresh training: the model is near its optimum already. */
const RATE = 0.25;

/** Return the schedule of an update: batches as in a fresh training, fewer passes, smaller steps. */
export function updateSchedule(rows: number, epochs = EPOCHS): Schedule {
  const {batchSize, learningRate} = scheduleFor(rows);
  return {batchSize, epochs, learningRate: RATE * learningRate};
}

interface TrainOnArgs {
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
 * A model grown to a schema and trained on newer rows, compiled. Moments of the optimizer stay with their
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
  return disposedOnError([grown], async () => {
    const optimizer =
      saved === null ? lazyAdam({exact: grown.countParams() <= DENSE_VALUES}) : await grownOptimizer(saved, growSlot);
    grown.compile({optimizer, loss: 'binaryCrossentropy'});
    useClosedLoss(grown);
    setOptimizer(grown, optimizer, true);
    await trainBySchedule(trainer, {name: 'newer rows', purpose: 'again', model: grown, train, schedule, seed});
    moveBack(grown, model, growSlot);
    return grown;
  });
}

/**
 * Put weights halfway between yesterday's and what they have become: newer rows are few, and what they have in common
 * by chance is not what tomorrow's have. Rows of new values have no yesterday, and stay.
 */
function moveBack(trained: tfl.LayersModel, model: tfl.LayersModel, growSlot: GrownModel['growSlot']): void {
  trained.trainableWeights.forEach((weight, i) => {
    const middle = tf.tidy(() => {
      const [now, before] = [weight.read(), model.trainableWeights[i].read()];
      const known = growSlot(tf.onesLike(before), i);
      return tf.add(now, tf.div(tf.sub(growSlot(before, i), tf.mul(now, known)), 2));
    });
    weight.write(middle);
    middle.dispose();
  });
}

/**
 * A model without the rows of dropped values, compiled where it was saved with its optimizer, whose moments of other
 * values stay.
 *
 * @returns A new model, which the caller disposes.
 */
export async function withoutValues(
  model: tfl.LayersModel,
  dropped: DroppedValues,
  hasOptimizer: boolean,
): Promise<tfl.LayersModel> {
  const {model: slim, growSlot} = shrinkModel(model, dropped);
  if (!hasOptimizer) return slim;
  return disposedOnError([slim], async () => {
    const optimizer = await grownOptimizer(await optimizerState('updateBundle', model), growSlot);
    slim.compile({optimizer, loss: 'binaryCrossentropy'});
    setOptimizer(slim, optimizer, true);
    return slim;
  });
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
