import {execFile} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ModelRecord} from 'tfjs-autofis';
import {openShards} from 'tfjs-autofis/data';
import type {RetrainResult} from '../../src/cli/steps/retrain';
import {RunFolder} from '../../src/cli/steps/run_folder';
import {searchedModel} from '../../src/cli/steps/saved_models';
import type {SearchResult} from '../../src/cli/steps/search';
import {readSealed, writeSealed} from '../../src/cli/steps/sealed_file';
import {everything, formOf} from '../../src/judge/contestants';
import {alphas, captureWarnings} from '../helpers/search';
import {cli} from '../helpers/cli';
import {compiled} from '../helpers/compiled';
import {writeRunData} from '../helpers/run_folder';

captureWarnings();
const SEARCH = ['--batch-size', '100', '--search-epochs', '7', '--learning-rate', '0.02'];
const RETRAIN = ['--batch-size', '100', '--epochs', '4', '--least-epochs', '1', '--learning-rate', '0.02'];

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
    expect(plan).toMatchObject({model: 'autoFm', batchSize: 100, seed: 1});
    expect(JSON.parse(readFileSync(path.join(run, 'search/selection.json'), 'utf8'))).toEqual(selection);
    expect(existsSync(path.join(run, 'search/model/model.json'))).toBe(true);
  });

  it("by the paper's recipe is followed by retrainings from a fresh alpha", async () => {
    const folder = copy('paper', ['data']);
    const args = [
      '--folder',
      folder,
      '--quiet',
      '--batch-size',
      '50',
      '--learning-rate',
      '0.01',
      '--recipe',
      'paper',
      '--search-epochs',
      '3',
    ];
    expect((await cli('search', ...args)).code).toBe(0);
    const {plan, selection, constants} = result<SearchResult>(folder, 'search');
    expect(constants).toMatchObject({c: 5e-3, mu: 0.6, warmupSteps: 0});
    expect((await cli('retrain', '--folder', folder, '--quiet', ...RETRAIN)).code).toBe(0);
    const {chosen, all} = result<RetrainResult>(folder, 'retrain');
    expect([chosen.form, all.form]).toEqual(['gated', 'gated']);
    const {fields} = await openShards(path.join(folder, 'data'));
    const model = await searchedModel(new RunFolder(folder, false), plan, fields);
    const slim = formOf(model, selection, 'gated', 1);
    for (const alpha of alphas(slim)[0]) expect(Math.abs(alpha - 0.6)).toBeLessThan(0.0011);
    [model, slim].forEach(each => each.dispose());
  });

  it('under --resume gives the result again, as JSON or in words', async () => {
    const {code, stdout, stderr} = await cli('search', '--folder', run, ...SEARCH, '--resume', '--json', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(result(run, 'search'));
    const words = (await cli('search', '--folder', run, ...SEARCH, '--resume')).stdout;
    expect(words).toMatch(
      /^\d of 6 interactions are open; validation AUC \d\.\d{4}, logloss 0\.\d{4} at the end of the search\.\n/,
    );
    expect(words).toMatch(/ 1  field 0 x field 1 +\d\.\d{4}\n/);
  });

  it('goes on after kill -9, to the same selection', async () => {
    const killed = copy('killed', ['data']);
    const main = await compiled('src/cli/main.ts');
    await new Promise<void>(done => {
      const child = execFile(
        process.execPath,
        [main, 'search', '--folder', killed, ...SEARCH, '--checkpoint-steps', '5'],
        () => done(),
      );
      child.stderr!.on('data', (text: string) => {
        if (/epoch 3 of/.test(text)) child.kill('SIGKILL');
      });
    });
    expect(readdirSync(path.join(killed, 'search')).sort()).toEqual(['begun.json', 'checkpoints']);
    expect((await cli('search', '--folder', killed, ...SEARCH)).stderr).toContain(
      `error: ${path.join(killed, 'search')} holds unfinished work. ` +
        'Give --resume to continue it, give another --folder, or remove it.\n',
    );
    const {code, stderr} = await cli('search', '--folder', killed, ...SEARCH, '--resume');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^search: continues at step \d+, epoch [34] of 7$/m);
    const {record, ...others} = result<SearchResult>(killed, 'search');
    const {record: whole, ...same} = result<SearchResult>(run, 'search');
    expect(others).toEqual(same);
    expect({...record, seconds: 0}).toEqual({...whole, seconds: 0});
  });

  it.each<[string, string[], number, string]>([
    [
      'it was done',
      SEARCH,
      2,
      'FOLDER/search holds finished work. Give --resume to continue it, give another --folder, or remove it.',
    ],
    [
      'other settings under --resume',
      [...SEARCH, '--resume', '--learning-rate', '0.5'],
      2,
      'FOLDER/search was made with learningRate 0.02, now it is 0.5. Use the same settings, give another --folder, ' +
        'or remove it.',
    ],
    [
      'an unknown model',
      ['--model', 'fm'],
      2,
      '--model must be one of autoFm, autoFfm, autoDeepFm, autoIpnn. Received: fm.',
    ],
  ])('says what is wrong: %s', async (_, args, code, message) => {
    const {code: own, stderr, stdout} = await cli('search', '--folder', run, ...args, '--quiet');
    expect(stderr.replaceAll(run, 'FOLDER')).toBe(`error: ${message}\n`);
    expect([own, stdout]).toEqual([code, '']);
  });

  it('says when there are no encoded rows', async () => {
    const {code, stderr} = await cli('search', '--folder', path.join(base, 'nothing'), '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(base, 'BASE')).toBe(
      'error: BASE/nothing has no encoded rows (BASE/nothing/data). ' +
        'Run `tfjs-autofis encode` with --folder BASE/nothing first.\n',
    );
  });
});

