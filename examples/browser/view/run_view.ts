import type {PassProgress, RunView} from '../protocol';
import {words} from '../strings';
import {byId, write} from './element';

/** The line that data and settings fold to. */
export function showSummary(run: RunView): void {
  write(byId('summary-text'), words.run.summary(run));
  write(byId('run-settings'), words.run.settings(run));
}

/** How far a run is, and what it is doing. */
export function showProgress({training, trainings, pass, passes, share, loss, secondsLeft}: PassProgress): void {
  byId<HTMLProgressElement>('run-progress').value = share;
  write(byId('task'), words.run.task(training, trainings, pass, passes));
  write(byId('loss'), loss === null ? '' : words.run.loss(loss));
  write(byId('left'), words.run.left(secondsLeft));
}

/** Nothing moves any more. */
export function rest(share: number): void {
  byId<HTMLProgressElement>('run-progress').value = share;
  for (const id of ['task', 'loss', 'left']) write(byId(id), '');
}
