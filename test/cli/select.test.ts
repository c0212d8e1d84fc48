import {execFile} from 'node:child_process';
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {loadBundle} from 'tfjs-autofis/bundle';
import type {SelectResult} from '../../src/cli/steps/select';
import {slowBackend} from '../../src/cli/steps/backend';
import {selectedInWords} from '../../src/cli/commands/select';
import {cli} from '../helpers/cli';
import {compiled} from '../helpers/compiled';
import {generator, integers} from '../helpers/random';
import {captureWarnings} from '../helpers/search';

captureWarnings();

let base: string;
beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), 'autofis-select-'));
});
afterAll(() => rmSync(base, {recursive: true}));

/** A click where site and hour fit, or by chance alone; the device says nothing. */
function writeTable(name: string, clicked: (site: number, hour: number, chance: number) => boolean): string {
  const next = generator(3);
  const lines = Array.from({length: 2000}, () => {
    const [site, hour, device, chance] = [6, 8, 3, 10].map(size => integers(next, 1, size)[0]);
    return `${clicked(site, hour, chance) ? 'yes' : 'no'},site ${site},${hour},d${device}`;
  });
  writeFileSync(path.join(base, name), `clicked,site,hour,device\n${lines.join('\n')}\n`);
  return path.join(base, name);
}

const FLAGS = ['--effort', 'quick', '--epochs', '5'];
/** Output of a selection that was never stopped. */
let straight: string;

it('select says beforehand that plain JavaScript takes minutes for many rows', () => {
  expect(slowBackend('cpu', 'normal', 20_000)).toMatch(
    /^plain JavaScript takes minutes for 20,000 rows: --effort quick/,
  );
  expect([slowBackend('wasm', 'normal', 20_000), slowBackend('cpu', 'quick', 20_000)]).toEqual([null, null]);
});

