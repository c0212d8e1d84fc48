import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {loadBundle} from 'tfjs-autofis/bundle';
import type {SelectResult} from '../../src/cli/steps/select';
import {cli} from '../helpers/cli';
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

it('select goes from a table to the pair that decides, and a bundle that predicts', async () => {
  const table = writeTable('clicks.csv', (site, hour) => (site + hour) % 3 === 0);
  const folder = path.join(base, 'run');
  const args = ['select', table, '--label', 'clicked', '--effort', 'quick', '--folder', folder];
  const {code, stdout, stderr} = await cli(...args, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^1 of 3 interactions do as well as the best model on held-out rows \(FM, 1 of 3(, with crosses)?\)\.$/m,
  );
  expect(stdout).toMatch(/^site x hour +\d+\.\d\d +20 of 20 +\+\d\.\d{4} ± \d\.\d{4}$/m);
  expect(stdout).toMatch(/^Test rows, read once: AUC [01]\.\d{4}, logloss \d\.\d{4}\.$/m);
  expect(stdout).toMatch(/^ {2}It is better than LR: 0\.\d{4}, difference \+0\.\d{4} ± 0\.\d{4} \(95 %\)\.$/m);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`model:  ${path.join(folder, 'bundle')}`);

  const bundle = await loadBundle(path.join(folder, 'bundle'));
  const rows = [
    {site: 'site 1', hour: 2, device: 'd0'},
    {site: 'site 1', hour: 3, device: 'd0'},
  ];
  const [fits, does_not] = await bundle.predict(rows);
  expect([fits > 0.8, does_not < 0.2]).toEqual([true, true]);
  bundle.dispose();

  // Of a run that was stopped after its steps: they are not made again.
  rmSync(path.join(folder, 'select/done.json'));
  const steps = readdirSync(path.join(folder, 'select/steps'));
  const again = await cli(...args, '--resume', '--json', '--quiet');
  expect([again.code, readdirSync(path.join(folder, 'select/steps'))]).toEqual([0, steps]);
  const {select} = JSON.parse(again.stdout) as {select: SelectResult};
  expect(select.selection.map(({fields}) => fields)).toEqual([['site', 'hour']]);
  expect(select.rivals.map(({name}) => name)).toEqual(['LR', 'FM, all 3']);
  expect(JSON.parse(readFileSync(path.join(folder, 'select/done.json'), 'utf8')).result).toEqual(select);
});

it('select says that no interaction helps where none does, with a model all the same', async () => {
  const table = writeTable('noise.csv', (_site, _hour, chance) => chance < 4);
  const folder = path.join(base, 'noise');
  const {code, stdout} = await cli(
    'select',
    table,
    '--label',
    'clicked',
    '--effort',
    'quick',
    '--folder',
    folder,
    '--quiet',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^No interaction is confirmed by held-out rows: LR alone does as well\.$/m);
  const bundle = await loadBundle(path.join(folder, 'bundle'));
  expect(bundle.selection).toBeNull();
  bundle.dispose();
});
