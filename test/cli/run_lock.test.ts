import {spawn} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {lockFolder} from '../../src/cli/steps/run_lock';
import {cli} from '../helpers/cli';
import {compiled} from '../helpers/compiled';
import {emptyFolder} from '../helpers/folders';
import {writeRunData} from '../helpers/run_folder';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const root = path.resolve(__dirname, '../..');
const host = os.hostname().replace(/[^\w.]/g, '_');
const folder = emptyFolder();
let file: string;
beforeEach(() => {
  file = path.join(folder, 'lock.json');
});

const holder = (changes: object) =>
  writeFileSync(file, JSON.stringify({pid: process.ppid, host, command: 'tfjs-autofis select', ...changes}));

it('is there while the folder is kept, and gone afterwards', () => {
  const release = lockFolder(folder, 'tfjs-autofis run x.csv');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({pid: process.pid, host, command: 'tfjs-autofis run x.csv'});
  expect(() => lockFolder(folder, 'another')).toThrow(
    `${folder} is in use: process ${process.pid} works in it (tfjs-autofis run x.csv).`,
  );
  release();
  expect(readdirSync(folder)).toEqual([]);
  lockFolder(folder, 'another')();
});

it('of another process, here or elsewhere, is an error that names it', () => {
  holder({});
  expect(() => lockFolder(folder, '')).toThrow(
    `${folder} is in use: process ${process.ppid} works in it (tfjs-autofis select). Wait for it, stop it, ` +
      `or give another --folder; if that process no longer exists, remove ${file}.`,
  );
  holder({host: 'elsewhere', pid: 999999999});
  expect(() => lockFolder(folder, '')).toThrow('process 999999999 of elsewhere works in it');
  expect(readdirSync(folder)).toEqual(['lock.json']);
});

it.each<[string, () => void]>([
  ['of a process that is gone', () => holder({pid: 999999999})],
  ['of an earlier process with the number of this one', () => holder({pid: process.pid})],
  ['that is damaged', () => writeFileSync(file, '{"pid":')],
])('%s is taken over', (_, write) => {
  write();
  const release = lockFolder(folder, 'mine');
  expect((JSON.parse(readFileSync(file, 'utf8')) as {command: string}).command).toBe('mine');
  expect(readdirSync(folder)).toEqual(['lock.json']);
  release();
});

const SEARCH = 'select --method paper --batch-size 50 --search-epochs 500 --backend cpu --folder'
  .split(' ')
  .concat(folder);

/** A search in a process of its own, once it trains. */
async function searching(
  command: string,
  args: string[],
): Promise<{stderr: () => string; kill: (signal: NodeJS.Signals) => void; closed: Promise<void>}> {
  writeRunData(folder);
  const child = spawn(command, args, {cwd: root, stdio: ['ignore', 'ignore', 'pipe']});
  let stderr = '';
  const closed = new Promise<void>(resolve => child.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', text => {
      stderr += text;
      if (/search: epoch 2/.test(stderr)) resolve();
    });
    void closed.then(() => reject(new Error(stderr)));
  });
  return {stderr: () => stderr, kill: signal => child.kill(signal), closed};
}

it('two commands do not train in one folder; after a kill -9 the next one goes on', async () => {
  const first = await searching(process.execPath, [await compiled('src/cli/main.ts'), ...SEARCH]);
  const {pid} = JSON.parse(readFileSync(file, 'utf8')) as {pid: number};
  const {code, stderr} = await cli(...SEARCH, '--resume', '--quiet');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(`error: ${folder} is in use: process ${pid} works in it (tfjs-autofis select --method `),
  ]);
  first.kill('SIGKILL');
  await first.closed;
  expect(existsSync(file)).toBe(true);
  const again = await cli(...SEARCH.map(arg => (arg === '500' ? '501' : arg)), '--resume', '--quiet');
  expect(again.stderr).toMatch(/was started with|was made with/);
  expect(existsSync(file)).toBe(false);
});

it('SIGTERM to npx ends the training, which says so and leaves a folder that can go on', async () => {
  const command = ['node', await compiled('src/cli/main.ts'), ...SEARCH].join(' ');
  const {kill, closed, stderr} = await searching('npm', ['exec', '-c', command]);
  kill('SIGTERM');
  await closed;
  expect(stderr()).toContain('stopped; run the same command with --resume to continue from the last checkpoint');
  expect(existsSync(file)).toBe(false);
  expect(readdirSync(path.join(folder, 'select'))).toEqual(['begun.json', 'search']);
});
