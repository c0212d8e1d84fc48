import {existsSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import type {RunRecord} from 'tfjs-autofis';
import {loadBundle} from 'tfjs-autofis/bundle';
import {outputTo} from '../../src/cli/output';
import {runCli} from '../../src/cli/program';
import type {EncodeResult} from '../../src/cli/steps/encode';
import {RunFolder} from '../../src/cli/steps/run_folder';
import type {SelectResult} from '../../src/cli/steps/select';
import {findTrees, treesStep} from '../../src/cli/steps/trees';
import {apart} from '../export/models';
import {writeClicks} from '../helpers/clicks';
import {fileWriter, sharedFolder} from '../helpers/folders';
import {integers, generator} from '../helpers/random';
import {captureWarnings} from '../helpers/search';
import {cli} from '../helpers/cli';
import {providedPython} from '../python/environment';

captureWarnings();
const QUICK = ['--effort', 'quick', '--quiet'];
const ROWS = 4000;

const base = sharedFolder();
const written = fileWriter(base);
let table: string;
let folder: string;

const writeTable = (name: string, rows: number, seed: number, head = true) =>
  writeClicks(path.join(base, name), rows, seed, head);

beforeAll(() => {
  table = writeTable('clicks.csv', ROWS, 3);
  folder = path.join(base, 'run');
});

it('run goes from a table to a model and a report in few lines, with one bar on a terminal', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const terminal = openSync(path.join(base, 'terminal'), 'w+');
  const stream = {write: (text: string) => writeSync(terminal, text), isTTY: true, columns: 100, fd: terminal};
  const args = ['run', table, '--label', 'clicked', '--folder', folder, '--effort', 'quick'];
  expect(await runCli(args, '0.0.0', {stdout: stream, stderr: stream})).toBe(0);
  warn.mockRestore();
  const written = readFileSync(path.join(base, 'terminal'), 'utf8');
  // What stands there at the end: a return begins the line again.
  const lines = written
    .replace(/\x1b\[\d*[mK]/g, '')
    .trimEnd()
    .split('\n')
    .map(line => line.split('\r').at(-1)!);
  expect(lines.length).toBeLessThanOrEqual(25);
  expect(lines.filter(line => line.length > 100 && !line.includes(folder))).toEqual([]);
  expect(lines.slice(0, 3)).toEqual([
    expect.stringMatching(/^4,000 rows: \d,\d{3} train, \d{3} valid, \d{3} test$/),
    expect.stringMatching(/^\d\d\.\d % positive: clicked = 1$/),
    '3 columns: 2 categories, 1 number; 0 worth a look',
  ]);
  expect(lines[3]).toMatch(/^verdict: The model with 1 of 4 interactions is better than logistic regression: AUC /);
  const text = lines.join('\n');
  expect(text).toMatch(/^site x hour +\+\d\.\d{4} ± \d\.\d{4} +yes$/m);
  expect(text).toMatch(/^1 of 4 interactions \(chosen\) +[01]\.\d{4} +\d\.\d{4} /m);
  expect(text).toMatch(/^LR +0\.\d{4} +\d\.\d{4} +\d+ +better, \+0\.\d{4} ± 0\.\d{4}$/m);
  expect(lines.slice(-2)).toEqual([
    `model:   ${path.join(folder, 'bundle')}`,
    `report:  ${path.join(folder, 'report/report.html')}`,
  ]);
  expect(written).toMatch(/\r[█░]{20} +\d+ %, about \d+s left: writing the report\x1b\[K/);
  expect(readFileSync(path.join(folder, 'report/report.html'), 'utf8')).toContain(
    'Which interactions matter for clicked?',
  );
  for (const name of ['models', 'top', 'gains', 'calibration']) {
    for (const format of ['svg', 'png'])
      expect(existsSync(path.join(folder, 'report/pictures', `${name}.${format}`))).toBe(true);
  }
});

it('without a terminal there are only these lines', async () => {
  const args = ['run', table, '--label', 'clicked', '--folder', folder, '--effort', 'quick', '--resume'];
  expect((await cli(...args)).stderr.split('\n')).toHaveLength(4);
});

it('run --resume repeats nothing, and gives all of it as JSON', async () => {
  const inside = ['--folder', folder, ...QUICK, '--resume', '--json'];
  const {code, stdout} = await cli('run', table, '--label', 'clicked', ...inside);
  expect(code).toBe(0);
  const {encode, select} = JSON.parse(stdout) as {encode: EncodeResult; select: SelectResult};
  expect(encode.parts['train'].rows + encode.parts['valid'].rows + encode.parts['test'].rows).toBe(ROWS);
  expect(select.selection.map(({fields}) => fields)).toEqual([['site', 'hour']]);
  expect(select.models.map(({role}) => role)).toEqual(['after', 'linear', 'before']);
  expect(select.models[0].auc).toBeGreaterThan(0.9);
  expect(JSON.parse(readFileSync(path.join(folder, 'select/done.json'), 'utf8')).result).toEqual(select);
});

it('A report that is made again tells the table and the command of the run', async () => {
  const runJson = () => JSON.parse(readFileSync(path.join(folder, 'report/run.json'), 'utf8')) as RunRecord;
  const before = runJson();
  const {argv} = process;
  process.argv = [...argv.slice(0, 2), 'report', '--folder', folder];
  expect((await cli('report', '--folder', folder, '--quiet')).code).toBe(0);
  process.argv = argv;
  const again = runJson();
  // Both are measured when the record is made.
  const {rowsPerSecond} = before.inspection;
  const measured = {created: before.created, inspection: {...again.inspection, rowsPerSecond}};
  expect({...again, ...measured}).toEqual(before);
  expect(again.data.source).toBe(table);
});

it('The report says what held-out rows decided, and what was assumed of the table with its flags', () => {
  const {decision, interactions, data, warnings} = JSON.parse(
    readFileSync(path.join(folder, 'report/run.json'), 'utf8'),
  ) as RunRecord;
  expect(warnings).toEqual([expect.stringMatching(/^The AUC on the test rows is 1\.0000\. Do some fields hold/)]);
  expect(decision).toMatchObject({evidence: {by: 'held-out part', share: 0.2}});
  expect(interactions.map(({fields, kept}) => [fields.join(), kept])).toEqual([
    ['site,hour', true],
    ['site,device', false],
    ['hour,device', false],
    ['site,hour,device', false],
  ]);
  expect(interactions[0]).toMatchObject({evidence: {stability: {kept: 4, samples: 4}}});
  expect(data.assumptions).toContainEqual({
    column: 'device',
    reading: 'category',
    why: expect.stringMatching(/^it is text; "\?" counts as missing, in \d+ rows$/) as string,
    alternative: 'left out',
    flag: "--as 'device=drop'",
  });
  expect(readFileSync(path.join(folder, 'report/report.md'), 'utf8')).toMatch(
    /^\*\*The model with 1 of 4 interactions is better than logistic regression: AUC [01]\.\d{4} against 0\.\d{4}\.\*\*$/m,
  );
});

it('report run.json makes the report of that run in --out', async () => {
  const file = path.join(folder, 'report/run.json');
  const out = path.join(base, 'again');
  const {code, stdout} = await cli('report', file, '--out', out, '--quiet');
  expect([code, stdout]).toEqual([0, `${path.join(out, 'report.html')}\n`]);
  const page = (place: string) => readFileSync(path.join(place, 'report.md'), 'utf8');
  expect(page(out)).toBe(page(path.join(folder, 'report')));
  const wrong = async (name: string, content: string) => cli('report', written(name, content), '--out', out);
  expect((await wrong('no.json', '{')).stderr).toMatch(
    /^error: .*no\.json is not JSON: .* Give the run\.json of a report\.\n$/,
  );
  expect((await wrong('other.json', '{}')).stderr).toMatch(/other\.json: `run` must be the result of recordRun/);
  expect((await cli('report', '/nowhere/run.json')).stderr).toBe('error: /nowhere/run.json does not exist.\n');
});

describe('LightGBM beside the run', () => {
  const lightGbm = (python: string, effort: 'quick' | 'normal') => {
    const before = process.env['AUTOFIS_PYTHON'];
    process.env['AUTOFIS_PYTHON'] = python;
    const notes: string[] = [];
    const stderr = {write: (line: string) => notes.push(line)};
    const output = outputTo({stdout: {write: () => {}}, stderr}, {});
    return findTrees({effort})
      .then(libraries => treesStep({values: {effort}, output}, new RunFolder(folder, true), libraries))
      .finally(() => {
        if (before === undefined) delete process.env['AUTOFIS_PYTHON'];
        else process.env['AUTOFIS_PYTHON'] = before;
      })
      .then(trees => ({trees, notes}));
  };

  it('is left out with effort quick, and with a note where no Python has it', async () => {
    expect(await lightGbm('/nowhere/python', 'quick')).toEqual({trees: [], notes: []});
    expect(await lightGbm('/nowhere/python', 'normal')).toEqual({
      trees: [],
      notes: [
        'no LightGBM or CatBoost to compare with: pip install lightgbm catboost, or name a Python by\n' +
          '   AUTOFIS_PYTHON\n',
      ],
    });
    expect(existsSync(path.join(folder, 'trees/done.json'))).toBe(false);
  });

  const python = providedPython();
  (python === null ? it.skip : it)('stands in the report, compared with the chosen model', async () => {
    const {
      trees: [trees],
    } = await lightGbm(python!, 'normal');
    expect(trees).toMatchObject({name: expect.stringMatching(/^LightGBM \d/), role: 'trees', parameters: null});
    expect(trees.auc).toBeGreaterThan(0.8);
    expect(await lightGbm(python!, 'normal')).toEqual({trees: [trees], notes: []});
    expect((await cli('report', '--folder', folder, '--quiet')).code).toBe(0);
    const {models} = JSON.parse(readFileSync(path.join(folder, 'report/run.json'), 'utf8')) as RunRecord;
    expect(models[models.length - 1]).toEqual(trees);
    const chosen = models.find(({role}) => role === 'after')!;
    expect(trees.comparison!.auc.difference).toBeCloseTo(chosen.auc - trees.auc, 6);
  });
});

describe("with the run's model", () => {
  it('predict gives a probability a row, in their order, and as the bundle does', async () => {
    const rows = writeTable('new.csv', 30, 9);
    const {code, stdout} = await cli('predict', rows, '--folder', folder, '--quiet');
    expect(code).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toBe('probability');
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    const raw = readFileSync(rows, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => line.split(','));
    expect(lines.map(Number)).toEqual(
      Array.from(await bundle.predict(raw.map(([, site, hour, device]) => ({site, hour, device})))),
    );
    bundle.dispose();
    const out = path.join(base, 'out.csv');
    expect((await cli('predict', rows, '--folder', folder, '--out', out, '--quiet')).stdout).toBe(
      `30 rows, written to ${out}\n`,
    );
    expect(readFileSync(out, 'utf8')).toBe(stdout);
    expect(JSON.parse((await cli('predict', rows, '--folder', folder, '--json', '--quiet')).stdout)).toEqual(
      lines.map(Number),
    );
  });

  it('evaluate scores it on a table with labels', async () => {
    const {code, stdout} = await cli('evaluate', writeTable('later.csv', 200, 11), '--folder', folder, '--quiet');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^200 rows: AUC (0\.9|1\.)\d+, logloss 0\.\d{4}\n$/);
  });

  it('predict leaves no file where a row does not fit, and makes the folder of one', async () => {
    const bad = path.join(base, 'few.csv');
    const out = path.join(base, 'made/out.csv');
    writeFileSync(bad, 'site,hour\nsite 1,2\n');
    expect((await cli('predict', bad, '--folder', folder, '--out', out, '--quiet')).code).toBe(2);
    expect(readdirSync(path.join(base, 'made'))).toEqual([]);
    expect((await cli('predict', writeTable('new.csv', 30, 9), '--folder', folder, '--out', out, '--quiet')).code).toBe(
      0,
    );
    expect(readdirSync(path.join(base, 'made'))).toEqual(['out.csv']);
  });

  it.each([
    ['onnx', 'deep/model.onnx'],
    ['tfjs', 'web/model.json'],
    ['graph', 'graph/model.json'],
    ['csv', 'kept.csv'],
    ['npy', 'comb_mask.npy'],
  ])('export writes %s', async (format, made) => {
    const out = path.join(base, made.replace('/model.json', ''));
    const {code, stdout} = await cli('export', '--format', format, '--out', out, '--folder', folder, '--quiet');
    expect([code, stdout]).toEqual([0, `${out}\n`]);
    expect(existsSync(path.join(base, made))).toBe(true);
  });

  it.each(['onnx', 'tfjs', 'json', 'csv'])('export as %s replaces only its own, not data', async format => {
    const out = path.join(base, `own.${format}`);
    const write = (place: string) => cli('export', '--format', format, '--out', place, '--folder', folder, '--quiet');
    expect((await write(out)).code).toBe(0);
    expect((await write(out)).code).toBe(0);
    const data = written(`data.${format === 'onnx' ? 'csv' : format}`, 'clicked,site\n1,2\n');
    const {code, stderr} = await write(data);
    expect([code, stderr.replaceAll(base, 'BASE')]).toEqual([
      2,
      format === 'onnx'
        ? 'error: --out must end in .onnx, as the format is onnx. Received: BASE/data.csv.\n'
        : `error: --out: BASE/data.${format} exists and is not an export as ${format}. Give another --out, or remove it.\n`,
    ]);
    expect(readFileSync(data, 'utf8')).toBe('clicked,site\n1,2\n');
  });

  it.each([
    ['tfjs', () => path.join(folder, 'bundle')],
    ['tfjs', () => path.join(folder, 'select/model')],
    ['json', () => path.join(folder, 'bundle/selection.json')],
    ['tfjs', () => path.join(base, 'graph')],
  ])('export as %s does not replace a part of the run, or a model of another format', async (format, place) => {
    const out = place();
    const export_ = (...args: string[]) => cli('export', ...args, '--folder', folder, '--quiet');
    expect((await export_('--format', 'graph', '--out', path.join(base, 'graph'))).code).toBe(0);
    expect(await export_('--format', format, '--out', out)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: --out: ${out} exists and is not an export as ${format}. Give another --out, or remove it.\n`,
    });
    expect((await cli('predict', table, '--folder', folder, '--quiet')).code).toBe(0);
  });

  it.each(['text', 'integers'])('export --vocabulary %s writes an ONNX model of raw values', async how => {
    const out = path.join(base, 'raw.onnx');
    expect((await cli('export', '--vocabulary', how, '--out', out, '--folder', folder, '--quiet')).code).toBe(0);
    const bundle = await loadBundle(path.join(folder, 'bundle'));
    const rows = [
      {site: 'site 1', hour: '2', device: 'phone'},
      {site: 'site 4', hour: '7', device: ''},
    ];
    const session = await ort.InferenceSession.create(out, {logSeverityLevel: 3});
    expect(session.inputNames).toEqual(['site', 'hour', 'device']);
    const {probability} = await session.run(
      Object.fromEntries(
        bundle.fitted.schema.fields.map(({name, type}, f) => {
          const texts = rows.map(row => row[name as keyof (typeof rows)[0]]);
          if (
            how === 'integers' &&
            type === 'categorical' &&
            bundle.fitted.fields[f].values!.every(v => /^\d+$/.test(v))
          )
            return [name, new ort.Tensor('int64', BigInt64Array.from(texts, BigInt), [2])];
          const tensor = type === 'numeric' ? Float64Array.from(texts, Number) : texts;
          return [name, new ort.Tensor(type === 'numeric' ? 'float64' : 'string', tensor as string[], [2])];
        }),
      ),
    );
    expect(apart(probability.data as Float32Array, await bundle.predict(rows))).toBeLessThan(1e-6);
    bundle.dispose();
    await session.release();
  });
});

it('the bundle holds the decision, from which `update --refit` starts', async () => {
  const bundle = await loadBundle(path.join(folder, 'bundle'));
  const {result} = JSON.parse(readFileSync(path.join(folder, 'select/done.json'), 'utf8')) as {result: SelectResult};
  expect(bundle.metadata).toEqual({decision: result.decision, effort: 'quick', share: 0.015, forbid: []});
  expect(bundle.selection).toEqual(result.selection);
  bundle.dispose();
});

it('evaluate without a table gives the models of the run, which read the test rows once', async () => {
  const {stdout} = await cli('evaluate', '--folder', folder, '--json', '--quiet');
  const {models} = JSON.parse(readFileSync(path.join(folder, 'report/run.json'), 'utf8')) as RunRecord;
  expect(JSON.parse(stdout)).toEqual(models);
});

describe('encode --write-schema', () => {
  it('writes a schema that encode takes', async () => {
    const out = path.join(base, 'schema.json');
    const {code, stdout} = await cli('encode', table, '--label', 'clicked', '--write-schema', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`3 fields; written to ${out}\\n$`));
    const other = path.join(base, 'encoded');
    expect((await cli('encode', table, '--schema', out, '--folder', other, '--quiet')).stdout).toMatch(
      /^4,000 rows: .* train/m,
    );
    expect((await cli('encode', table, '--label', 'clicked', '--write-schema', out)).stderr).toBe(
      `error: ${out} exists already. Give another --write-schema, or remove it.\n`,
    );
  });
});

describe('a mistake ends with code 2 and says', () => {
  it.each<[string, () => string[], string]>([
    [
      'a missing table',
      () => ['run', '/nowhere/data.csv', '--label', 'clicked'],
      `there is no file "/nowhere/data.csv". Check the path; relative paths start at ${process.cwd()}.`,
    ],
    [
      'a missing schema',
      () => ['run', table, '--schema', '/nowhere/schema.json'],
      '--schema: /nowhere/schema.json does not exist.',
    ],
    [
      'no rows to predict',
      () => ['predict'],
      'the table is missing. Give its path, such as `tfjs-autofis predict new.csv`.',
    ],
    [
      'an empty table',
      () => ['run', written('empty.csv', ''), '--label', 'clicked'],
      'BASE/empty.csv is empty. Write it again.',
    ],
    [
      'a table of one line',
      () => ['run', written('head.csv', 'clicked,site,hour\n'), '--label', 'clicked'],
      'the table has no rows, only names of columns.',
    ],
    [
      'what is not a text',
      () => ['run', written('binary.csv', Buffer.from(integers(generator(1), 5000, 256))), '--label', 'clicked'],
      expect.stringMatching(
        /^BASE\/binary.csv cannot be read as text: .+ If it has another format, its name must end accordingly: .*\.zst\.$/,
      ) as string,
    ],
    [
      'a wrong ending',
      () => ['export', '--format', 'csv', '--out', 'kept.json'],
      '--out must end in .csv, as the format is csv. Received: kept.json.',
    ],
    [
      'a vocabulary where it cannot be',
      () => ['export', '--format', 'tfjs', '--vocabulary', 'text'],
      '--vocabulary needs --format onnx. Received: tfjs. A SavedModel of raw values is written by `python -m ' +
        'tfjs_autofis saved_model BASE/run/bundle OUT --vocabulary`.',
    ],
  ])('%s', async (_, args, message) => {
    const inside = args().includes('export') ? folder : path.join(base, 'mistake');
    const {code, stdout, stderr} = await cli(...args(), '--folder', inside, '--quiet');
    expect(stderr.replaceAll(base, 'BASE').replace(/^error: (.*)\n$/s, '$1')).toEqual(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(path.join(base, 'mistake'))).toBe(false);
  });
});

describe('rows that do not fit end with code 1 and say which', () => {
  it.each([
    ['Device ', 'Rename "Device " if it is "device".'],
    ['price', 'Give rows with all columns that the model was trained on.'],
  ])('a table that has %s in place of a column', async (other, cure) => {
    const bad = path.join(base, 'columns.csv');
    writeFileSync(bad, `site,hour,${other}\nsite 1,2,3\n`);
    const {code, stderr} = await cli('predict', bad, '--folder', folder, '--quiet');
    expect([code, stderr]).toEqual([
      2,
      `error: ${bad} has no column "device". It has "site", "hour", "${other}". ${cure}\n`,
    ]);
  });
});
