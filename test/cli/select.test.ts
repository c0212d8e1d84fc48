import {execFile} from 'node:child_process';
import {cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {loadBundle} from 'tfjs-autofis/bundle';
import {runInWords} from '../../src/cli/commands/select';
import type {SelectResult} from '../../src/cli/steps/select';
import {cli} from '../helpers/cli';
import {compiled} from '../helpers/compiled';
import {sharedFolder} from '../helpers/folders';
import {generator, integers} from '../helpers/random';
import {captureWarnings} from '../helpers/search';
import {shapedSelection} from '../helpers/shaped_selection';

captureWarnings();

const base = sharedFolder();

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
      const args = [main, 'select', '--folder', killed, ...FLAGS, '--verbose', ...more];
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

it('select judges no forbidden pair, and saves in the bundle what was forbidden', async () => {
  const folder = path.join(base, 'forbidden');
  cpSync(path.join(base, 'run/data'), path.join(folder, 'data'), {recursive: true});
  const {stdout} = await cli('select', '--folder', folder, ...FLAGS, '--forbid', 'hour x site', '--json', '--quiet');
  const {decision} = JSON.parse(stdout) as SelectResult;
  expect(decision.interactions.map(({fields}) => fields)).toEqual([
    ['site', 'device'],
    ['hour', 'device'],
  ]);
  const {metadata, model} = await loadBundle(path.join(folder, 'bundle'));
  expect(metadata.forbid).toEqual([['hour', 'site']]);
  model.dispose();
});

describe('a run in words', () => {
  /** Blocks of the text of a run of ten pairs. */
  const blocks = (shape: Parameters<typeof shapedSelection>[0]) =>
    runInWords(shapedSelection(shape))
      .replace(/\n {3}/g, ' ')
      .split('\n\n')
      .map(block => block.split('\n'));

  it('says the verdict, what to do, the interactions that gain most, and three models', () => {
    const [head, interactions, models] = blocks({kept: 5, beside: {all: 'better', linear: 'better', trees: 'worse'}});
    expect(head).toEqual([
      expect.stringMatching(/^verdict: The model with 5 of 10 interactions is better than logistic regression: AUC /),
      expect.stringMatching(/^next: {4}Use the model; \d of its 5 interactions are certain\. LightGBM/),
    ]);
    expect(interactions[0]).toMatch(/^interaction \(3 of 5\) +logloss that it saves \(95 %\) +certain$/);
    expect(interactions.slice(2)).toEqual(
      ['user x genres of films', 'user x hour', 'user x age'].map(name =>
        expect.stringMatching(`^${name} +[+]0\\.\\d{4} ± 0\\.\\d{4} +(yes|no)$`),
      ),
    );
    expect(models.slice(2).map(line => line.split(/ {2,}/)[0])).toEqual([
      '5 of 10 interactions (chosen)',
      expect.stringMatching(/^(LR|logistic regression)$/),
      expect.any(String),
    ]);
  });

  it('has no interactions where none is chosen, and calls none certain where test rows are copies', () => {
    expect(blocks({kept: 0}).map(([first]) => first.split(' ')[0])).toEqual(['verdict:', 'model']);
    const [, interactions] = blocks({kept: 2, copied: 0.2});
    expect(interactions.filter(line => / yes$/.test(line))).toEqual([]);
    expect(interactions.filter(line => / no$/.test(line))).toHaveLength(2);
  });
});

describe('where no interaction helps', () => {
  let table: string;
  let folder: string;
  let out: string;
  let steps: string;
  beforeAll(async () => {
    table = writeTable('noise.csv', (_site, _hour, chance) => chance < 4);
    folder = path.join(base, 'noise');
    const args = ['--label', 'clicked', '--effort', 'quick', '--folder', folder];
    const {code, stdout, stderr} = await cli('run', table, ...args, '--verbose');
    expect(code).toBe(0);
    out = stdout;
    steps = stderr;
  });

  it('run says so, with a model and a report all the same', async () => {
    expect(out).toMatch(/^verdict: None of 3 interactions is shown to help: logistic regression remains, with AUC /m);
    expect(out).toMatch(/^logistic regression \(chosen\) +0\.\d{4} /m);
    expect(readFileSync(path.join(folder, 'report/report.md'), 'utf8')).toMatch(
      /^\*\*None of 3 interactions is shown to help: logistic regression remains, with AUC /m,
    );
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    expect(bundle.selection).toBeNull();
    bundle.dispose();
  });

  it('run --verbose says how each column is read, and each step', () => {
    expect(steps).toMatch(/^column +read as +why +alternative +flag$/m);
    expect(steps).toMatch(/^computes with /m);
    expect(steps).toMatch(/^logistic regression chosen$/m);
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
