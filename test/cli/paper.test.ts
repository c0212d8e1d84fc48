import {cpSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ModelRecord} from 'tfjs-autofis';
import {type PaperResult, paperPlanOf} from '../../src/cli/steps/paper';
import {readSealed, writeSealed} from '../../src/cli/steps/sealed_file';
import {cli} from '../helpers/cli';
import {sharedFolder} from '../helpers/folders';
import {writeRunData} from '../helpers/run_folder';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const TRAINING = ['--batch-size', '50', '--learning-rate', '0.01', '--search-epochs', '3', '--epochs', '4'];
const SELECT = ['select', '--method', 'paper', ...TRAINING];

const base = sharedFolder();
let run: string;
let words: string;
beforeAll(async () => {
  run = path.join(base, 'run');
  writeRunData(run);
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const {code, stdout} = await cli(...SELECT, '--folder', run, '--quiet');
  expect(code).toBe(0);
  words = stdout;
  warn.mockRestore();
});

const resultOf = (folder: string) =>
  (JSON.parse(readFileSync(path.join(folder, 'select/done.json'), 'utf8')) as {result: PaperResult}).result;

/** A copy of the encoded rows, and of the given further folders. */
function copy(name: string, ...stages: string[]): string {
  const folder = path.join(base, name);
  for (const stage of ['data', ...stages]) cpSync(path.join(run, stage), path.join(folder, stage), {recursive: true});
  return folder;
}

describe('select --method paper', () => {
  it('searches, retrains, and prints the open interactions and the scores of both stages', () => {
    const {selection, total, search, retrain, warnings} = resultOf(run);
    expect(selection[0].fields).toEqual(['field 0', 'field 1']);
    expect(total).toBe(6);
    for (const {auc} of [search, retrain]) expect(auc).toBeGreaterThan(0.5);
    expect(words).toMatch(new RegExp(`^The search keeps ${selection.length} of 6 interactions\\.\n`));
    expect(words).toMatch(/^field 0 x field 1 +-?\d\.\d{4}$/m);
    expect(words).toMatch(new RegExp(`^search, its end +${search.auc.toFixed(4)} +${search.logloss.toFixed(4)}$`, 'm'));
    expect(words).toMatch(new RegExp(`^retrain, epoch ${retrain.bestEpoch} +${retrain.auc.toFixed(4)} `, 'm'));
    // Four epochs are fewer than early stopping waits for.
    expect(warnings.at(-1)).toBe(
      'The retrained model was still improving in the last of 4 epochs. More --epochs may give a better one.',
    );
    for (const warning of warnings) expect(words).toContain(`\nWarning: ${warning}\n`);
  });

  it('scores the models of both stages on the test rows, which evaluate shows again', async () => {
    const {stdout} = await cli('evaluate', '--folder', run, '--json', '--quiet');
    const models = JSON.parse(stdout) as ModelRecord[];
    expect(models).toEqual(resultOf(run).models);
    const {length} = resultOf(run).selection;
    expect(models.map(({name, role}) => [name, role])).toEqual([
      [`AutoFM, ${length} of 6 interactions`, 'after'],
      ['AutoFM, end of the search', 'other'],
    ]);
    expect(models.map(({comparison}) => comparison === null)).toEqual([true, false]);
  });

  it('under --resume gives the result again, and refuses other settings', async () => {
    const {stdout} = await cli(...SELECT, '--folder', run, '--resume', '--json', '--quiet');
    expect(JSON.parse(stdout)).toEqual(resultOf(run));
    const other = await cli(...SELECT, '--folder', run, '--resume', '--epochs', '5', '--quiet');
    expect([other.code, other.stderr.replaceAll(run, 'FOLDER')]).toEqual([
      2,
      'error: FOLDER/select was made with epochs 4, now it is 5. Use the same settings, give another --folder, or ' +
        'remove it.\n',
    ]);
  });

  it('takes another model with its settings', async () => {
    const folder = copy('field-aware');
    const args = [...SELECT, '--model', 'autoFfm', '--folder', folder];
    expect((await cli(...args, '--quiet')).code).toBe(0);
    const {plan, models} = resultOf(folder);
    expect(plan).toMatchObject({model: 'autoFfm'});
    expect(models[1].name).toBe('AutoFFM, end of the search');
  });

  it('says that the search closed everything', async () => {
    const folder = copy('closed', 'select');
    rmSync(path.join(folder, 'select/done.json'));
    const file = path.join(folder, 'select/search/done.json');
    const done = (await readSealed(file, ['settings', 'command', 'result', 'files'])) as {result: object};
    await writeSealed(file, {...done, result: {...done.result, selection: []}});
    const {code, stderr} = await cli(...SELECT, '--folder', folder, '--resume', '--quiet');
    expect([code, stderr]).toEqual([
      2,
      'error: the search closed all 6 gates, so there is nothing to retrain. Give more or fewer --search-epochs, in ' +
        'another --folder.\n',
    ]);
  });

  it.each<[string, string[], string]>([
    ['a setting of components', ['--method', 'paper', '--effort', 'quick'], '--effort is for --method components'],
    ['a setting of the paper', ['--model', 'autoFm'], '--model is for --method paper'],
  ])('refuses %s', async (_, args, message) => {
    const {code, stderr} = await cli('select', ...args, '--folder', run);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`error: ${message}. Received: --method `)]);
  });

  it('has no report, which is of held-out rows', async () => {
    const {code, stderr} = await cli('report', run);
    expect([code, stderr.replaceAll(run, 'FOLDER')]).toEqual([
      2,
      'error: the run in FOLDER was selected by --method paper, whose gates have no evidence of held-out rows to ' +
        'report. `evaluate` scores its models, `export --format json` lists its interactions.\n',
    ]);
  });

  it('says when there are no encoded rows', async () => {
    const {code, stderr} = await cli(...SELECT, '--folder', path.join(base, 'nothing'), '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(base, 'BASE')).toBe(
      'error: BASE/nothing has no encoded rows (BASE/nothing/data). ' +
        'Run `tfjs-autofis encode` with --folder BASE/nothing first.\n',
    );
  });
});

