/**
 * Draws the bar of `bar.ts`, in a thread of its own: the bar moves while the main thread computes. The expected pace
 * moves it between two messages, though never past the end of the current step.
 */
import {writeSync} from 'node:fs';
import {parentPort, workerData} from 'node:worker_threads';

/** Milliseconds between two frames, and characters of the bar. */
const [INTERVAL, SIZE] = [200, 20];

const {lock, fd} = workerData;
let state = null;
parentPort.on('message', message => {
  state = message;
});
setInterval(() => {
  // While the main thread writes, or after the end, no frame is drawn.
  if (state === null || Atomics.compareExchange(lock, 0, 0, 1) !== 0) return;
  try {
    writeSync(fd, `\r${frame(state, Date.now()).slice(0, state.columns - 1)}\x1b[K`);
  } catch {
    // A terminal that is busy or gone takes no frame.
  }
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0);
}, INTERVAL);

/** "██████░░░░░░░░░░░░░░  31 %, about 12s left: encodes the rows". */
function frame({title, done, until, total, began, sent, prior}, now) {
  const [before, elapsed] = [sent, now].map(time => (time - began) / 1000);
  if (done + prior === 0) return `${'░'.repeat(SIZE)} ${inWords(elapsed)}: ${title}`;
  const pace = (before + prior) / (done + prior);
  const reached = Math.min(until, done + (elapsed - before) / pace);
  const left = Math.max(1, (total - reached) * Math.max(pace, (elapsed + prior) / (reached + prior)));
  const full = Math.floor((SIZE * reached) / total);
  const share = `${Math.floor((100 * reached) / total)} %`.padStart(5);
  return `${'█'.repeat(full)}${'░'.repeat(SIZE - full)} ${share}, about ${inWords(left)} left: ${title}`;
}

/** "1h 5m", "2m 10s", "40s". */
function inWords(seconds) {
  const all = Math.ceil(seconds);
  const minutes = Math.floor(all / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
  return minutes > 0 ? `${minutes}m ${all % 60}s` : `${all}s`;
}