it('select that was stopped continues with the step that it was in, and trains nothing twice', async () => {
  const table = writeTable('clicks.csv', (site, hour) => (site + hour) % 3 === 0);
  const folder = path.join(base, 'run');
  expect((await cli('encode', table, '--label', 'clicked', '--folder', folder, '--quiet')).code).toBe(0);
  const args = ['select', ...FLAGS, '--folder', folder];
  const {code, stdout, stderr} = await cli(...args, '--json', '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  straight = stdout;
  const selected = JSON.parse(stdout) as SelectResult;
  expect(selected.selection.map(({fields}) => fields)).toEqual([['site', 'hour']]);
  expect(readdirSync(path.join(folder, 'select')).sort()).toEqual(['done.json', 'model', 'steps']);

  // Of a run that was stopped after its steps: they are not made again.
  rmSync(path.join(folder, 'select/done.json'));
  rmSync(path.join(folder, 'bundle'), {recursive: true});
  const again = await cli(...args, '--resume', '--json', '--quiet');
  expect(again.code).toBe(0);
  expect(again.stderr).toBe('');
  expect(JSON.parse(again.stdout)).toEqual(selected);
});

it('select that was stopped by Ctrl-C or kill -9 goes on after its last step, to the same result', async () => {
  const killed = path.join(base, 'killed');
  cpSync(path.join(base, 'run/data'), path.join(killed, 'data'), {recursive: true});
  const main = await compiled('src/cli/main.ts');
  const stop = (at: RegExp, signal: NodeJS.Signals, ...more: string[]) =>
    new Promise<number | null>(done => {
      const args = [main, 'select', '--folder', killed, ...FLAGS, ...more];
      const child = execFile(process.execPath, args);
      child.stderr!.on('data', (text: string) => {
        if (at.test(text)) child.kill(signal);
      });
      child.on('close', done);
    });
  expect(await stop(/^computes with /m, 'SIGINT')).toBe(130);
  expect(await stop(/^1 of 3 pairs chosen/m, 'SIGKILL', '--resume')).toBeNull();
  const steps = path.join(killed, 'select/steps');
  const made = readdirSync(steps).map(name => ({name, time: statSync(path.join(steps, name)).mtimeMs}));
  const {code, stdout} = await cli('select', '--folder', killed, ...FLAGS, '--resume', '--json', '--quiet');
  expect(code).toBe(0);
  for (const {name, time} of made) expect([name, statSync(path.join(steps, name)).mtimeMs]).toEqual([name, time]);
  expect(made.length).toBeGreaterThan(2);
  expect(stdout).toBe(straight);
  const bundle = (run: string) => readFileSync(path.join(base, run, 'bundle/bundle.json'), 'utf8');
  expect(bundle('killed')).toBe(bundle('run'));
});

describe('the decision in words', () => {
  /** A decision on pairs, the first `open` of which are open, and the first `certain` of these certain. */
  const words = (total: number, open: number, certain: number, share = 0) => {
    const interactions = Array.from({length: total}, (_, p) => ({
      gate: 0,
      order: 2 as const,
      interaction: [0, p + 1],
      fields: ['a', `b${p}`],
      alpha: p < open ? 1 : 0,
      open: p < open,
      gain: p < open ? 0.1 - p / 1e5 : 0,
      standardError: 1e-5,
      stability: {kept: p < certain ? 4 : 2, samples: 4},
    }));
    const linear = {auc: 0.7, logloss: 0.5};
    const selection = {auc: 0.8, logloss: 0.4};
    const random = open === 0 || open === total ? [] : [linear, selection];
    const decision = {
      interactions,
      rows: 1000,
      evidence: {by: 'folds', folds: 4},
      scores: {linear, selection, all: total === 0 ? null : selection, random},
    };
    return selectedInWords({
      decision,
      copied: {share, neighbors: 0},
      models: [],
      warnings: [],
    } as unknown as SelectResult);
  };

  it('lists the interactions that gain most', () => {
    const lines = words(30, 22, 2).split('\n');
    expect(lines[2]).toMatch(/^interaction +logloss that it saves \(95 %\) +certain$/);
    const rows = lines.filter(line => line.startsWith('a x ')).map(line => line.split(/ {2,}/));
    expect(rows.map(([name]) => name)).toEqual(Array.from({length: 5}, (_, p) => `a x b${p}`));
    expect(rows.slice(1, 3)).toEqual([
      ['a x b1', '+0.1000 ± 0.0000', 'yes'],
      ['a x b2', '+0.1000 ± 0.0000', 'no'],
    ]);
    expect(lines).toContain('and 17 more, which the report has');
  });

  it('calls nothing certain where test rows are copies', () => {
    const copied = words(3, 2, 2, 0.2);
    expect(copied.split('\n')[0]).toMatch(/^Chosen: 2 of 3 pairs, none of them certain by itself\.$/);
    expect(copied.split('\n').filter(line => line.startsWith('a x ') && / no$/.test(line))).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof words>]>([
    ['Chosen: 3 of 3 pairs, all certain.', [3, 3, 3]],
    ['Chosen: 3 of 4 pairs, 2 of them certain.', [4, 3, 2]],
    ['Chosen: 2 of 3 pairs, none of them certain by itself.', [3, 2, 0]],
    ['Chosen: 1 of 3 pairs, certain.', [3, 1, 1]],
    ['Chosen: 1 of 3 pairs, uncertain.', [3, 1, 0]],
    ['Held-out rows confirm none of 1,830 interactions: logistic regression is chosen.', [1830, 0, 0]],
    ['The rows are too few to tell interactions from chance: logistic regression is trained alone.', [0, 0, 0]],
  ])('%s', (expected, of) => expect(words(...of).split('\n')[0]).toBe(expected));
});

describe('where no interaction helps', () => {
  let table: string;
  let folder: string;
  let out: string;
  beforeAll(async () => {
    table = writeTable('noise.csv', (_site, _hour, chance) => chance < 4);
    folder = path.join(base, 'noise');
    const {code, stdout} = await cli(
      ...['run', table, '--label', 'clicked', '--effort', 'quick', '--folder', folder, '--quiet'],
    );
    expect(code).toBe(0);
    out = stdout;
  });

  it('run says so, with a model and a report all the same', async () => {
    expect(out).toMatch(/^Held-out rows confirm none of 3 interactions: logistic regression is chosen\.$/m);
    expect(out).toMatch(/^logistic regression \(chosen\) +0\.\d{4} /m);
    expect(readFileSync(path.join(folder, 'report/report.md'), 'utf8')).toMatch(
      /^\*\*None of 3 interactions is shown to help: logistic regression remains, with AUC /m,
    );
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    expect(bundle.selection).toBeNull();
    bundle.dispose();
  });

  it('predict, evaluate and report take it', async () => {
    const rows = path.join(base, 'new.csv');
    writeFileSync(rows, 'site,hour,device\nsite 1,2,d0\nsite 2,3,d1\n');
    const predicted = await cli('predict', rows, '--folder', folder, '--quiet');
    expect(predicted.stdout).toMatch(/^probability\n0\.\d+\n0\.\d+\n$/);
    expect((await cli('evaluate', table, '--folder', folder, '--quiet')).stdout).toMatch(/^2000 rows: AUC 0\.\d{4}, /);
    expect((await cli('evaluate', '--folder', folder, '--quiet')).stdout).toMatch(/^logistic regression \(chosen\) /m);
    expect((await cli('report', '--folder', folder, '--quiet')).code).toBe(0);
  });

  it.each([
    ['onnx', 'model.onnx'],
    ['tfjs', 'web'],
    ['graph', 'graph'],
    ['json', 'kept.json'],
    ['csv', 'kept.csv'],
    ['npy', 'mask.npy'],
  ])('export writes %s', async (format, name) => {
    const place = path.join(base, name);
    const {code, stdout} = await cli('export', '--format', format, '--out', place, '--folder', folder, '--quiet');
    expect([code, stdout]).toEqual([0, `${place}\n`]);
    if (format === 'json') expect(JSON.parse(readFileSync(place, 'utf8'))).toEqual([]);
  });
});
