import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

const root = path.resolve(__dirname, '../..');
const SOURCES = ['layers', 'optimizers', 'src', 'tsup.config.ts', 'package.json'];

function newest(entry: string): number {
  if (!fs.statSync(entry).isDirectory()) return fs.statSync(entry).mtimeMs;
  return Math.max(0, ...fs.readdirSync(entry).map(name => newest(path.join(entry, name))));
}

/** Builds dist/ where a source is newer than it; `npm test` has built it already. */
export async function buildIfStale(): Promise<void> {
  const built = path.join(root, 'dist/runtime.d.mts');
  const changed = Math.max(...SOURCES.map(name => newest(path.join(root, name))));
  if (fs.existsSync(built) && fs.statSync(built).mtimeMs >= changed) return;
  const tsup = path.join(root, 'node_modules/tsup/dist/cli-default.js');
  await promisify(execFile)(process.execPath, [tsup, '--silent'], {cwd: root});
}
