import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {BackendTimes} from '../../src/cli/bench/backends';
import type {Times} from '../../src/cli/bench/measure';
import {shapeOf} from '../../src/cli/bench/shape';
import {timesInWords} from '../../src/cli/commands/bench';
import {RunFolder} from '../../src/cli/steps/run_folder';
import {cli, cliProcess} from '../helpers/cli';
import {writeRunData} from '../helpers/run_folder';
import {captureWarnings} from '../helpers/search';

const warned = captureWarnings();
const QUICK = ['--seconds', '0.05', '--embedding-dim', '3'];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-bench-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

interface Result {
  what: string;
  fields: number;
  ids: number;
  model: string;
  batchSize: number;
  slim: number | string;
  backends: BackendTimes[];
}

/** What a backend was measured with, which is checked to be whole. */
function timesOf(times: BackendTimes, batchSize: number): void {
  if (times.missing !== undefined) throw new Error(times.missing);
  const check = ({median, min, max, count, rowsPerSecond}: Times, rows: number) => {
    expect(count).toBeGreaterThanOrEqual(3);
    expect(min).toBeGreaterThan(0);
    expect(median).toBeGreaterThanOrEqual(min);
    expect(max).toBeGreaterThanOrEqual(median);
    expect(rowsPerSecond).toBeCloseTo((1000 * rows) / median);
  };
  check(times.searchStep, batchSize);
  check(times.retrainStep, batchSize);
  expect(Object.keys(times.predict)).toEqual(['1', '100', '10000']);
  for (const [rows, each] of Object.entries(times.predict)) check(each, Number(rows));
}

it('measures a model of given size on each backend in a process of its own, config and flags together', async () => {
  const config = path.join(folder, 'bench.yaml');
  writeFileSync(config, 'batchSize: 20\nmodel: autoDeepFm\nhiddenUnits: [4]\nsize: 7\nlabel: clicked\n');
  const {code, stdout, stderr} = await cliProcess(['bench', '--fields', '3', '--config', config, '--json', ...QUICK]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^measuring tfjs-node-gpu \.\.\.\n[^]*measuring cpu \.\.\.\n$/);
  const {backends, ...about} = JSON.parse(stdout) as Result;
  expect(about).toEqual({
    what: '3 fields of 7 values',
    fields: 3,
    ids: 21,
    model: 'autoDeepFm',
    order: '2',
    embeddingDim: 3,
    hiddenUnits: [4],
    batchSize: 20,
    slim: 'a random half',
  });
  expect(backends.map(({backend}) => backend)).toEqual(['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']);
  for (const times of backends) {
    if (['wasm', 'cpu'].includes(times.backend)) timesOf(times, 20);
    else if (times.missing === undefined) timesOf(times, 20);
    else expect(times.missing).toMatch(/\S/);
  }
});

it('measures the model of a run on its rows, and writes nothing', async () => {
  const run = path.join(folder, 'run');
  writeRunData(run);
  const first = JSON.parse(
    (await cli('bench', '--folder', run, '--batch-size', '50', '--backend', 'wasm', '--json', '--quiet', ...QUICK))
      .stdout,
  ) as Result;
  expect(first).toMatchObject({what: `the run in ${run}`, fields: 4, ids: 36, model: 'autoFm', slim: 'a random half'});
  expect(
    (
      await cli(
        'search',
        '--folder',
        run,
        '--batch-size',
        '50',
        '--search-epochs',
        '4',
        '--learning-rate',
        '0.01',
        '--embedding-dim',
        '5',
        '--quiet',
      )
    ).code,
  ).toBe(0);
  const warnings = warned().length;
  const {code, stdout, stderr} = await cli(
    'bench',
    '--folder',
    run,
    '--backend',
    'wasm',
    '--json',
    '--quiet',
    '--seconds',
    '0.05',
  );
  expect([code, stderr]).toEqual([0, '']);
  const result = JSON.parse(stdout) as Result & {embeddingDim: number};
  expect(result).toMatchObject({batchSize: 50, embeddingDim: 5});
  expect(result.slim).toBeLessThanOrEqual(6);
  timesOf(result.backends[0], 50);
  // Other interactions than those of the run have no selection yet.
  const triples = JSON.parse(
    (await cli('bench', '--folder', run, '--order', '3', '--backend', 'wasm', '--json', '--quiet', ...QUICK)).stdout,
  ) as Result;
  expect(triples.slim).toBe('a random half');
  expect(readdirSync(run).sort()).toEqual(['data', 'search']);
  expect(warned()).toHaveLength(warnings);
});

it('measures the pairs of a run whose chosen model has triples, too', async () => {
  const run = new RunFolder(path.join(folder, 'triples'), false);
  writeRunData(run.path);
  const [pair, triple] = [2, 3].map(order => ({order}));
  const select = (...selection: object[]) => run.stage('select', {}, async () => ({plan: {model: null}, selection}));
  await select(triple, pair);
  expect((await shapeOf({}, run)).selection).toEqual([pair]);
  rmSync(run.file('select'), {recursive: true});
  await select(triple);
  expect((await shapeOf({}, run)).selection).toBeNull();
});

it('says what it needs', async () => {
  const none = path.join(folder, 'none');
  expect(await cli('bench', '--folder', none)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      `error: ${none} has no encoded rows. Give the --folder of a run, or the shape of a model, ` +
      'such as --fields 39 --size 25000.\n',
  });
});

it('shows medians side by side, and why a backend has none', () => {
  const times = (median: number, rowsPerSecond: number): Times => ({median, min: 1, max: 900, count: 3, rowsPerSecond});
  const measured = {
    searchStep: times(12.4, 40322.6),
    retrainStep: times(5.25, 95238.1),
    predict: {1: times(0.5, 2000), 10000: times(20, 5e5)},
  };
  expect(
    timesInWords([
      {backend: 'tfjs-node', missing: 'not installed'},
      {backend: 'wasm', name: 'wasm', ...measured},
    ]),
  ).toBe(
    [
      'median               wasm, ms   rows/s',
      '-------------------  --------  -------',
      'search step                12   40,323',
      'retrain step             5.25   95,238',
      'predict 1 row            0.50    2,000',
      'predict 10,000 rows        20  500,000',
      'tfjs-node: not installed',
    ].join('\n'),
  );
});
