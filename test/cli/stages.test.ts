import {execFile} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ModelRecord} from 'tfjs-autofis';
import type {RetrainResult} from '../../src/cli/stages/retrain';
import type {SearchResult} from '../../src/cli/stages/search';
import {captureWarnings} from '../helpers/search';
import {cli} from '../helpers/cli';
import {writeRunData} from '../helpers/run_folder';

captureWarnings();
const SEARCH = ['--batch-size', '50', '--search-epochs', '12', '--learning-rate', '0.01'];
const RETRAIN = ['--batch-size', '50', '--epochs', '4', '--least-epochs', '1', '--learning-rate', '0.01'];

let base: string;
let run: string;
beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), 'autofis-stages-'));
  run = path.join(base, 'run');
  writeRunData(run);
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  expect((await cli('search', '--folder', run, ...SEARCH, '--quiet')).code).toBe(0);
  warn.mockRestore();
});
afterAll(() => rmSync(base, {recursive: true}));

const result = <T>(folder: string, stage: string) =>
  (JSON.parse(readFileSync(path.join(folder, stage, 'done.json'), 'utf8')) as {result: T}).result;

/** A copy of the run with only some of its stages. */
function copy(name: string, stages: string[]): string {
  const folder = path.join(base, name);
  for (const stage of stages) cpSync(path.join(run, stage), path.join(folder, stage), {recursive: true});
  return folder;
}

describe('search', () => {
  it('finds the pair that decides, and writes selection and model', () => {
    const {selection, total, plan} = result<SearchResult>(run, 'search');
    expect(selection[0].fields).toEqual(['field 0', 'field 1']);
    expect(selection.length).toBeLessThan(total);
    expect(plan).toMatchObject({model: 'autoFm', batchSize: 50, seed: 1, strength: 1});
    expect(JSON.parse(readFileSync(path.join(run, 'search/selection.json'), 'utf8'))).toEqual(selection);
    expect(existsSync(path.join(run, 'search/model/model.json'))).toBe(true);
  });

  it('under --resume gives the result again, as JSON or in words', async () => {
    const {code, stdout, stderr} = await cli('search', '--folder', run, ...SEARCH, '--resume', '--json', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(result(run, 'search'));
    const words = (await cli('search', '--folder', run, ...SEARCH, '--resume')).stdout;
    expect(words).toMatch(/^\d of 6 interactions are open; validation AUC \d\.\d{4}, logloss 0\.\d{4} at the end of the search\.\nWarning: /);
    expect(words).toMatch(/ 1  field 0 x field 1 +\d\.\d{4}\n/);
  });

  it('goes on after kill -9, to the same selection', async () => {
    const killed = copy('killed', ['data']);
    const main = path.resolve(__dirname, '../../src/cli/main.ts');
    await new Promise<void>(done => {
      const child = execFile(process.execPath, ['--import', require.resolve('tsx'), main, 'search', '--folder', killed, ...SEARCH,
        '--checkpoint-steps', '5'], () => done());
      child.stderr!.on('data', (text: string) => { if (/epoch 6 of/.test(text)) child.kill('SIGKILL'); });
    });
    expect(readdirSync(path.join(killed, 'search'))).toEqual(['checkpoints']);
    expect((await cli('search', '--folder', killed, ...SEARCH)).stderr).toContain(
        `error: ${path.join(killed, 'search')} holds work that was stopped. Give --resume to go on with it, another --folder, or remove it.\n`);
    const {code, stderr} = await cli('search', '--folder', killed, ...SEARCH, '--resume');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^search: goes on at step \d+, epoch [67] of 12$/m);
    const {record, ...others} = result<SearchResult>(killed, 'search');
    const {record: whole, ...same} = result<SearchResult>(run, 'search');
    expect(others).toEqual(same);
    expect({...record, seconds: 0}).toEqual({...whole, seconds: 0});
  });

  it.each<[string, string[], number, string]>([
    ['it was done', SEARCH, 2, 'FOLDER/search holds finished work. Give --resume to go on with it, another --folder, or remove it.'],
    ['other settings under --resume', [...SEARCH, '--resume', '--strength', '2'], 2,
      'FOLDER/search was made with strength 1, now it is 2. Give the same settings, another --folder, or remove it.'],
    ['a model that there is not', ['--model', 'fm'], 2, '--model must be one of autoFm, autoDeepFm, autoIpnn. Received: fm.'],
  ])('says what is wrong: %s', async (_, args, code, message) => {
    const {code: own, stderr, stdout} = await cli('search', '--folder', run, ...args, '--quiet');
    expect(stderr.replaceAll(run, 'FOLDER')).toBe(`error: ${message}\n`);
    expect([own, stdout]).toEqual([code, '']);
  });

  it('says when there are no encoded rows', async () => {
    const {code, stderr} = await cli('search', '--folder', path.join(base, 'nothing'), '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(base, 'BASE')).toBe(
        'error: BASE/nothing has no encoded rows (BASE/nothing/data). Run `tfjs-autofis encode` with --folder BASE/nothing first.\n');
  });
});