describe('--model autoFfm', () => {
  const flags = ['--model', 'autoFfm', '--embedding-dim', '4', '--quiet'];

  it("is searched by the paper's recipe, retrained and evaluated", async () => {
    const folder = copy('field-aware', ['data']);
    const inside = ['--folder', folder, '--quiet'];
    expect((await cli('search', '--folder', folder, ...flags, '--recipe', 'paper', ...SEARCH)).code).toBe(0);
    const {plan, selection} = result<SearchResult>(folder, 'search');
    expect(plan).toMatchObject({model: 'autoFfm', embeddingDim: 4, recipe: 'paper', l2: 0});
    expect(selection[0].fields).toEqual(['field 0', 'field 1']);
    expect((await cli('retrain', ...inside, ...RETRAIN)).code).toBe(0);
    const {code, stdout} = await cli('evaluate', ...inside, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as ModelRecord[]).map(({name}) => name)).toEqual([
      'AutoFFM, all interactions, gated',
      'AutoFFM, selection, gated',
      'AutoFFM, end of the search',
    ]);
  });

  it('is judged, and a model of one pair has no vectors of the others', async () => {
    const folder = copy('field-aware-judged', ['data']);
    expect((await cli('search', '--folder', folder, ...flags, ...SEARCH)).code).toBe(0);
    const {plan, selection, total} = result<SearchResult>(folder, 'search');
    expect(selection.length).toBeLessThan(total);
    const {fields} = await openShards(path.join(folder, 'data'));
    const model = await searchedModel(new RunFolder(folder, false), plan, fields);
    const slim = formOf(model, selection.slice(0, 1), 'gated', 1);
    expect(slim.countParams()).toBeLessThan(model.countParams() / 2);
    [model, slim].forEach(each => each.dispose());
    const few = ['--seeds', '1', '--random-sets', '1', '--epochs', '1', '--batch-size', '100'];
    const {code, stdout, stderr} = await cli('judge', '--folder', folder, '--quiet', ...few);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`The selection of ${selection.length} of ${total} interactions, test AUC `);
  });
});

