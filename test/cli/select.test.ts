import {execFile} from 'node:child_process';
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
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
  const args = ['select', '--effort', 'quick', '--folder', folder];
  const {code, stdout, stderr} = await cli(...args, '--json', '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  const selected = JSON.parse(stdout) as SelectResult;
  expect(selected.selection.map(({fields}) => fields)).toEqual([['site', 'hour']]);
  expect(readdirSync(path.join(folder, 'select')).sort()).toEqual(['done.json', 'model', 'steps']);

  // Of a run that was stopped after its steps: they are not made again.
  rmSync(path.join(folder, 'select/done.json'));
  rmSync(path.join(folder, 'bundle'), {recursive: true});
  const again = await cli(...args, '--resume', '--json', '--quiet');
  expect(again.code).toBe(0);
  const seconds = (result: SelectResult) => result.candidates.map(candidate => candidate.seconds);
  expect(seconds(JSON.parse(again.stdout) as SelectResult)).toEqual(seconds(selected));
});

it('select that was stopped by Ctrl-C or kill -9 goes on after its last step, to the same result', async () => {
  const killed = path.join(base, 'killed');
  cpSync(path.join(base, 'run/data'), path.join(killed, 'data'), {recursive: true});
  const flags = ['--effort', 'quick', '--epochs', '5'];
  const main = await compiled('src/cli/main.ts');
  const stop = (at: RegExp, signal: NodeJS.Signals, ...more: string[]) =>
    new Promise<number | null>(done => {
      const args = [main, 'select', '--folder', killed, ...flags, ...more];
      const child = execFile(process.execPath, args);
      child.stderr!.on('data', (text: string) => {
        if (at.test(text)) child.kill(signal);
      });
      child.on('close', done);
    });
  expect(await stop(/^LR: AUC/m, 'SIGINT')).toBe(130);
  expect(await stop(/^gates on FFM.* leave/m, 'SIGKILL', '--resume')).toBeNull();
  const {code, stdout, stderr} = await cli('select', '--folder', killed, ...flags, '--resume', '--json');
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('FFM, ridge 10, all 3: epoch')]);

  const whole = path.join(base, 'whole');
  cpSync(path.join(base, 'run/data'), path.join(whole, 'data'), {recursive: true});
  const straight = await cli('select', '--folder', whole, ...flags, '--json', '--quiet');
  const timeless = (text: string) => text.replace(/"seconds": [\d.e-]+/g, '"seconds": 0');
  expect(timeless(stdout)).toBe(timeless(straight.stdout));
});

it('select takes a model with gates instead of FM and FFM', async () => {
  const folder = path.join(base, 'deep');
  cpSync(path.join(base, 'run/data'), path.join(folder, 'data'), {recursive: true});
  const flags = ['--model', 'autoDeepFm', '--hidden-units', '8', '--effort', 'quick'];
  const schedule = ['--learning-rate', '0.05', '--batch-size', '250'];
  const {code, stdout} = await cli('select', '--folder', folder, ...flags, ...schedule, '--json', '--quiet');
  expect(code).toBe(0);
  const {candidates, plan, models} = JSON.parse(stdout) as SelectResult;
  expect(candidates[0].name).toBe('autoDeepFm, all 3');
  expect(candidates.every(({ridge}) => ridge === null)).toBe(true);
  expect(plan).toMatchObject({
    model: {model: 'autoDeepFm', hiddenUnits: [8]},
    schedule: {learningRate: 0.05, batchSize: 250},
  });
  expect(models[0].auc).toBeGreaterThan(0.9);
  expect((await cli('report', '--folder', folder, '--quiet')).code).toBe(0);
});

