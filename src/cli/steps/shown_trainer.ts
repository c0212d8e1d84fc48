import type {Trainer} from '../../select/trainer';
import {FiniteLoss} from '../../stages/finite_loss';
import {fitModel} from '../../training/fit_model';
import {batchesOf} from '../../training/rows';
import type {Output} from '../output';
import {Progress} from './progress';

/** Trains with a progress bar, and ends with an error where the loss is not a number. */
export function shownTrainer(output: Output): Trainer {
  return ({name, model, train, schedule: {batchSize, epochs}, seed, callbacks}) =>
    fitModel(model, batchesOf(train, batchSize, seed), {
      epochs,
      callbacks: [...callbacks, new FiniteLoss(name, 0), new Progress(name, output, 0)],
    });
}
