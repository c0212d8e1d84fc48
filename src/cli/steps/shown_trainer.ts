import {plainTrainer, Trainer} from '../../components/products/trainer';
import {FiniteLoss} from '../../stages/finite_loss';
import type {Output} from '../output';
import {TrainingProgress} from './progress';

/** Train by `trainer` with a progress bar on a terminal, and end with an error where the loss is not a number. */
export function shownTrainer(output: Output, trainer: Trainer = plainTrainer): Trainer {
  return job => {
    const bar = output.terminal ? [new TrainingProgress(job.name, output, 0)] : [];
    return trainer({...job, callbacks: [...job.callbacks, new FiniteLoss(job.name, 0), ...bar]});
  };
}
