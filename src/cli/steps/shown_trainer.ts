import {plainTrainer, Trainer} from '../../components/products/trainer';
import {FiniteLoss} from '../../stages/finite_loss';
import type {Output} from '../output';
import {TrainingProgress} from './progress';

/**
 * Train by `trainer` with progress on the bar, and end with an error where the loss is not a number.
 *
 * @param share Part of the current step that a training makes up; by default it is a step of its own.
 */
export function shownTrainer(output: Output, trainer: Trainer = plainTrainer, share?: () => number): Trainer {
  return job => {
    const bar = output.hasBar ? [new TrainingProgress(job.name, output, 0, share?.())] : [];
    return trainer({...job, callbacks: [...job.callbacks, new FiniteLoss(job.name, 0), ...bar]});
  };
}
