/**
 * Builds the kernels of src/native/kernels with the driver beside this file under one sanitizer after the other, and
 * runs them:
 * `npm run test:sanitizers`, which writes benchmarks/results/sanitizers.json. The driver fails for an op that it has no
 * case of.
 */
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {Ran, Sanitized, Sanitizer, writeFigures} from '../conformance/figures';

const run = promisify(execFile);
const root = path.resolve(__dirname, '../..');
const kernels = path.join(root, 'src/native/kernels');
const driver = path.join(__dirname, 'driver');

/** Each by itself: memory, undefined behaviour, threads. */
export const SANITIZERS: readonly Sanitizer[] = ['address', 'undefined', 'thread'];

/** Compiled once for each instruction set. */
const VARIANTS = ['dense_tiles.cc', 'products_passes.cc'];

/** One thread more than processors of small machines have, so that threads of a kernel take turns everywhere. */
const THREADS = 4;

/** Builds and runs everything under the given sanitizers; throws with the first finding. */
export async function sanitized(sanitizers: readonly Sanitizer[]): Promise<Ran> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-sanitizers-'));
  try {
    const program = path.join(folder, 'driver');
    const own = fs
      .readdirSync(driver)
      .filter(name => name.endsWith('.cc'))
      .map(name => path.join(driver, name));
    // variants.cc has those of several instruction sets in it.
    const tested = fs
      .readdirSync(kernels)
      .filter(name => name.endsWith('.cc') && !VARIANTS.includes(name))
      .map(name => path.join(kernels, name));
    await run(process.env['CXX'] || 'g++', [
      '-O1',
      '-g',
      '-std=c++17',
      '-pthread',
      '-fno-omit-frame-pointer',
      '-fno-sanitize-recover=all',
      '-Wno-psabi',
      ...sanitizers.map(sanitizer => `-fsanitize=${sanitizer}`),
      '-DAUTOFIS_SOURCES="driver"',
      `-I${driver}`,
      `-I${kernels}`,
      ...own,
      ...tested,
      '-o',
      program,
    ]);
    // ThreadSanitizer wants memory where it is without randomised addresses.
    const {stdout} = await run(
      'setarch',
      [process.arch === 'x64' ? 'x86_64' : 'aarch64', '--addr-no-randomize', program],
      {
        env: {...process.env, TF_NUM_INTRAOP_THREADS: String(THREADS)},
      },
    );
    return JSON.parse(stdout) as Ran;
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
}

async function main(): Promise<void> {
  const result: Partial<Sanitized> = {};
  for (const sanitizer of SANITIZERS) {
    const ran = await sanitized([sanitizer]);
    console.log(`${sanitizer}: ${ran.calls} calls of ${ran.ops} ops with ${ran.variants.join(', ')}, no finding`);
    result[sanitizer] = {...ran, findings: 0};
  }
  await writeFigures('sanitizers', result as Sanitized);
}

if (require.main === module) {
  main().catch((error: {stderr?: string}) => {
    console.error(error.stderr || error);
    process.exitCode = 1;
  });
}
