import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {fitSchema} from 'tfjs-autofis/data';
import {cli} from '../helpers/cli';
import {modelFor} from '../helpers/bundles';
import {sharedFolder} from '../helpers/folders';
import {generator, integers} from '../helpers/random';
import type {UpdateReport} from '../../src/update/update_words';

const base = sharedFolder();
let bundle: string;
beforeAll(async () => {
  bundle = path.join(base, 'bundle');
  const fields = ['site', 'hour'].map(name => ({type: 'categorical' as const, name, column: name}));
  const fitted = await fitSchema({
    source: table('monday.csv', 4),
    schema: {version: 1, label: {column: 'click'}, fields},
  });
  const model = modelFor(fitted);
  await saveBundle(bundle, {model, fitted});
  model.dispose();
});

/** 600 rows of `sites` sites; clicks where site and hour fit, in a fifth of the rows by chance. */
function table(name: string, sites: number): string {
  const next = generator(sites);
  const rows = Array.from({length: 600}, () => {
    const [site, hour, chance] = [sites, 4, 10].map(size => integers(next, 1, size)[0]);
    return `${chance < 2 ? chance : (site + hour) % 2},s${site},${hour}\n`;
  });
  writeFileSync(path.join(base, name), `click,site,hour\n${rows.join('')}`);
  return path.join(base, name);
}

it('updates a bundle from the command line, in words and as JSON', async () => {
  const out = path.join(base, 'tuesday');
  const flags = '--held-out 0.25 --epochs 25 --drop-unused 1'.split(' ');
  const args = ['update', bundle, table('tuesday.csv', 6), '--out', out, ...flags];
  const {code, stdout, stderr} = await cli(...args, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Trained on 450 newer rows; the newest 150 are held out.\nNew values: site 2.\n');
  expect(stdout).toContain('The new model is better than the old one.\nThe new bundle is written.\n');
  const again = await cli(...args, '--json', '--quiet');
  const report = JSON.parse(again.stdout) as UpdateReport;
  expect(report).toMatchObject({written: true, verdict: 'better', schedule: {epochs: 25}});
  expect(`${report.text}\n`).toBe(stdout);
  const updated = await loadBundle(out);
  expect(updated.fitted.fields[0].values).toHaveLength(6);
  updated.dispose();
});

it('ends with 1 where the new model is worse, and says how to write it', async () => {
  const worse = readFileSync(table('worse.csv', 6), 'utf8')
    .split('\n')
    .map((line, i) => (i > 0 && i <= 480 && line !== '' ? `${1 - Number(line[0])}${line.slice(1)}` : line))
    .join('\n');
  writeFileSync(path.join(base, 'worse.csv'), worse);
  const trained = path.join(base, 'tuesday');
  const {code, stdout, stderr} = await cli('update', trained, path.join(base, 'worse.csv'), '--epochs', '20');
  expect([code, stdout.split('\n').slice(-4)]).toEqual([
    1,
    [
      'The new model is worse than the old one.',
      expect.stringMatching(/^The new model's logloss, 0\.\d+, is not below that of the rate of labels 1 alone, /),
      'The old bundle stays.',
      '',
    ],
  ]);
  expect(stderr).toContain('not written: --force writes it all the same');
});

it('asks for what is missing', async () => {
  for (const args of [[], [bundle]]) {
    const {code, stderr} = await cli('update', ...args);
    expect([code, stderr]).toEqual([
      2,
      'error: the bundle or the table of newer rows is missing. Give both, such as `tfjs-autofis update ' +
        'autofis-run/bundle tuesday.csv`.\n',
    ]);
  }
  const {code, stderr} = await cli('update', bundle, table('some.csv', 4), '--time-column', 'when', '--quiet');
  expect([code, stderr]).toEqual([
    1,
    'error: the source has no column "when". It has "click", "site", "hour". Give another --time-column.\n',
  ]);
  expect((await cli('update', bundle, 'a.csv', 'b.csv')).code).toBe(2);
  expect(await cli('update', bundle, 'some.csv', '--refit')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: --refit needs --held-out: the share of the rows that are newer than/),
  });
});

it('speaks of flags and files', async () => {
  const source = table('few.csv', 4);
  const few = readFileSync(source, 'utf8').split('\n').slice(0, 11);
  writeFileSync(source, [...few.map((line, i) => (i > 8 ? `1${line.slice(1)}` : line)), ''].join('\n'));
  const mistakes = [
    [
      [bundle, source],
      'of the 2 rows that are held out, 2 have the label 1, and 0 the label 0. AUC needs one or more of each. ' +
        'Give more rows, or a greater --held-out.',
    ],
    [
      [bundle, source, '--time-column', 'click', '--held-out', '0.9'],
      'the times in click leave no row for training: the oldest is 0, and the rows to be held out would begin at 0. ' +
        'Give a smaller --held-out, or another --time-column.',
    ],
    [
      [bundle, table('many.csv', 4), '--refit', '--held-out', '0.5'],
      '--refit needs a bundle that `run` or `select` of this version wrote, which holds how its model was decided ' +
        '(metadata.decision). Run `run` again, or update without --refit.',
    ],
  ] as const;
  for (const [args, message] of mistakes) {
    expect(await cli('update', ...args, '--quiet')).toEqual({code: 1, stdout: '', stderr: `error: ${message}\n`});
  }
});
