import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {writeRunData} from '../helpers/run_folder';

const root = path.resolve(__dirname, '../..');

/** Runs a command line, and sends it SIGINT when stderr has a text. */
function interrupted(args: string[], at: RegExp): Promise<{code: number | null, stdout: string, stderr: string}> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
  let stdout = '', stderr = '', sent = false;
  child.stdout.on('data', text => { stdout += text; });
  child.stderr.on('data', text => {
    stderr += text;
    if (!sent && at.test(stderr)) sent = child.kill('SIGINT');
  });
  return new Promise(resolve => child.on('close', code => resolve({code, stdout, stderr})));
}

it.each([
  ['search', ['--search-epochs', '500'], /search: epoch 2/, 'stopped; the same command with --resume goes on from the last checkpoint'],
  ['bench', [], /measuring wasm/, 'stopped'],
])('Ctrl-C ends %s with code 130 and nothing on stdout', async (command, args, at, message) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-interrupt-'));
  writeRunData(folder);
  const {code, stdout, stderr} = await interrupted([command, '--folder', folder, '--batch-size', '50', ...args, '--json'], at);
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(message);
  rmSync(folder, {recursive: true});
});