describe('retrain', () => {
  it('takes the better form, and trains all interactions in it', async () => {
    const folder = copy('retrained', ['data', 'search']);
    const {code, stdout} = await cli('retrain', '--folder', folder, ...RETRAIN, '--json', '--quiet');
    expect(code).toBe(0);
    const {models, chosen, all, selection} = JSON.parse(stdout) as RetrainResult;
    expect(models.map(({stage}) => stage)).toEqual(['retrain/gated', 'retrain/plain', `retrain/all-${chosen.form}`]);
    expect(chosen.validation.auc).toBe(Math.max(...models.slice(0, 2).map(({validation}) => validation.auc)));
    expect([chosen.kept, all.kept]).toEqual([selection.length, 6]);
    const words = (await cli('retrain', '--folder', folder, ...RETRAIN, '--resume')).stdout;
    expect(words).toMatch(/^model +form +interactions +best epoch +validation AUC +logloss\n/);
    expect(words).toMatch(/^selection \(taken\) +\w+ +\d/m);
    expect((await cli('retrain', '--folder', folder, ...RETRAIN, '--resume', '--epochs', '5', '--quiet')).stderr.replaceAll(folder, 'FOLDER')).toBe(
        'error: FOLDER/retrain was made with epochs 4, now it is 5. Give the same settings, another --folder, or remove it.\n');
  });

  it('says that the search comes first', async () => {
    const folder = copy('early', ['data']);
    const {code, stderr} = await cli('retrain', '--folder', folder, '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(folder, 'FOLDER')).toBe(
        'error: FOLDER has no finished search. Run `tfjs-autofis search` with --folder FOLDER first.\n');
  });
});

describe('evaluate and judge', () => {
  let folder: string;
  beforeAll(async () => {
    folder = copy('judged', ['data', 'search']);
    expect((await cli('retrain', '--folder', folder, ...RETRAIN, '--form', 'gated', '--quiet')).code).toBe(0);
  });

  it('scores the chosen model, all interactions and the searched model on the test rows', async () => {
    const {code, stdout} = await cli('evaluate', '--folder', folder, '--json', '--quiet');
    expect(code).toBe(0);
    const models = JSON.parse(stdout) as ModelRecord[];
    expect(models.map(({name, role}) => [name, role])).toEqual([
      ['AutoFM, all interactions, gated', 'before'], ['AutoFM, selection, gated', 'after'], ['AutoFM, end of the search', 'other']]);
    for (const {auc, latency} of models) {
      expect(auc).toBeGreaterThan(0.5);
      expect(latency!.p50).toBeGreaterThan(0);
    }
    expect((await cli('evaluate', '--folder', folder, '--resume')).stdout).toMatch(/^AutoFM, selection, gated \(taken\) +[01]\.\d{4} .* \d of 6 /m);
  });

  it('judges by retrainings, each of which is kept', async () => {
    const args = ['judge', '--folder', folder, ...RETRAIN.slice(0, 6), '--seeds', '4', '--random-sets', '1'];
    const {code, stdout, stderr} = await cli(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The selection of \d of 6 interactions, test AUC /);
    expect(stderr.match(/^judge: training /gm)).toHaveLength(8);
    rmSync(path.join(folder, 'judge/done.json'));
    rmSync(path.join(folder, 'judge/trainings/random-4-0-plain.json'));
    const again = await cli(...args, '--resume');
    expect(readdirSync(path.join(folder, 'judge/trainings'))).toHaveLength(9);
    expect(again.stdout).toBe(stdout);
  });
});
