/**
 * Makes the Python environment of python/tests in the per-user cache, once: `npm test` and `npm run test:python` call
 * it.
 *
 *     node scripts/python.mjs [--need]
 *
 * Without Python 3 or its packages it says why in one line and succeeds, and the tests of the Python package are left
 * out; with --need it fails.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {cacheRoot, remove} from './native_cache.mjs';
import {interruptible, lastLine, run} from './processes.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const requirements = path.join(root, 'python', 'requirements.txt');
const text = fs.readFileSync(requirements, 'utf8');
const folder = path.join(cacheRoot(), `keras-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
const windows = process.platform === 'win32';
const python = path.join(folder, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
/** Written last: an environment without it is not whole. */
const complete = path.join(folder, 'whole');
/** Tells test/python where the environment is. */
const pointer = path.join(root, 'node_modules', '.cache', 'tfjs-autofis-python.json');

async function make() {
  const started = Date.now();
  console.log('installing TensorFlow, Keras and DuckDB for the tests of the Python package (2.5 GB of disk, once) ...');
  remove(folder);
  fs.mkdirSync(path.dirname(folder), {recursive: true});
  const steps = [
    [windows ? 'python' : 'python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]],
  ];
  for (const [command, args] of steps) {
    const {code, err} = await run(command, args);
    if (code !== 0) return lastLine(err);
  }
  fs.writeFileSync(complete, '');
  console.log(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
  return null;
}

const problem = fs.existsSync(complete) ? null : await interruptible(make, () => remove(folder));
if (problem === null) {
  fs.mkdirSync(path.dirname(pointer), {recursive: true});
  // A new file: copies of this folder may share the old one.
  fs.writeFileSync(`${pointer}.${process.pid}`, JSON.stringify({python, requirements: text}));
  fs.renameSync(`${pointer}.${process.pid}`, pointer);
} else {
  fs.rmSync(pointer, {force: true});
  console.log(`the Python package cannot be tested: ${problem}`);
  if (process.argv.includes('--need')) process.exit(1);
}