describe('retrain', () => {
  it.each([
    ['gated', []],
    ['plain', ['--form', 'plain']],
  ])('trains the kept interactions and all of them, %s', async (form, flags) => {
    const folder = copy(`retrained-${form}`, ['data', 'search']);
    const args = ['retrain', '--folder', folder, ...RETRAIN, ...flags];
    const {code, stdout} = await cli(...args, '--json', '--quiet');
    expect(code).toBe(0);
    const {chosen, all, selection, warnings} = JSON.parse(stdout) as RetrainResult;
    expect([chosen, all].map(model => [model.stage, model.form, model.kept])).toEqual([
      ['retrain/selection', form, selection.length],
      ['retrain/all', form, 6],
    ]);
    const words = (await cli(...args, '--resume')).stdout;
    expect(words).toMatch(/^model +form +interactions +best epoch +validation AUC +logloss\n/);
    expect(words).toMatch(new RegExp(`^selection +${form} +${selection.length} `, 'm'));
    // Early stopping waits for three epochs.
    const cut = [chosen, all].filter(({bestEpoch, record}) => record.epochs.length - bestEpoch < 3).length;
    expect(warnings).toEqual(
      cut === 0
        ? []
        : [expect.stringMatching(`^${cut} of 2 retrained models.* were still improving in the last of 4 epochs`)],
    );
    for (const warning of warnings) expect(words).toContain(`\nWarning: ${warning}`);
    expect((await cli(...args, '--resume', '--epochs', '5', '--quiet')).stderr.replaceAll(folder, 'FOLDER')).toBe(
      'error: FOLDER/retrain was made with epochs 4, now it is 5. Use the same settings, give another --folder, ' +
        'or remove it.\n',
    );
  });

  it('comes to the same result after Ctrl-C and kill -9', async () => {
    const args = ['retrain', ...RETRAIN, '--epochs', '6', '--patience', '6', '--checkpoint-steps', '5'];
    const whole = copy('whole', ['data', 'search']);
    const stopped = copy('stopped', ['data', 'search']);
    expect((await cli(...args, '--folder', whole, '--quiet')).code).toBe(0);
    const main = await compiled('src/cli/main.ts');
    const stop = (at: RegExp, signal: NodeJS.Signals) =>
      new Promise<number | null>(done => {
        const child = execFile(process.execPath, [main, ...args, '--folder', stopped, '--resume']);
        child.stderr!.on('data', (text: string) => {
          if (at.test(text)) child.kill(signal);
        });
        child.on('close', done);
      });
    expect(await stop(/retrain selection: epoch 2 of/, 'SIGINT')).toBe(130);
    expect(await stop(/retrain selection: epoch 4 of/, 'SIGKILL')).toBeNull();
    expect(readdirSync(path.join(stopped, 'retrain/selection')).sort()).toEqual(['begun.json', 'checkpoints']);
    const {code, stderr} = await cli(...args, '--folder', stopped, '--resume');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^retrain selection: continues at step \d+, epoch [45] of 6$/m);
    const without = (folder: string) =>
      JSON.stringify(result<RetrainResult>(folder, 'retrain'), (key, value: unknown) =>
        key === 'seconds' ? 0 : value,
      );
    expect(without(stopped)).toBe(without(whole));
    const weights = (folder: string) => readFileSync(path.join(folder, 'retrain/selection/model/weights.bin'));
    expect(weights(stopped).equals(weights(whole))).toBe(true);
  });

  it('says that a search has closed everything', async () => {
    const folder = copy('closed', ['data', 'search']);
    const file = path.join(folder, 'search/done.json');
    const {sha256: _, ...done} = JSON.parse(readFileSync(file, 'utf8')) as {result: SearchResult; sha256: string};
    writeFileSync(file, JSON.stringify({...done, result: {...done.result, selection: []}}));
    const {code, stderr} = await cli('retrain', '--folder', folder, ...RETRAIN, '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(folder, 'FOLDER')).toMatch(
      /^error: the search in FOLDER closed every gate, so there is nothing to retrain\. /,
    );
  });

  it('says that the search comes first', async () => {
    const folder = copy('early', ['data']);
    const {code, stderr} = await cli('retrain', '--folder', folder, '--quiet');
    expect(code).toBe(2);
    expect(stderr.replaceAll(folder, 'FOLDER')).toBe(
      'error: FOLDER has no finished search. Run `tfjs-autofis search` with --folder FOLDER first.\n',
    );
  });
});

