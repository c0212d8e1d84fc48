import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {DuckDBInstance} from '@duckdb/node-api';
import {prepare} from '../../../src/data/prepare';
import {type Progress, ProgressReporter} from '../../../src/data/staging/progress';
import {estimateLines} from '../../../src/data/sources/row_estimate';
import {emptyFolder, fileWriter} from '../../helpers/folders';

const folder = emptyFolder();
afterEach(() => {
  jest.restoreAllMocks();
});
const file = fileWriter(folder);

it('tells rows, share and time of a stage, by the clock, and not more often than four times a second', async () => {
  const reports: Progress[] = [];
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  const reporter = ProgressReporter.open(progress => reports.push(progress));
  await reporter.expect(async () => 1000);
  const steps = reporter.start('encoding');
  for (const [ms, done] of [
    [100, 0.1],
    [300, 0.2],
    [400, 0.3],
    [2300, 0.5],
  ]) {
    now.mockReturnValue(1_000_000 + ms);
    steps.step(done);
  }
  now.mockReturnValue(1_004_000);
  steps.stop();
  expect(reports.slice(-3)).toEqual([
    {stage: 'encoding', done: expect.any(Number), rows: expect.any(Number), seconds: expect.any(Number)},
    {stage: 'encoding', done: 0.5, rows: 500, seconds: 2.3},
    {stage: 'encoding', done: 1, rows: 1000, seconds: 4},
  ]);
  expect(reports.length).toBeLessThanOrEqual(4);
});

it('draws nothing where there is no terminal', async () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const wasTerminal = process.stderr.isTTY;
  process.stderr.isTTY = false;
  jest.spyOn(Date, 'now').mockImplementation(
    (
      time => () =>
        (time += 1000)
    )(0),
  );
  await prepare({
    source: file('x.csv', `y,x\n${'1,a\n0,b\n'.repeat(1000)}`),
    folder: path.join(folder, 'shards'),
    schema: {version: 1, label: {column: 'y'}, fields: [{type: 'categorical', name: 'x', column: 'x'}]},
  });
  process.stderr.isTTY = wasTerminal;
  expect(write).not.toHaveBeenCalled();
});

it('while a source is read, its rows are estimated; Parquet says how many it has', async () => {
  const lines = Array.from({length: 100_000}, (_, i) => `${i % 2},value ${(i * 7919) % 1000}\n`).join('');
  for (const text of [file('x.csv', `y,x\n${lines}`), file('x.csv.gz', gzipSync(`y,x\n${lines}`))]) {
    const estimate = await estimateLines([text]);
    expect(Math.abs(estimate! - 100_000)).toBeLessThan(10_000);
    expect(await estimateLines([text, text])).toBe(2 * estimate!);
  }
  expect(await estimateLines([file('x.csv.zst', 'x')])).toBeUndefined();
  expect(await estimateLines([file('broken.csv.gz', 'this is not gzip\n')])).toBeUndefined();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT range % 2 AS y, range AS x FROM range(5000)) TO '${path.join(folder, 'x.parquet')}'`,
  );
  connection.closeSync();
  instance.closeSync();
  const reports: Progress[] = [];
  await prepare({
    source: path.join(folder, 'x.parquet'),
    folder: path.join(folder, 'shards'),
    progress: each => reports.push(each),
    schema: {version: 1, label: {column: 'y'}, fields: [{type: 'categorical', name: 'x', column: 'x'}]},
  });
  expect(reports[0]).toMatchObject({stage: 'reading', done: 1, rows: 5000});
});
