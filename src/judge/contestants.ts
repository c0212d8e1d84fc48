import type * as tfl from '@tensorflow/tfjs-layers';
import {countParameters} from '../models/count_parameters';
import {findGates} from '../stages/gates';
import {randomSelection, sizesOf} from '../stages/random_selection';
import {retrainModel} from '../stages/retrain';
import type {Selection} from '../stages/selection';
import {inferenceSeconds, Scores, score} from '../training/evaluation';
import {LabeledRows, rowCount, TrainingRows} from '../training/rows';
import {TrainingArgs, trainToBest} from '../training/train_to_best';

/**
 * Form in which a set of interactions is retrained: with gates, or plain as in FM.
 *
 * 'gated' has normalised products and alpha; alpha starts at the searched values, if any, but after a search by recipe
 * 'paper' as in a new search. 'plain' has neither.
 */
export type Form = 'gated' | 'plain';

/** The forms, the one of AutoFIS first. */
export const forms: readonly Form[] = ['gated', 'plain'];

/** Result of one retraining. */
export interface Retraining {
  form: Form;
  seed: number;
  validation: Scores;
  test: Scores;
  bestEpoch: number;
  epochs: number;
  trainingSeconds: number;
  /** Seconds to predict a million rows. */
  inferenceSeconds: number;
  parameters: number;
}

/** The rows that a retraining sees. */
export interface Data {
  train: TrainingRows;
  validation: LabeledRows;
  test: LabeledRows;
}

/** The new model of a set of interactions in one form, compiled as `model` is. */
export function formOf(model: tfl.LayersModel, selection: Selection, form: Form, seed: number): tfl.LayersModel {
  return retrainModel(model, selection, form === 'gated' ? {seed} : {alpha: 'none', batchNorm: false, seed});
}

/** Every interaction of the model, alpha where the gates start. */
export function everything(model: tfl.LayersModel): Selection {
  return randomSelection(model, {size: interactionCount(model), seed: 0});
}

/** A random set with as many interactions in each gate as `selection`. */
export function randomLike(model: tfl.LayersModel, selection: Selection, seed: number): Selection {
  return randomSelection(model, {size: sizesOf(selection, findGates('judgeSelection', model).length), seed});
}

/** Return the number of interactions that the model's gates compute. */
export function interactionCount(model: tfl.LayersModel): number {
  return findGates('judgeSelection', model).reduce((sum, {layer}) => sum + layer.interactions.length, 0);
}

/** Retrain a set of interactions once. */
export async function retrainContestant(
  model: tfl.LayersModel,
  selection: Selection,
  {form, seed}: {form: Form; seed: number},
  {train, validation, test}: Data,
  training: Required<TrainingArgs>,
): Promise<Retraining> {
  const slim = formOf(model, selection, form, seed);
  try {
    const {seconds, ...run} = await trainToBest(slim, train, validation, seed, training);
    return {
      form,
      seed,
      ...run,
      test: await score(slim, test),
      trainingSeconds: seconds,
      inferenceSeconds: (inferenceSeconds(slim, test) * 1e6) / rowCount(test),
      parameters: countParameters(slim),
    };
  } finally {
    slim.dispose();
  }
}
