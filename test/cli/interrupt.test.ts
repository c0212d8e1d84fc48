import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {writeRunData} from '../helpers/run_folder';

const root = path.resolve(__dirname, '../..');

/** Runs a command line, and sends it a signal when stderr has a text. */
function interrupted(args: string[], at: RegExp, signal: NodeJS.Signals): Promise<{code: number | null, stdout: string, stderr: string}> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
  let stdout = '', stderr = '', sent = false;
  child.stdout.on('data', text => { stdout += text; });
  child.stderr.on('data', text => {
    stderr += text;
    if (!sent && at.test(stderr)) sent = child.kill(signal);
  });
  return new Promise(resolve => child.on('close', code => resolve({code, stdout, stderr})));
}

it.each<[NodeJS.Signals, string, number, string[], RegExp, string]>([
  ['SIGINT', 'search', 130, ['--search-epochs', '500'], /search: epoch 2/, 'stopped; the same command with --resume goes on from the last checkpoint'],
  ['SIGTERM', 'search', 143, ['--search-epochs', '500'], /search: epoch 2/, 'stopped; the same command with --resume goes on from the last checkpoint'],
  ['SIGINT', 'bench', 130, [], /measuring wasm/, 'stopped'],
])('%s ends %s with code %d and nothing on stdout', async (signal, command, expected, args, at, message) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-interrupt-'));
  writeRunData(folder);
  const {code, stdout, stderr} = await interrupted([command, '--folder', folder, '--batch-size', '50', ...args, '--json'], at, signal);
  expect([code, stdout]).toEqual([expected, '']);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(message);
  rmSync(folder, {recursive: true});
});
