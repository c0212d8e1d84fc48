import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {loadBundle, saveBundle, type UpdateReport} from 'tfjs-autofis/bundle';
import {fitSchema} from 'tfjs-autofis/data';
import {cli} from '../helpers/cli';
import {modelFor} from '../helpers/bundles';
import {generator, integers} from '../helpers/random';

let base: string;
let bundle: string;
beforeAll(async () => {
  base = mkdtempSync(path.join(tmpdir(), 'autofis-cli-update-'));
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
afterAll(() => rmSync(base, {recursive: true}));

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
  const args = [
    'update',
    bundle,
    table('tuesday.csv', 6),
    '--out',
    out,
    '--held-out',
    '0.25',
    '--update-epochs',
    '3',
    '--drop-unused',
    '1',
  ];
  const {code, stdout, stderr} = await cli(...args, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Trained on 450 newer rows; the newest 150 are held out.\nNew values: site 2.\n');
  expect(stdout).toContain('The new model is better than the old one.\nThe new bundle is written.\n');
  const again = await cli(...args, '--json', '--quiet');
  const report = JSON.parse(again.stdout) as UpdateReport;
  expect(report).toMatchObject({written: true, words: 'better', schedule: {epochs: 3}});
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
  const {code, stdout, stderr} = await cli('update', trained, path.join(base, 'worse.csv'), '--update-epochs', '20');
  expect([code, stdout.split('\n').slice(-3)]).toEqual([
    1,
    ['The new model is worse than the old one.', 'The old bundle stays.', ''],
  ]);
  expect(stderr).toContain('not written: --force writes it all the same');
});

it('asks for what is missing', async () => {
  for (const args of [[], [bundle]]) {
    const {code, stderr} = await cli('update', ...args);
    expect([code, stderr]).toEqual([
      2,
      'error: The bundle or the table of newer rows is missing. Give both, such as `tfjs-autofis update ' +
        'autofis-run/bundle tuesday.csv`.\n',
    ]);
  }
  const {code, stderr} = await cli('update', bundle, table('some.csv', 4), '--time-column', 'when');
  expect([code, stderr]).toEqual([1, expect.stringContaining('the source has no column "when"')]);
  expect((await cli('update', bundle, 'a.csv', 'b.csv')).code).toBe(2);
});
