import type {RunProgress, RunView} from '../protocol';
import {words} from '../strings';
import {byId, write} from './element';

/** The last progress, and when it came in milliseconds of the page; null where nothing moves. */
let last: (RunProgress & {at: number}) | null = null;

/** The line that data and settings fold to. */
export function showSummary(run: RunView): void {
  write(byId('summary-text'), words.run.summary(run));
  write(byId('run-settings'), words.run.settings(run));
}

/** How far a run is, and what it is doing. */
export function showProgress(progress: RunProgress): void {
  const {doing, share} = progress;
  byId<HTMLProgressElement>('run-progress').value = share;
  write(byId('task'), typeof doing === 'string' ? words.run.stages[doing] : words.run.task(doing));
  write(byId('loss'), typeof doing === 'string' ? '' : words.run.loss(doing.loss));
  last = {...progress, at: performance.now()};
  showLeft();
}

/** Nothing moves any more. */
export function rest(share: number): void {
  byId<HTMLProgressElement>('run-progress').value = share;
  for (const id of ['task', 'loss', 'left']) write(byId(id), '');
  last = null;
}

/** Counts down; a stage that takes longer than its share of the plan foretells the same of the others. */
function showLeft(): void {
  if (last === null || document.body.dataset.state !== 'running') return;
  const {at, share, next, secondsLeft} = last;
  const passed = (performance.now() - at) / 1000;
  const slow = next > share ? (passed * (1 - next)) / (next - share) : 0;
  write(byId('left'), words.run.left(Math.max(1, secondsLeft - passed, slow)));
}

// A stage without a training says nothing until it is done.
setInterval(showLeft, 1000);
