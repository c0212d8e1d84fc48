import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {EncodeResult} from '../../src/cli/steps/encode';
import {cli} from '../helpers/cli';
import {sharedFolder} from '../helpers/folders';
import {generator} from '../helpers/random';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const base = sharedFolder();

/** Rows of noise, by users: those of one are the same but for the label, which is drawn by the rate of the user. */
function users(count: number, rows: number): string {
  const next = generator(5);
  const value = (size: number) => Math.floor((size + 1) ** next()) - 1;
  const lines = Array.from({length: count}, (_, user) => {
    const fields = [4, 8, 15, 30, 60].map(size => `v${value(size)}`).join();
    const rate = next();
    return Array.from({length: rows}, () => `u${user},${next() < rate ? 1 : 0},${fields}`);
  }).flat();
  const file = path.join(base, 'users.csv');
  const order = lines.map((line, i) => ({line, at: (i * 7919) % lines.length})).sort((a, b) => a.at - b.at);
  writeFileSync(file, `user,clicked,a,b,c,d,e\n${order.map(({line}) => line).join('\n')}\n`);
  return file;
}

const WARNING = /^Warning: (\d+\.\d) % of the test rows equal a training row in every field, [^]*?\(--unique\)\.$/m;

describe('rows of the same users in training and test', () => {
  let table: string;
  beforeAll(() => {
    table = users(300, 5);
  });
  const run = async (name: string, ...flags: string[]) => {
    const folder = path.join(base, name);
    const as = ['--as', 'user=drop', '--effort', 'quick', '--quiet'];
    const {code, stdout} = await cli('run', table, '--label', 'clicked', '--folder', folder, ...as, ...flags);
    expect(code).toBe(0);
    return {
      lines: stdout.trimEnd().split('\n'),
      report: readFileSync(path.join(folder, 'report/report.md'), 'utf8'),
    };
  };

  it('begin the output and the report; nothing is called certain', async () => {
    const {lines, report} = await run('drawn');
    expect(lines[0]).toMatch(/^verdict: \d+\.\d.% of the test rows are copies of training rows/);
    const [, share] = WARNING.exec(lines.join('\n'))!;
    expect(Number(share)).toBeGreaterThan(95);
    expect(report).toMatch(
      /^\*\*\d+\.\d.% of the test rows are copies of training rows, so nothing here is certain\.\*\*$/m,
    );
    expect(lines.filter(line => / yes$/.test(line))).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/of them (is|are) certain/);
  });
});

describe('--group and --unique', () => {
  const encode = async (name: string, ...flags: string[]) => {
    const file = users(200, 5);
    const folder = path.join(base, name);
    const {code, stdout, stderr} = await cli('encode', file, '--label', 'clicked', '--folder', folder, ...flags);
    return {code, stderr, result: flags.includes('--json') ? (JSON.parse(stdout) as EncodeResult) : null, stdout, file};
  };

  it('split by a column that is not a field, and say which rows are left out', async () => {
    const {stdout, code} = await encode('both', '--group', 'user', '--unique');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^user +groups: about 10 % of them are validation and 10 % test, by seed 1 +it was named/m);
    expect(stdout).toMatch(/^left out: \d+ rows that equal an earlier one$/m);
    expect(stdout).not.toMatch(/^user +category/m);
  });

  it('are in the file that init writes, which encode obeys', async () => {
    const {result, file} = await encode('given', '--group', 'user', '--unique', '--json', '--quiet');
    const out = path.join(base, 'schema.json');
    const flags = ['--label', 'clicked', '--group', 'user', '--unique', '--write-schema', out, '--quiet'];
    expect((await cli('encode', file, ...flags)).code).toBe(0);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      split: {by: 'group', column: 'user', valid: 0.1, test: 0.1, seed: 1},
      unique: true,
    });
    const again = await cli('encode', file, '--schema', out, '--folder', path.join(base, 'again'), '--json', '--quiet');
    expect((JSON.parse(again.stdout) as EncodeResult).parts).toEqual(result!.parts);
    expect((JSON.parse(again.stdout) as EncodeResult).leftOut).toEqual(result!.leftOut);
  });

  it('refuse a second split, and a column that is not there', async () => {
    const words = async (...flags: string[]) => (await encode(flags.join(), ...flags)).stderr;
    expect(await words('--group', 'user', '--split-column', 'a')).toBe(
      'error: rows are split by --group or by --split-column. Give one of them.\n',
    );
    expect(await words('--group', 'user', '--split', 'time')).toMatch(/by --group or by --split time\. Give one/);
    expect(await words('--group', 'uesr')).toMatch(/^error: --group must be .*uesr/);
  });
});
