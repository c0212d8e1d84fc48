import {ChildProcess, fork} from 'node:child_process';
import path from 'node:path';
import type {Lab} from './lab';
import type {Job} from './plan';

/** Result of one run. */
export interface Finished {
  backend: string;
  /** Wall-clock seconds. */
  wall: number;
  result: unknown;
}

/** Runs a job and takes its time. */
export async function timed(job: Job, lab: Lab, backend: string): Promise<Finished> {
  const start = performance.now();
  const result = await job.run(lab);
  return {backend, wall: (performance.now() - start) / 1000, result};
}

/** What a worker needs to make the jobs of a plan again: functions do not go from process to process. */
export interface Assignment {
  plan: string;
  options: {data: string[]; seeds: number[]};
  folder: string;
}

/**
 * Runs jobs in several processes, each of which takes the next one that is left. A step of training keeps one core
 * busy, so two processes on two cores take little more than half the time; the seconds of each run are then longer than
 * alone.
 *
 * The first failure ends all of them; jobs that have ended by then have been given to `onDone`.
 */
export async function runInWorkers(
  jobs: readonly Job[],
  count: number,
  assignment: Assignment,
  onDone: (job: Job, finished: Finished) => Promise<void>,
): Promise<void> {
  const left = [...jobs];
  const script = path.join(__dirname, 'worker.ts');
  const children = Array.from({length: Math.min(count, jobs.length)}, () => fork(script, [JSON.stringify(assignment)]));
  try {
    await Promise.all(
      children.map(async child => {
        for (let job = left.shift(); job !== undefined; job = left.shift())
          await onDone(job, await ask(child, job.key));
      }),
    );
  } finally {
    children.forEach(child => child.kill());
  }
}

/** Has a worker run one job. */
function ask(child: ChildProcess, key: string): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null, signal: string | null) =>
      reject(new Error(`The worker that ran ${key} ended with ${signal ?? `exit code ${code}`}.`));
    child.once('exit', died);
    child.once('message', message => {
      child.off('exit', died);
      resolve(message as Finished);
    });
    child.send(key);
  });
}
