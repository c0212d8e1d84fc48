/**
 * What `npm test` checks before the tests: types, the comments that become the API reference, the repository's size,
 * lint, layout, the build and other versions of Node with it, and the Python environment. As many run at once as there
 * are processors, at least two; the first that fails stops the others.
 */
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {interruptible, run, stopAll} from './processes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Scripts of package.json, one after another in each line; the longest lines come first. */
const CHECKS = [
  ['check:python'],
  ['check:build', 'check:node-versions'],
  ['check:types'],
  ['check:docs', 'check:house'],
  ['check:rules'],
  ['check:layout'],
];

async function check(names) {
  for (const name of names) {
    const {code, out, err} = await run('npm', ['run', '--silent', name], {
      cwd: root,
      shell: process.platform === 'win32',
    });
    process.stdout.write(out + err);
    if (code === 0) continue;
    stopAll();
    console.error(`npm run ${name} failed`);
    process.exit(1);
  }
}

async function worker(waiting) {
  for (let names = waiting.shift(); names !== undefined; names = waiting.shift()) await check(names);
}

await interruptible(
  () => Promise.all(Array.from({length: Math.max(2, os.availableParallelism())}, () => worker(CHECKS))),
  () => {},
);
