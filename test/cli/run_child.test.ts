import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {promisify} from 'node:util';
import {compiled} from '../helpers/compiled';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();

/** Whether there is a process of this number, a moment after the signal to end. */
async function outlives(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return false;
    }
    await setTimeout(50);
  }
  return process.kill(pid, 'SIGKILL');
}

it.each([
  ['tries a backend', 'doctor/probe', 'backends()'],
  ['grows trees', 'trees/grown_trees', 'runTrees(process.execPath, __filename, {})'],
])('A process that %s ends with the one that started it', async (_, module, call) => {
  const pid = path.join(folder, 'pid');
  const main = path.join(folder, 'main.cjs');
  // A child is the same script with arguments.
  writeFileSync(
    main,
    `const {existsSync, renameSync, writeFileSync} = require('node:fs');
    const pid = ${JSON.stringify(pid)};
    if (process.argv.length > 2) {
      writeFileSync(pid + '.part', String(process.pid));
      renameSync(pid + '.part', pid);
      setInterval(() => {}, 1000);
    } else {
      void require(${JSON.stringify(await compiled(`src/cli/${module}.ts`))}).${call};
      setInterval(() => existsSync(pid) && process.exit(0), 10);
    }`,
  );
  await promisify(execFile)(process.execPath, [main]);
  expect(await outlives(Number(readFileSync(pid, 'utf8')))).toBe(false);
});
