import {spawn} from 'node:child_process';
import {closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {cliProcess} from '../helpers/cli';
import {compiled} from '../helpers/compiled';
import {emptyFolder} from '../helpers/folders';
import {writeRunData} from '../helpers/run_folder';

const root = path.resolve(__dirname, '../..');
const base = emptyFolder();
const STOPPED = 'stopped; run the same command with --resume to continue from the last checkpoint';

/** Runs a command line, and sends it a signal when stderr has a text, or something has come true. */
async function interrupted(
  args: string[],
  at: RegExp | (() => boolean),
  signal: NodeJS.Signals,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{code: number | null; stdout: string; stderr: string}> {
  const child = spawn(process.execPath, [await compiled('src/cli/main.ts'), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let sent = false;
  child.stdout.on('data', text => {
    stdout += text;
  });
  const look = () => {
    if (!sent && (at instanceof RegExp ? at.test(stderr) : at())) sent = child.kill(signal);
  };
  child.stderr.on('data', text => {
    stderr += text;
    look();
  });
  const timer = setInterval(look, 5);
  return new Promise(resolve =>
    child.on('close', code => {
      clearInterval(timer);
      resolve({code, stdout, stderr});
    }),
  );
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends select with code %d and nothing on stdout', async (signal, expected) => {
  const folder = path.join(base, 'run');
  writeRunData(folder);
  const args = 'select --method paper --search-epochs 500 --batch-size 50 --json --folder'.split(' ');
  const {code, stdout, stderr} = await interrupted([...args, folder], /search: epoch 2/, signal);
  expect([code, stdout]).toEqual([expected, '']);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(STOPPED);
});

it(
  'SIGINT while rows are being written leaves nothing that is taken for whole, ' +
    'and the same command with --resume goes on',
  async () => {
    const folder = path.join(base, 'run');
    const table = path.join(base, 'clicks.csv');
    const schema = path.join(base, 'schema.json');
    writeFileSync(
      table,
      `click,user\n${Array.from(
        {length: 150_000},
        (_, i) => `${i % 3 === 0 ? 1 : 0},user ` + `${(i * 7919) % 9973}\n`,
      ).join('')}`,
    );
    // Enough fields to take a while.
    const fields = Array.from({length: 30}, (_, i) => ({type: 'categorical', name: `user ${i}`, column: 'user'}));
    writeFileSync(
      schema,
      JSON.stringify({
        schema: {version: 1, label: {column: 'click'}, fields},
        split: {by: 'fraction', valid: 0.1, test: 0.1, seed: 1},
      }),
    );
    const command = ['encode', table, '--schema', schema, '--folder', folder, '--json'];
    const inside = () => (existsSync(folder) ? readdirSync(folder, {recursive: true}).map(String) : []);
    const {code, stdout, stderr} = await interrupted(
      command,
      () => inside().some(name => name.endsWith('.arrow')),
      'SIGINT',
    );
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(STOPPED);
    expect(inside().sort()).toEqual(['encode', 'encode/begun.json']);
    const again = await cliProcess([...command, '--resume']);
    expect(again.code).toBe(0);
    const {parts} = JSON.parse(again.stdout) as {parts: Record<string, {rows: number}>};
    expect(parts['train'].rows + parts['valid'].rows + parts['test'].rows).toBe(150_000);
    expect(inside()).toContain('data/manifest.json');
  },
);

it('SIGINT leaves no rows in the folder for temporary files', async () => {
  const [table, temporary] = [path.join(base, 'clicks.csv'), path.join(base, 'temporary')];
  mkdirSync(temporary);
  writeFileSync(table, `click,user\n${Array.from({length: 50_000}, (_, i) => `${i % 2},u${i % 997}\n`).join('')}`);
  const out = path.join(base, 'schema.json');
  const {code} = await interrupted(
    ['encode', table, '--label', 'click', '--write-schema', out],
    () => readdirSync(temporary).length > 0,
    'SIGINT',
    {...process.env, TMPDIR: temporary},
  );
  expect([code, existsSync(out), readdirSync(temporary)]).toEqual([130, false, []]);
});

const FULL = '/dev/full';
(existsSync(FULL) ? it : it.skip)(
  'Output that finds no room ends a command with one line (skipped without /dev/full)',
  async () => {
    const main = await compiled('src/cli/main.ts');
    const full = openSync(FULL, 'w');
    const child = spawn(process.execPath, [main, '--version'], {stdio: ['ignore', full, 'pipe']});
    closeSync(full);
    let stderr = '';
    child.stderr!.on('data', text => {
      stderr += text;
    });
    const code = await new Promise(resolve => child.on('close', resolve));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: the output cannot be written: ENOSPC.*\n$/)]);
  },
);

it('select --method paper continues after a kill -9 in its second stage, to the same model', async () => {
  const [killed, straight] = ['killed', 'straight'].map(name => path.join(base, name));
  [killed, straight].forEach(folder => writeRunData(folder));
  const training = ['--batch-size', '50', '--learning-rate', '0.01', '--search-epochs', '3', '--epochs', '12'];
  const args = ['select', '--method', 'paper', ...training, '--folder'];
  await interrupted([...args, killed], /retrain: epoch 2 of/, 'SIGKILL');
  expect(existsSync(path.join(killed, 'select/search/done.json'))).toBe(true);
  expect((await cliProcess([...args, killed, '--quiet'])).stderr).toContain(
    `error: ${path.join(killed, 'select')} holds unfinished work. ` +
      'Give --resume to continue it, give another --folder, or remove it.\n',
  );
  const {code, stderr} = await cliProcess([...args, killed, '--resume']);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('search: epoch')]);
  expect((await cliProcess([...args, straight, '--quiet'])).code).toBe(0);
  const weights = (folder: string) => readFileSync(path.join(folder, 'select/retrain/model/weights.bin'));
  expect(weights(killed).equals(weights(straight))).toBe(true);
});
