/**
 * `npm run test:loop [-- RUNS]` runs `npm test` ten times (or RUNS times) in a row, and ends at the first run that
 * fails or prints a line of FATAL. It writes the result of each run to benchmarks/results/test_loop.json.
 */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'benchmarks/results/test_loop.json');

/** What a process prints that dies, or a worker of jest that had to be killed, though all tests may have passed. */
const FATAL = /segmentation fault|core dumped|SIGSEGV|SIGABRT|heap out of memory|exit gracefully|process crashed/i;

/** Runs `npm test` once, shows what it prints, and returns its result. */
function test() {
  const start = Date.now();
  const child = spawn('npm', ['test'], {
    cwd: root,
    shell: process.platform === 'win32',
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.on('data', chunk => {
      printed += chunk;
      to.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({
        code: code ?? signal,
        seconds: Math.round((Date.now() - start) / 1000),
        suites: printed.match(/^Test Suites: (.*)$/m)?.[1] ?? null,
        tests: printed.match(/^Tests: +(.*)$/m)?.[1] ?? null,
        fatal: printed.split('\n').filter(line => FATAL.test(line)),
      });
    });
  });
}

const runs = Number(process.argv[2] ?? 10);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`The number of runs must be a positive integer, but it is ${process.argv[2]}. Try: npm run test:loop`);
  process.exit(1);
}
const results = [];
while (results.length < runs) {
  const result = await test();
  results.push(result);
  const machine = {cpu: os.cpus()[0].model, cores: os.availableParallelism(), node: process.version};
  fs.writeFileSync(file, `${JSON.stringify({machine, runs: results}, null, 2)}\n`);
  console.log(`Run ${results.length} of ${runs}: exit code ${result.code} after ${result.seconds} s`);
  if (result.code !== 0 || result.fatal.length > 0) process.exit(1);
}
