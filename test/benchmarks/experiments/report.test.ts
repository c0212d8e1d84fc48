import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {Entry, Journal} from '../../../benchmarks/experiments/journal';
import {lineChart} from '../../../benchmarks/experiments/figure';
import type {Plan} from '../../../benchmarks/experiments/plan';
import {plans} from '../../../benchmarks/experiments/plans';
import {table1} from '../../../benchmarks/experiments/plans/table1';
import {commandOf, journalFile, writeReport} from '../../../benchmarks/experiments/report';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-report-'));
});
afterEach(() => fs.rmSync(folder, {recursive: true}));
const read = (...names: string[]) => fs.readFileSync(path.join(folder, ...names), 'utf8');

const plan: Plan = {
  name: 'toy',
  title: 'A toy',
  about: 'It asks nothing.',
  defaults: {data: [], seeds: [1]},
  jobs: () => [],
  report: entries => [
    {
      kind: 'table',
      title: 'numbers',
      head: ['seed', '|x|'],
      rows: entries.map(e => [String(e.seed), String(e.result)]),
    },
    {
      kind: 'figure',
      name: 'toy-line',
      title: 'A line',
      chart: lineChart(
        [
          {
            name: 'a',
            points: [
              [1, 2],
              [2, 3],
            ],
          },
        ],
        {x: 'x', y: 'y'},
      ),
    },
    {kind: 'text', text: 'That is all.'},
  ],
};
const entries: Entry[] = [2, 1].map(seed => ({
  key: `adult ${seed}`,
  data: 'adult',
  seed,
  backend: 'tfjs-node',
  wall: 1,
  result: seed / 10,
}));

describe('writeReport', () => {
  it('puts runs in the order of the plan, and says how many of them there are', async () => {
    const jobs: Plan['jobs'] = ({data, seeds}) =>
      seeds.flatMap(seed => data.map(name => ({key: `${name} ${seed}`, data: name, seed, run: async () => null})));
    const pairs = entries.map(entry => ({...entry, wall: 90, workers: 2}));
    await writeReport({...plan, jobs}, [...pairs, {...pairs[0], key: 'frappe 1', data: 'frappe', seed: 1}], folder);
    const text = read('toy.md');
    // 3 x 90 s, two at once, are 2.25 minutes; Frappe's second seed is missing.
    expect(text).toContain('--data frappe,adult --seeds 1,2 --workers 2`; 3 of its 4 runs, 3 min,');
    expect(text).toContain('| 1 | 0.2 |\n| 1 | 0.1 |\n| 2 | 0.2 |');
  });

  it('writes JSON, Markdown and SVG with the command on them, and docs/results.md from these files', async () => {
    const out = path.join(folder, 'results');
    await writeReport(plan, entries, out);
    const command = 'npm run experiment -- toy --data adult --seeds 1,2';
    expect(commandOf(plan, entries)).toBe(command);
    expect(JSON.parse(read('results', 'toy.json'))).toEqual({
      command,
      runs: 2,
      tables: [
        {
          title: 'numbers',
          head: ['seed', '|x|'],
          rows: [
            ['2', '0.2'],
            ['1', '0.1'],
          ],
        },
      ],
    });
    expect(read('results', 'toy-line.svg')).toContain(command);
    const text = read('results', 'toy.md');
    expect(text).toContain(`Made by \`${command}\`; 2 runs, 1 min, backend: tfjs-node.`);
    expect(text).toContain('| seed | \\|x\\| |\n| --- | ---: |\n| 2 | 0.2 |');
    expect(text).toContain('![A line](toy-line.svg)');
    expect(read('results.md')).toContain('![A line](results/toy-line.svg)');
    expect(read('results.md')).toContain('## A toy');
  });

  it('names the page of another folder after it', async () => {
    await writeReport(plan, entries, path.join(folder, 'mine'));
    expect(read('mine.md')).toContain('from the files in `mine/` only');
    expect(read('mine.md')).toContain('![A line](mine/toy-line.svg)');
  });
});