it('select takes AutoFFM, whose slim models lose the vectors of closed pairs', async () => {
  const folder = path.join(base, 'field-aware');
  cpSync(path.join(base, 'run/data'), path.join(folder, 'data'), {recursive: true});
  const flags = ['--model', 'autoFfm', '--embedding-dim', '4', '--learning-rate', '0.05', '--batch-size', '250'];
  const {code, stdout} = await cli('select', '--folder', folder, ...flags, '--json', '--quiet');
  expect(code).toBe(0);
  const {candidates, chosen, models} = JSON.parse(stdout) as SelectResult;
  expect(candidates[0].name).toBe('autoFfm, all 3');
  expect(chosen.selection.length).toBeLessThan(3);
  expect(chosen.parameters).toBeLessThan(candidates[0].parameters);
  expect(models[0].auc).toBeGreaterThan(0.9);
});

describe('the choice in words', () => {
  const scores = {auc: 0.8, logloss: 0.4};
  /** A choice of `kept` of `total` interactions, of which gates confirm `confirmed`; null is without gates. */
  const words = (total: number, kept: number, confirmed: number | null, choice = scores, by = 'V2', copied = 0) => {
    const gates = Array.from({length: total}, (_, p) => ({
      fields: ['a', `b${p}`],
      gate: 0,
      order: 2,
      interaction: [0, p + 1],
      alpha: 1,
      stability: {kept: p < (confirmed ?? 0) ? 20 : 0, samples: 20},
      held: {gain: p / 1e4 + 0.001, standardError: 1e-5},
      kept: true,
    }));
    const of = (name: string, count: number) => ({
      name,
      form: count === 0 ? 'LR' : 'FFM',
      selection: gates.slice(0, count),
      parameters: 1000,
      choice,
      tables: null,
      mean: null,
    });
    const chosen = of(kept === 0 ? 'LR' : 'FFM', kept);
    const sets = [{point: 0, interactions: gates}];
    return selectedInWords({
      chosen,
      selection: chosen.selection,
      candidates: [chosen, of('FFM, all', total)],
      gates: confirmed === null ? [] : [{base: 'FFM', by, path: [{logloss: 0.4}], chosen: 0, sets}],
      models: [],
      copied: {share: copied, neighbors: 0},
      warnings: [],
    } as unknown as SelectResult);
  };
  const firstLine = (...of: Parameters<typeof words>) => words(...of).split('\n')[0];

  it('says what gates confirm where the model of all is chosen, and lists those first', () => {
    const all = words(1830, 1830, 2);
    expect(all.split('\n')[0]).toBe(
      'The model of all 1,830 interactions was chosen (FFM); gates confirm 2 of them by themselves.',
    );
    const rows = all.split('\n').filter(line => line.startsWith('a x '));
    expect(rows).toHaveLength(20);
    expect(rows.slice(0, 3).map(row => row.split(/ {2,}/)[0])).toEqual(['a x b1', 'a x b0', 'a x b1829']);
    expect(all).toContain('\nand 1,810 more, which --json has\nCertain: at least 60 % of the half-samples keep it, ');
    expect(words(20, 20, 20)).not.toContain('more, which');
    expect(all).toMatch(
      /^interaction \(gates on FFM\) +alpha +half-samples that keep it +logloss that it saves \(95 %\) +certain$/m,
    );
    expect(rows.map(row => row.split(/ {2,}/)[4])).toEqual(['yes', 'yes', ...Array.from({length: 18}, () => 'no')]);
  });

  it('calls nothing certain where test rows are copies', () => {
    const copied = words(3, 2, 2, scores, 'V2', 0.2);
    expect(copied.split('\n')[0]).toMatch(/; each by itself is uncertain\.$/);
    expect(copied.split('\n').filter(line => line.startsWith('a x ') && / no$/.test(line))).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof words>]>([
    ['All 3 interactions are kept: held-out rows prefer them to fewer (FFM).', [3, 3, 3]],
    ['The model of all 3 interactions was chosen (FFM); gates confirm none of them by itself.', [3, 3, 0]],
    ['The only interaction is kept: held-out rows prefer it to none (FFM).', [1, 1, 0]],
    ['FFM is chosen: 1 of 3 interactions is enough to do as well as the best model on held-out rows.', [3, 1, 1]],
    ['FFM is chosen: 2 of 3 interactions are enough to do as well as the best model on held-out rows.', [3, 2, 2]],
    [
      'FFM is chosen: 3 of 4 interactions are enough to do as well as the best model on held-out rows; 2 of them are ' +
        'certain.',
      [4, 3, 2],
    ],
    [
      'FFM is chosen: 2 of 3 interactions are enough to do as well as the best model on held-out rows; each by ' +
        'itself is uncertain.',
      [3, 2, 0],
    ],
    [
      'FFM is chosen: 1 of 3 interactions is enough to do as well as the best model on held-out rows; it is uncertain.',
      [3, 1, 0],
    ],
    [
      'FFM is chosen: 2 of 3 interactions add at least nine tenths of what all add to logistic regression on ' +
        'held-out rows; 1 of them is certain.',
      [3, 2, 1, scores, 'folds'],
    ],
    [
      'FFM is chosen: 1 of 3 interactions adds at least nine tenths of what all add to logistic regression on ' +
        'held-out rows.',
      [3, 1, 1, scores, 'folds'],
    ],
    ['Held-out rows confirm no interaction: no other model is clearly better than LR alone.', [3, 0, 0]],
    ['There are too few rows to tell interactions from chance: LR alone is trained.', [3, 0, null]],
  ])('%s', (expected, of) => expect(firstLine(...of)).toBe(expected));

  it('has no scores that say nothing, where a calibration has turned a model around', () => {
    const rowOf = (choice: typeof scores) => /^LR \(chosen\) .*$/m.exec(words(3, 0, null, choice))![0].split(/ {2,}/);
    expect(rowOf({auc: 0, logloss: 1e-9})).toEqual(['LR (chosen)', '0', '1,000', '-', '-']);
    expect(rowOf({auc: 1, logloss: 1e-9})).toEqual(['LR (chosen)', '0', '1,000', '1.0000', '0.0000']);
    expect(rowOf({auc: 0.2, logloss: 0.7})).toEqual(['LR (chosen)', '0', '1,000', '0.2000', '0.7000']);
    expect(words(3, 0, null)).toContain('calibrated logloss on V2');
    expect(words(3, 0, null)).toContain(
      "\nV2 is the half of the validation rows that makes the choice. The report explains the models' names.\n",
    );
  });
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
    expect(out).toMatch(/^Held-out rows confirm no interaction: no other model is clearly better than LR alone\.$/m);
    expect(out).toMatch(/^LR \(chosen\) +0\.\d{4} /m);
    expect(readFileSync(path.join(folder, 'report/report.md'), 'utf8')).toMatch(
      /^\*\*None of the 3 pairs of fields is shown to help predict a row with clicked = yes; on the test rows logistic regression alone /m,
    );
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    expect(bundle.selection).toBeNull();
    bundle.dispose();
    // Equal models make equal bundles.
    expect(readFileSync(path.join(folder, 'bundle/bundle.json'), 'utf8')).not.toContain('"seconds"');
  });

  it('predict, evaluate and report take it, and judge says that there is nothing to judge', async () => {
    const rows = path.join(base, 'new.csv');
    writeFileSync(rows, 'site,hour,device\nsite 1,2,d0\nsite 2,3,d1\n');
    const predicted = await cli('predict', rows, '--folder', folder, '--quiet');
    expect(predicted.stdout).toMatch(/^probability\n0\.\d+\n0\.\d+\n$/);
    expect((await cli('evaluate', table, '--folder', folder, '--quiet')).stdout).toMatch(/^2000 rows: AUC 0\.\d{4}, /);
    expect((await cli('evaluate', '--folder', folder, '--quiet')).stdout).toMatch(/^LR \(chosen\) /m);
    expect((await cli('report', '--folder', folder, '--quiet')).code).toBe(0);
    const judged = await cli('judge', '--folder', folder, '--quiet');
    expect([judged.code, judged.stderr]).toEqual([
      2,
      `error: the run in ${folder} keeps no interaction: there is nothing to judge.\n`,
    ]);
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