describe('what a stage has left is checked before it is used', () => {
  it.each<[string, string, (file: string) => void, RegExp]>([
    [
      'model/model.json',
      'a layer that was renamed',
      file => writeFileSync(file, readFileSync(file, 'utf8').replace('"inbound_nodes"', '"inbound_node"')),
      /^error: FOLDER\/select\/search is damaged: model\/model\.json has \d+ bytes instead of \d+\. Remove it, and run its stage again with --resume\.\n$/,
    ],
    [
      'model/weights.bin',
      'a flipped bit',
      file => {
        const bytes = readFileSync(file);
        bytes[9] ^= 1;
        writeFileSync(file, bytes);
      },
      /^error: FOLDER\/select\/search is damaged: the checksum of model\/weights\.bin does not match\. /,
    ],
    [
      'done.json',
      'another selection',
      file => writeFileSync(file, readFileSync(file, 'utf8').replace('"rank":1,', '"rank":2,')),
      /^error: FOLDER\/select\/search\/done\.json is damaged: its content does not match its SHA-256\. /,
    ],
    [
      'done.json',
      'half of it',
      file => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 99)),
      /^error: FOLDER\/select\/search\/done\.json is damaged: .+ Remove its folder, and run its stage again with --resume\.\n$/,
    ],
  ])('%s: %s', async (name, what, damage, message) => {
    const folder = copy(`damaged ${what}`, 'select');
    rmSync(path.join(folder, 'select/done.json'));
    damage(path.join(folder, 'select/search', name));
    const {code, stderr} = await cli(...SELECT, '--folder', folder, '--resume', '--quiet');
    expect(code).toBe(1);
    expect(stderr.replaceAll(folder, 'FOLDER')).toMatch(message);
  });
});

it("has the paper's settings unless others are given", () => {
  expect(paperPlanOf({})).toEqual({
    model: 'autoFm',
    batchSize: 2000,
    learningRate: 1e-3,
    searchEpochs: 1,
    epochs: 60,
    seed: 1,
  });
  expect(paperPlanOf({epochs: 2}).epochs).toBe(2);
});