describe('docs/results', () => {
  const docs = path.join(__dirname, '..', '..', '..', 'docs');

  it('is what the finished runs give, and no more', async () => {
    const out = path.join(folder, 'results');
    for (const each of plans) {
      const {entries: finished} = new Journal(journalFile(each.name, path.join(docs, 'results')));
      // An experiment that has not run since it changed has no page.
      if (finished.length > 0) await writeReport(each, finished, out);
    }
    const texts = (at: string) =>
      fs
        .readdirSync(at)
        .filter(name => /\.(md|json)$/.test(name))
        .map(name => [name, fs.readFileSync(path.join(at, name), 'utf8')]);
    expect(texts(out)).toEqual(texts(path.join(docs, 'results')));
    expect(read('results.md')).toBe(fs.readFileSync(path.join(docs, 'results.md'), 'utf8'));
    const pictures = (at: string) => fs.readdirSync(at).filter(name => name.endsWith('.svg'));
    expect(pictures(path.join(docs, 'results'))).toEqual(pictures(out));
  });
});

describe('table1', () => {
  it("gives the paper's columns from finished runs", () => {
    const run = (model: string, seed: number, auc: number, more: object = {}): Entry => ({
      key: `${model} adult ${seed}`,
      data: 'adult',
      seed,
      backend: 'tfjs-node',
      wall: 1,
      result: {
        model,
        total: 91,
        auc,
        logloss: 0.3,
        validationAuc: auc,
        bestEpoch: 1,
        seconds: 10,
        inference: 0.5,
        parameters: 1000,
        kept: 91,
        ...more,
      },
    });
    const [section, figure, reference, ...others] = table1.report([
      run('FM', 1, 0.8),
      run('FM', 2, 0.81),
      run('PIN', 1, 0.8),
      run('DeepFM', 1, 0.82),
      run('DeepFM', 2, 0.82),
      run('AutoFM', 1, 0.83, {kept: 30, search: {seconds: 5, auc: 0.82, keptByOrder: [30, 0]}}),
      run('AutoFM', 2, 0.83, {kept: 34, search: {seconds: 7, auc: 0.82, keptByOrder: [34, 0]}}),
      run('AutoDeepFM', 1, 0.83, {kept: 20, search: {seconds: 5, auc: 0.82, keptByOrder: [20, 0]}}),
      run('AutoDeepFM', 2, 0.85, {kept: 20, search: {seconds: 5, auc: 0.82, keptByOrder: [20, 0]}}),
    ]);
    expect(section).toMatchObject({
      kind: 'table',
      title: 'adult',
      rows: [
        ['FM', '.8050 ± .0071 (2)', '.3000 ± .0000 (2)', '100 %', '0.50', '0 + 10', '0.00 %', '-', '-', '1,000'],
        // .83 / .805 - 1; differences .03 and .02, t = 5.
        ['PIN', '.8000 (1)', '.3000 (1)', '100 %', '0.50', '0 + 10', '-0.62 %', '-', '-', '1,000'],
        ['DeepFM', '.8200 ± .0000 (2)', '.3000 ± .0000 (2)', '100 %', '0.50', '0 + 10', '1.86 %', '.205', '-', '1,000'],
        [
          'AutoFM',
          '.8300 ± .0000 (2)',
          '.3000 ± .0000 (2)',
          '30-34 of 91',
          '0.50',
          '6 + 10',
          '3.11 %',
          '.126',
          '.8200 ± .0000 (2)',
          '1,000',
        ],
        // Against DeepFM: differences .01 and .03, t = 2.
        [
          'AutoDeepFM',
          '.8400 ± .0141 (2)',
          '.3000 ± .0000 (2)',
          '20 of 91',
          '0.50',
          '5 + 10',
          '4.35 %',
          '.295',
          '.8200 ± .0000 (2)',
          '1,000',
        ],
      ],
    });
    expect(figure).toMatchObject({kind: 'figure', name: 'table1-adult'});
    // There is no PIN in the reference.
    expect(reference).toMatchObject({
      title: 'adult: next to an independent implementation',
      rows: [
        ['FM', '.8050 ± .0071 (2)', '.9118 ± .0005 (3)', '-.1068', 'no'],
        ['DeepFM', '.8200 ± .0000 (2)', '.9121 ± .0005 (3)', '-.0921', 'no'],
        ['AutoFM', '.8300 ± .0000 (2)', '.9109 ± .0011 (3)', '-.0809', 'no'],
        ['AutoDeepFM', '.8400 ± .0141 (2)', '.9116 ± .0003 (3)', '-.0716', 'no'],
      ],
    });
    expect(others).toEqual([]);
  });

  it('runs each model once for each data set and seed', () => {
    const jobs = table1.jobs({data: ['adult', 'frappe'], seeds: [1, 2]});
    expect(new Set(jobs.map(job => job.key)).size).toBe(jobs.length);
    expect(jobs.filter(job => job.key === 'AutoFM frappe 2')).toHaveLength(1);
  });
});
