/**
 * What `npm run demo` and `npm test` call first: after a fresh clone it installs the dependencies
 * and provides the native backend; when both are there it does nothing and says nothing.
 *
 *     node scripts/setup.mjs [--gpu] [--wheels FOLDER]
 *
 * Interrupted at any point, the next run does what is missing. Without a native backend it says why
 * in one line and succeeds: everything also runs on WebAssembly. With --gpu it fails where there is no GPU, before it
 * installs anything.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {sourcesHash} from './native_build.mjs';
import {gpuFault} from './native_gpu.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.tfjs-autofis-setup.json');
const nodeMajor = Number(process.versions.node.split('.')[0]);

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function lockHash() {
  return createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** npm notes what it installed in node_modules/.package-lock.json, as its last act. */
function npmInstalledAll() {
  const installed = readJson(path.join(modules, '.package-lock.json'))?.packages;
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages;
  return (
    Boolean(installed && wanted) &&
    Object.entries(wanted).every(
      ([name, {version, optional, devOptional}]) =>
        name === '' || optional || devOptional || installed[name]?.version === version,
    )
  );
}

/** Size and time of a file, or null: enough to see that it is the one seen at the last check. */
function fingerprint(file) {
  try {
    const {size, mtimeMs} = fs.statSync(file);
    return {file, size, mtimeMs};
  } catch {
    return null;
  }
}

function isUnchanged(seen) {
  const now = fingerprint(seen.file);
  return now !== null && now.size === seen.size && now.mtimeMs === seen.mtimeMs;
}

async function installDependencies() {
  const {interruptible, run} = await import('./processes.mjs');
  const started = Date.now();
  console.log('installing the dependencies ...');
  fs.rmSync(stampFile, {force: true});
  const npm = process.env.npm_execpath;
  const isNpm = npm && /npm[^/\\]*\.c?js$/.test(npm);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const result = await interruptible(
    () =>
      isNpm
        ? run(process.execPath, [npm, ...args], {cwd: root})
        : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {cwd: root, shell: process.platform === 'win32'}),
    () => {},
  );
  if (result.code !== 0) {
    fail(`${result.out}${result.err}\nnpm ci failed; see its messages above, then run the command again.`);
  }
  console.log(`dependencies installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function provideNative({gpu, wheels}) {
  const {ensureNative, entryOf, findPackage} = await import('./native.mjs');
  const {status, reason} = await ensureNative({projectRoot: root, gpu, wheels, log: line => console.log(line)});
  if (status === 'no-gpu') fail(reason);
  if (status === 'unavailable') {
    if (gpu) fail(`no GPU backend: ${reason}`);
    console.log(`no native backend: ${reason}; using WebAssembly instead, which is several times slower`);
    return null;
  }
  const pkg = findPackage(root, gpu);
  const library = path.join(entryOf(pkg, gpu), 'tensorflow', 'libtensorflow_cc.so.2');
  return [fingerprint(pkg.addon), fingerprint(library)].filter(Boolean);
}

if (!(nodeMajor >= 20)) {
  fail(
    `tfjs-autofis needs Node 20 or later, this is ${process.version}: install a current one and run the command again.`,
  );
}
const {gpu = false, wheels} = parseArgs({options: {gpu: {type: 'boolean'}, wheels: {type: 'string'}}}).values;
const fault = gpu ? await gpuFault() : '';
if (fault !== '') fail(fault);
const lock = lockHash();
const stamp = readJson(stampFile);
const installed = stamp?.lock === lock || npmInstalledAll();
const sources = sourcesHash();
const isCurrent = installed && stamp?.node === nodeMajor && stamp.sources === sources;
const native = isCurrent && stamp[gpu ? 'gpu' : 'cpu'];
if (!native || !native.every(isUnchanged)) {
  if (!installed) await installDependencies();
  const files = await provideNative({gpu, wheels});
  const other = isCurrent ? {cpu: stamp.cpu, gpu: stamp.gpu} : {};
  const next = {lock, node: nodeMajor, sources, ...other, [gpu ? 'gpu' : 'cpu']: files};
  fs.writeFileSync(`${stampFile}.${process.pid}`, JSON.stringify(next));
  fs.renameSync(`${stampFile}.${process.pid}`, stampFile);
}
