import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Entry, isFailure, Journal} from '../../../../benchmarks/experiments/journal';
import {unseen} from '../../../../benchmarks/experiments/plans/unseen';
import {writeReport} from '../../../../benchmarks/experiments/report';
import type {RivalName, TableResult} from '../../../../benchmarks/experiments/unseen/run_table';
import {wordsFor} from '../../../../src/select/compare_on_test';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-unseen-'));
});
afterEach(() => fs.rmSync(folder, {recursive: true}));

const entry = (data: string, result: unknown): Entry => ({
  key: `${data} 1`,
  data,
  seed: 1,
  backend: 'tfjs-node',
  wall: 60,
  result,
});

/** A table on which the selection has .8; rivals by how much it is above them, with a standard error of .01. */
function result(above: Partial<Record<RivalName, number | 'the same'>>): TableResult {
  const rivals = Object.entries(above).map(([name, by]) => {
    const difference = by === 'the same' ? 0 : by;
    const auc = {difference, standardError: 0.01};
    const words = by === 'the same' ? by : wordsFor(auc);
    const logloss = {difference: -difference, standardError: 0.01};
    return [name, {test: {auc: 0.8 - difference, logloss: 0.4}, compared: {auc, logloss, words}}];
  });
  const trees = {parameters: {}, aucs: [0.7], trees: 90, seconds: 3, bytes: 900, version: '4'};
  return {
    label: 'y = 1',
    rows: [6000, 2000, 2000],
    fields: 4,
    positives: 500,
    chosen: '2 of 6 pairs',
    selected: {pairs: 2, triples: 0},
    total: 6,
    warnings: ['Few rows.'],
    selection: {auc: 0.8, logloss: 0.3},
    rivals: Object.fromEntries(rivals) as TableResult['rivals'],
    seconds: 12,
    trees: {LightGBM: trees, CatBoost: {...trees, seconds: 5}},
  };
}

const entries = [
  entry('a.csv', result({LightGBM: 0.05, CatBoost: 0.03, LR: 'the same', 'all pairs': -0.03})),
  entry('b.csv', result({LightGBM: -0.01, LR: 0.02})),
  entry('c.csv', {failure: 'c.csv: no rows.'}),
];

describe('unseen', () => {
  it('counts how often the selection is better, worse, neither or the same', () => {
    expect(unseen.report(entries)[0]).toMatchObject({
      rows: [
        ['LightGBM', '1', '0', '1', '0', '+.0200', '-.0100', '+.0500'],
        ['CatBoost', '1', '0', '0', '0', '+.0300', '+.0300', '+.0300'],
        ['LR', '1', '0', '0', '1', '+.0100', '+.0000', '+.0200'],
        ['all pairs', '0', '1', '0', '0', '-.0300', '-.0300', '-.0300'],
        ['former recipe', '-', '-', '-', '-', '-', '-', '-'],
      ],
    });
  });

  it('compares with the former recipe where that ran on the same table and seed', () => {
    const [summary, scores] = unseen.report([entry('arrests.csv', result({LR: 0.01}))]);
    // It had .7334 there.
    expect(summary).toMatchObject({
      rows: expect.arrayContaining([expect.arrayContaining(['former recipe', '+.0666'])]),
    });
    expect(scores).toMatchObject({rows: [expect.arrayContaining(['.8000', '.7334'])]});
  });

  it('has one row a table, with intervals, seconds and what failed', () => {
    const [, scores, differences, losses, times, failed] = unseen.report(entries);
    const row = ['a.csv', '1', '10,000', '4', '500 of 2,000', '.8000', '-', '.7500', '.7700', '.8000', '.8300'];
    expect(scores).toMatchObject({rows: [[...row, '2 of 6 pairs', '2 of 6', '0'], expect.anything()]});
    expect(differences).toMatchObject({
      rows: [
        [
          ...['a.csv', '1', '+.0500 (+.0304 to +.0696), better', '+.0300 (+.0104 to +.0496), better'],
          ...['the same', '-.0300 (-.0496 to -.0104), worse'],
        ],
        [
          ...['b.csv', '1', '-.0100 (-.0296 to +.0096), cannot be told apart', '-'],
          ...['+.0200 (+.0004 to +.0396), better', '-'],
        ],
      ],
    });
    expect(losses).toMatchObject({rows: [expect.arrayContaining(['-.0500 ± .0196', 'the same']), expect.anything()]});
    expect(times).toMatchObject({rows: [['a.csv', '1', '12.0', '3.0', '5.0'], expect.anything()]});
    expect(failed).toMatchObject({title: 'Tables that failed', rows: [['c.csv', '1', 'c.csv: no rows.']]});
  });

  it('writes a page whose command names the tables, also where all of them failed', async () => {
    await writeReport(unseen, entries, {numbers: folder, pages: folder});
    const page = () => fs.readFileSync(path.join(folder, 'unseen.md'), 'utf8');
    expect(page()).toContain(
      '`npm run experiment -- unseen --folder FOLDER --data a.csv,b.csv,c.csv --seeds 1`: 3 runs',
    );
    expect(page()).toContain('Few rows.');
    await writeReport(unseen, entries.slice(2), {numbers: folder, pages: folder});
    expect(page()).toContain('| c.csv | 1 | c.csv: no rows. |');
  });

  it('continues where a table fails, and makes it again the next time', async () => {
    jest.spyOn(console, 'log').mockImplementation(() => {});
    fs.writeFileSync(path.join(folder, 'empty.csv'), '');
    const [job] = unseen.jobs({data: [], seeds: [1], tables: {folder, names: ['empty.csv']}});
    const failed = await job.run(null as never);
    expect(isFailure(failed) && failed.failure).toContain('empty.csv');
    const file = path.join(folder, 'unseen.runs.jsonl');
    const journal = new Journal(file);
    journal.add({...entry('empty.csv', failed), key: job.key});
    expect(journal.has(job.key)).toBe(false);
    journal.add({...entry('empty.csv', result({})), key: job.key});
    const again = new Journal(file);
    expect([again.has(job.key), again.entries.length]).toEqual([true, 1]);
  });
});
