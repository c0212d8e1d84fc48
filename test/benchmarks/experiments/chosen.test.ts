import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {chosenExperiments} from '../../../benchmarks/experiments/chosen';
import type {Entry} from '../../../benchmarks/experiments/journal';
import {timings} from '../../../benchmarks/experiments/plans/timings';

const WHOLE_TABLE = ['table1', 'timings', 'trees', 'large'];
const summary = (names: readonly string[], flags: object = {}) =>
  chosenExperiments(names, {workers: '1', ...flags}).map(({plan, options, workers}) => [
    plan.name,
    options.data.join(','),
    options.seeds.join(','),
    workers,
  ]);

describe('chosenExperiments', () => {
  it('takes several names, each with its own data sets and seeds, and timings by one process at a time', () => {
    const four = 'frappe,adult,movielens,flights';
    expect(summary(WHOLE_TABLE, {workers: '2'})).toEqual([
      ['table1', four, '1,2,3,4,5', 2],
      ['timings', four, '1', 1],
      ['trees', four, '1,2,3', 2],
      ['large', 'flights3m', '1,2,3', 2],
    ]);
    const [table1, timed] = chosenExperiments(WHOLE_TABLE, {workers: '2'});
    expect(table1.notes).toEqual([]);
    expect(timed.notes).toEqual([
      'One worker: another one would take its share of the machine from the times measured.',
    ]);
    expect(summary(['timings', 'timings'])).toHaveLength(1);
  });

  it('gives each of several those of --data that are its own, and one alone whichever are named', () => {
    const flags = {data: 'adult,frappe', seeds: '7'};
    expect(summary(['trees', 'large', 'noise'], flags)).toEqual([
      ['trees', 'adult,frappe', '7', 1],
      ['large', '', '7', 1],
      ['noise', '', '7', 1],
    ]);
    expect(chosenExperiments(['trees', 'large', 'noise'], {workers: '1', ...flags}).map(({notes}) => notes)).toEqual([
      [],
      ['None of its data sets is in --data.'],
      [],
    ]);
    expect(summary(['large'], flags)).toEqual([['large', 'adult,frappe', '7', 1]]);
  });

  it('says what is wrong with names and flags before anything runs', () => {
    expect(() => summary([])).toThrow(/^Name one or more experiments out of: recipe, .*\. Received: none\.$/);
    expect(() => summary(['table1', 'tabel2', 'x'])).toThrow(/din\. Received: tabel2, x\.$/);
    expect(() => summary(['trees', 'large'], {data: 'adult,criteo'})).toThrow(
      '--data: each of several experiments runs on the named data sets that are its own (trees: frappe, adult, ' +
        'movielens, flights; large: flights3m). To run an experiment on others, name it alone. Received: criteo.',
    );
    expect(() => summary(['trees', 'unseen'])).toThrow(
      'unseen runs on the tables of --folder, which the other experiments do not: name it alone. ' +
        'Received: trees, unseen.',
    );
    expect(() => summary(['trees'], {data: 'iris'})).toThrow(/^--data: the data sets are frappe, .*Received: iris\.$/);
    expect(() => summary(['trees'], {seeds: '1,x'})).toThrow('--seeds must be integers >= 0. Received: 1,x.');
    expect(() => summary(['trees'], {workers: '0'})).toThrow('--workers must be an integer >= 1. Received: 0.');
    expect(() => summary(['trees'], {label: 'y'})).toThrow('--label and --part are for the experiment unseen');
    expect(() => summary(['trees'], {data: 'criteo'})).toThrow('the training rows of criteo are read from disk');
  });
});

describe('npm run experiment', () => {
  it('continues each of several experiments from its finished runs', async () => {
    const root = path.join(__dirname, '..', '..', '..');
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-experiments-'));
    try {
      for (const name of ['table1', 'timings', 'trees'])
        fs.copyFileSync(
          path.join(root, 'benchmarks', 'results', `${name}.runs.jsonl`),
          path.join(out, `${name}.runs.jsonl`),
        );
      const {stdout} = await promisify(execFile)(
        process.execPath,
        [
          ...['--import', 'tsx', path.join('benchmarks', 'experiments', 'run.ts'), 'table1', 'timings', 'trees'],
          ...['--data', 'flights', '--workers', '2', '--out', out],
        ],
        {cwd: root},
      );
      expect(stdout.match(/^0 runs to do\.$/gm)).toHaveLength(3);
      for (const [name, runs] of Object.entries({table1: 520, timings: 4, trees: 72})) {
        expect(stdout).toContain(`${runs} finished runs; report in ${path.join(out, `${name}.md`)}.`);
        expect(fs.existsSync(path.join(out, `${name}.md`))).toBe(true);
      }
    } finally {
      fs.rmSync(out, {recursive: true});
    }
  });
});

describe('timings', () => {
  const seconds = {LR: [1, 2, 3, 4, 5, 6, 7, 8, 9]};
  const entry: Entry = {key: 'adult 1', data: 'adult', seed: 1, backend: 'cpu', wall: 1, result: null};
  const textsOf = (workers: number | undefined, load?: number) =>
    timings
      .report([{...entry, workers, result: {seconds, training: seconds, load}}])
      .flatMap(section => (section.kind === 'text' ? [section.text] : []));

  it('says how loaded the machine was where that is recorded, and which times are not quiet', () => {
    expect(textsOf(1, 0.26)).toEqual(['Load average at the start: 0.3.']);
    expect(textsOf(undefined)).toEqual([]);
    expect(textsOf(2)).toEqual(['These times were measured with 2 runs at once, so they are not quiet.']);
  });
});
