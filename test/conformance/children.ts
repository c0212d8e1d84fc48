import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

const root = path.resolve(__dirname, '../..');
/** Below the packages, which files in it can then import. */
const cache = path.join(root, 'node_modules', '.cache');

/** Runs `body` with a folder that is removed at the end. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  fs.mkdirSync(cache, {recursive: true});
  const folder = fs.mkdtempSync(path.join(cache, 'conformance-'));
  try {
    return await body(folder);
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
}

/** Runs a script of this folder in a process of its own; throws with what it printed when it fails. */
export async function runScript(name: string, args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ['--import', 'tsx', path.join(__dirname, name), ...args], {
    cwd: root,
    env: {...process.env, TF_CPP_MIN_LOG_LEVEL: '3'},
    maxBuffer: 2 ** 30,
  });
}