describe('what a stage has left is checked before it is used', () => {
  const retrain = async (folder: string) => {
    const {code, stderr} = await cli('retrain', '--folder', folder, ...RETRAIN, '--quiet');
    return [code, stderr.replaceAll(folder, 'FOLDER')];
  };
  /** Renames a layer where another reads it. */
  const breakGraph = (folder: string) => {
    const file = path.join(folder, 'search/model/model.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/"inbound_nodes":\[\[\["\w+"/, '"inbound_nodes":[[["nobody"'),
    );
  };

  it.each<[string, string, (file: string) => void, RegExp]>([
    [
      'model/model.json',
      'a layer that was renamed',
      file => breakGraph(path.dirname(path.dirname(path.dirname(file)))),
      /^error: FOLDER\/search is damaged: model\/model\.json has \d+ bytes instead of \d+\. Remove it, and run its stage again with --resume\.\n$/,
    ],
    [
      'model/weights.bin',
      'a flipped bit',
      file => {
        const bytes = readFileSync(file);
        bytes[9] ^= 1;
        writeFileSync(file, bytes);
      },
      /^error: FOLDER\/search is damaged: the checksum of model\/weights\.bin does not match\. /,
    ],
    [
      'done.json',
      'another selection',
      file => writeFileSync(file, readFileSync(file, 'utf8').replace('"rank":1,', '"rank":2,')),
      /^error: FOLDER\/search\/done\.json is damaged: its content does not match its SHA-256\. /,
    ],
    [
      'done.json',
      'a checksum of another name',
      file =>
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replace('"sha256":"', '"sha257":"').replace('"rank":1,', '"rank":2,'),
        ),
      /^error: FOLDER\/search\/done\.json/,
    ],
    [
      'done.json',
      'half of it',
      file => writeFileSync(file, readFileSync(file, 'utf8').slice(0, 99)),
      /^error: FOLDER\/search\/done\.json is damaged: .+ Remove its folder, and run its stage again with --resume\.\n$/,
    ],
  ])('%s: %s', async (name, what, damage, message) => {
    const folder = copy(`damaged ${what}`, ['data', 'search']);
    damage(path.join(folder, 'search', name));
    const [code, stderr] = await retrain(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('a graph that does not resolve is an error where no checksum was kept, too', async () => {
    const folder = copy('older', ['data', 'search']);
    const file = path.join(folder, 'search/done.json');
    const {settings, command, result: searched} = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({settings, command, result: searched}));
    breakGraph(folder);
    const [code, stderr] = await retrain(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: load: FOLDER\/search\/model\/model\.json: the model's graph is invalid: the layer "\w+" reads "nobody", /,
    );
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
      ['AutoFM, all interactions, gated', 'before'],
      ['AutoFM, selection, gated', 'after'],
      ['AutoFM, end of the search', 'other'],
    ]);
    for (const {auc, role, comparison} of models) {
      expect(auc).toBeGreaterThan(0.5);
      expect(comparison === null).toBe(role === 'after');
    }
    expect((await cli('evaluate', '--folder', folder, '--resume')).stdout).toMatch(
      /^AutoFM, selection, gated \(chosen\) +[01]\.\d{4} .* \d of 6 /m,
    );
  });

  it('judges by retrainings, each of which is kept', async () => {
    const few = ['--batch-size', '100', '--epochs', '1', '--seeds', '4', '--random-sets', '1'];
    const args = ['judge', '--folder', folder, ...few];
    const {code, stdout, stderr} = await cli(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The selection of \d of 6 interactions, test AUC /);
    expect(stderr.match(/^judge: training /gm)).toHaveLength(8);
    rmSync(path.join(folder, 'judge/done.json'));
    rmSync(path.join(folder, 'judge/trainings/random-4-0-plain.json'));
    const again = await cli(...args, '--resume');
    expect(readdirSync(path.join(folder, 'judge/trainings'))).toHaveLength(10);
    expect(again.stdout).toBe(stdout);
  });

  it('says that scores are of an earlier retraining, and does not take them for those of the new one', async () => {
    const inside = ['--folder', folder, '--quiet'];
    expect((await cli('evaluate', ...inside, '--resume')).code).toBe(0);
    rmSync(path.join(folder, 'retrain'), {recursive: true});
    expect((await cli('retrain', ...RETRAIN, '--form', 'plain', ...inside)).code).toBe(0);
    const earlier = {
      code: 2,
      stdout: '',
      stderr:
        `error: ${path.join(folder, 'evaluate')} was made from an earlier result of \`retrain\`. Remove it and make ` +
        'it again, or give another --folder.\n',
    };
    expect(await cli('evaluate', ...inside, '--resume')).toEqual(earlier);
    expect(await cli('report', ...inside)).toEqual(earlier);
    rmSync(path.join(folder, 'evaluate'), {recursive: true});
    const {stdout} = await cli('evaluate', ...inside);
    expect(stdout).toMatch(/^AutoFM, selection, plain \(chosen\) /m);
  });

  it('refuses to judge with one seed twice', async () => {
    expect(await cli('judge', '--folder', folder, '--seeds', '4,5,4', '--quiet')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --seeds must differ. Received: 4,5,4.\n',
    });
  });

  it('refuses to judge a selection of everything, whose opponents are itself', async () => {
    const kept = copy('kept all', ['data', 'search']);
    const file = path.join(kept, 'search/done.json');
    const done = (await readSealed(file, ['settings', 'command', 'result', 'files'])) as {result: SearchResult};
    const model = await searchedModel(
      new RunFolder(kept, false),
      done.result.plan,
      (await openShards(path.join(kept, 'data'))).fields,
    );
    await writeSealed(file, {...done, result: {...done.result, selection: everything(model)}});
    model.dispose();
    const {code, stderr} = await cli('judge', '--folder', kept, '--quiet');
    expect([code, stderr]).toEqual([
      2,
      `error: the run in ${kept} keeps all 6 interactions: no other set has that size, so there is ` +
        'nothing to judge.\n',
    ]);
  });
});
