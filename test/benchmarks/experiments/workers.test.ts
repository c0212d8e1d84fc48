import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {Job} from '../../../benchmarks/experiments/plan';
import {Finished, runInWorkers} from '../../../benchmarks/experiments/workers';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-workers-'));
});
afterEach(() => fs.rmSync(folder, {recursive: true}));

/** A worker that answers with its own process and what it was assigned, and dies of the job "bad". */
function script(): string {
  const file = path.join(folder, 'worker.js');
  fs.writeFileSync(
    file,
    `process.on('message', key => {
    if (key === 'bad') process.exit(3);
    setTimeout(() => process.send({backend: 'cpu', wall: 1, result: {key, process: process.pid, assignment: JSON.parse(process.argv[2])}}), 20);
  });`,
  );
  return file;
}

const jobs = (...keys: string[]): Job[] => keys.map(key => ({key, data: 'adult', seed: 1, run: async () => null}));
const assignment = {plan: 'toy', options: {data: ['adult'], seeds: [1]}, folder: 'data'};

describe('runInWorkers', () => {
  it('runs each job once, over as many processes as asked for', async () => {
    const seen: Array<[string, Finished]> = [];
    await runInWorkers(
      jobs('a', 'b', 'c', 'd', 'e'),
      2,
      assignment,
      async ({key}, finished) => {
        seen.push([key, finished]);
      },
      script(),
    );
    const results = seen.map(([, {result}]) => result as {key: string; process: number; assignment: unknown});
    expect(seen.map(([key]) => key).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(results.map(({key}) => key)).toEqual(seen.map(([key]) => key));
    expect(new Set(results.map(r => r.process)).size).toBe(2);
    expect(results[0].assignment).toEqual(assignment);
  });

  it('starts no process where there is nothing to do', async () => {
    const done = jest.fn(async () => {});
    await runInWorkers([], 2, assignment, done, path.join(folder, 'not there.js'));
    expect(done).not.toHaveBeenCalled();
  });

  it('fails with the job whose worker died, and keeps what had ended', async () => {
    const seen: string[] = [];
    await expect(
      runInWorkers(
        jobs('a', 'bad', 'c'),
        1,
        assignment,
        async ({key}) => {
          seen.push(key);
        },
        script(),
      ),
    ).rejects.toThrow('The worker that ran bad ended with exit code 3.');
    expect(seen).toEqual(['a']);
  });
});
