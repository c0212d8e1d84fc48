/**
 * Makes sure that the native addon of @tensorflow/tfjs-node (with --gpu: of tfjs-node-gpu) loads in
 * the project in the current folder:
 *
 *     node node_modules/tfjs-autofis/scripts/native.mjs [--gpu] [--wheels FOLDER]
 *
 * With --wheels nothing is downloaded: the folder holds the wheels that native_wheels.json names.
 *
 * An addon that loads is left alone, unless an earlier version of this script built it. Otherwise one
 * is built against a current TensorFlow, once per user, and the package links to it. Without Python's
 * pip or a C++ compiler nothing is changed, and the reason is shown.
 */
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {TENSORFLOW, Unavailable, build, plan, sourcesHash} from './native_build.mjs';
import {cacheRoot, discard, isBeingBuilt, isIntact, removeLeftovers} from './native_cache.mjs';
import {gpuFault} from './native_gpu.mjs';
import {lastLine, run} from './processes.mjs';

// The addon is loaded by itself first, to tell a damaged addon from a damaged npm package.
const CHECK = `
const util = require('node:util');
util.isNullOrUndefined ??= value => value === null || value === undefined;
util.isArray ??= Array.isArray;
const [folder, addon] = process.argv.slice(1);
try { require(addon); } catch (error) { console.error(error.message); process.exit(3); }
const tf = require(folder);
const four = tf.matMul(tf.ones([2, 4]), tf.ones([4, 2])).dataSync()[3];
if (four !== 4) throw new Error('a matrix product is wrong: ' + four);
console.log(tf.backend().isUsingGpuDevice === true ? 'GPU' : 'CPU');
process.exit(0);`;

function resolveFrom(folder, name) {
  try {
    return createRequire(path.join(folder, 'package.json')).resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}

/** The tfjs-node package of a project and where its addon belongs; undefined if not installed. */
export function findPackage(projectRoot, gpu) {
  const name = `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`;
  const file = resolveFrom(projectRoot, name);
  if (!file) return undefined;
  const dir = path.dirname(file);
  const {version} = JSON.parse(fs.readFileSync(file, 'utf8'));
  return {name, dir, version, addon: path.join(dir, 'lib', 'napi-v8', 'tfjs_binding.node')};
}

/** The cache folder with the libraries of a package's addon. */
export function entryOf(pkg, gpu) {
  const key =
    `tensorflow-${TENSORFLOW}-${gpu ? 'gpu' : 'cpu'}-${process.platform}-${process.arch}-` +
    `tfjs-${pkg.version}-ops-${sourcesHash()}`;
  return path.join(cacheRoot(), key);
}

function napiHeaders(projectRoot) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const file = resolveFrom(projectRoot, 'node-api-headers') ?? resolveFrom(here, 'node-api-headers');
  return file && path.join(path.dirname(file), 'include');
}

/** Whether the addon was built here, from other sources of our ops than those of today. */
function isOutdated(pkg) {
  const [, hash] = /tfjs-autofis-sources:(\w*)/.exec(fs.readFileSync(pkg.addon, 'latin1')) ?? [];
  return hash !== undefined && hash !== sourcesHash();
}

/** Loads the addon and multiplies two matrices in a child process, where a crash does no harm. */
async function check(pkg) {
  if (!fs.existsSync(pkg.addon)) return {ok: false, addonLoads: false, onGpu: false, reason: 'it is not there'};
  const {code, signal, out, err} = await run(process.execPath, ['-e', CHECK, pkg.dir, pkg.addon], {
    cwd: pkg.dir,
    env: {TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: ''},
    timeoutMs: 120_000,
  });
  const reason = signal ? `it was ended by ${signal}` : lastLine(err, /error/i);
  return {ok: code === 0, addonLoads: code !== 3 && !signal, onGpu: out.endsWith('GPU\n'), reason};
}

/** Links the package's addon to the cache, where it finds its libraries beside itself. */
function linkAddon(entry, pkg) {
  fs.mkdirSync(path.dirname(pkg.addon), {recursive: true});
  const partial = `${pkg.addon}.partial-${process.pid}`;
  try {
    fs.symlinkSync(path.join(entry, 'tfjs_binding.node'), partial);
    fs.renameSync(partial, pkg.addon);
  } finally {
    fs.rmSync(partial, {force: true});
  }
}

async function awaitOtherBuild(entry, log) {
  if (!isBeingBuilt(entry)) return;
  log('another run is building the native backend, waiting for it ...');
  while (isBeingBuilt(entry) && !isIntact(entry)) await new Promise(done => setTimeout(done, 500));
}

/** Says how the addon came to load, and whether it computes on a GPU. */
async function provide(pkg, {projectRoot, gpu, wheels, log}) {
  const before = await check(pkg);
  const present = {status: 'present', onGpu: before.onGpu};
  if (before.ok && !isOutdated(pkg)) return present;
  if (before.addonLoads && !before.ok) throw new Unavailable(`${pkg.name} does not load: ${before.reason}`);
  // An addon that could not run here although freshly built would not run after another build.
  const failed = path.join(pkg.dir, 'lib', 'tfjs-autofis-failed.txt');
  const [node, failure] = fs.existsSync(failed) ? fs.readFileSync(failed, 'utf8').split('\n') : [];
  if (node === process.version) throw new Unavailable(`${failure} (remove ${failed} to try again)`);
  plan(gpu);
  const entry = entryOf(pkg, gpu);
  removeLeftovers(entry);
  for (let replace = false; ; replace = true) {
    if (!isIntact(entry)) await awaitOtherBuild(entry, log);
    const cached = isIntact(entry) && !replace;
    if (!cached) {
      try {
        await build({entry, pkg, gpu, wheels, replace, log, headers: napiHeaders(projectRoot)});
      } catch (error) {
        // The earlier version's addon still serves; what its ops lack is computed by TensorFlow's.
        if (!before.ok || !(error instanceof Unavailable)) throw error;
        log(`the earlier version's addon stays: ${error.message}`);
        return present;
      }
    }
    linkAddon(entry, pkg);
    const after = await check(pkg);
    if (after.ok) return {status: cached ? 'cached' : 'built', onGpu: after.onGpu};
    fs.rmSync(pkg.addon, {force: true});
    if (after.addonLoads) throw new Unavailable(`${pkg.name} does not load: ${after.reason}`);
    // A cache that does not load goes when another one is complete.
    if (cached) continue;
    discard(entry);
    const reason = `the addon was built but does not run: ${after.reason}`;
    fs.writeFileSync(failed, `${process.version}\n${reason}`);
    throw new Unavailable(reason);
  }
}

/**
 * Makes the native addon of the project's tfjs-node load, if that is possible here.
 *
 * @param {{projectRoot?: string, gpu?: boolean, wheels?: string, log?: (line: string) => void}} options Where `wheels`
 *     is given, TensorFlow comes from this folder, without a connection.
 * @returns {Promise<{status: 'present' | 'built' | 'cached' | 'no-gpu' | 'unavailable', reason: string}>}
 *     the addon was there, was built now, or came from the per-user cache; there is no GPU, which was asked for, or the
 *     addon finds none; or why it cannot be had, in one line.
 */
export async function ensureNative({projectRoot = process.cwd(), gpu = false, wheels, log = () => {}} = {}) {
  const fault = gpu ? await gpuFault() : '';
  if (fault !== '') return {status: 'no-gpu', reason: fault};
  const pkg = findPackage(projectRoot, gpu);
  if (!pkg) {
    const name = `@tensorflow/tfjs-node${gpu ? '-gpu' : ''}`;
    return {status: 'unavailable', reason: `${name} is not installed (npm install --ignore-scripts ${name}@4.22.0)`};
  }
  try {
    const {status, onGpu} = await provide(pkg, {projectRoot, gpu, wheels: wheels && path.resolve(wheels), log});
    const loads = `${pkg.name} ${pkg.version} loads`;
    if (!gpu || onGpu) return {status, reason: loads};
    return {status: 'no-gpu', reason: `${loads}, but finds no GPU that it can use, and computes on the CPU`};
  } catch (error) {
    if (error instanceof Unavailable || error.code) return {status: 'unavailable', reason: error.message};
    throw error;
  }
}

function isMain() {
  return process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
}

if (isMain()) {
  const {values} = parseArgs({options: {gpu: {type: 'boolean'}, wheels: {type: 'string'}}});
  const {status, reason} = await ensureNative({...values, log: line => console.log(line)});
  if (status === 'unavailable' || status === 'no-gpu') {
    console.error(status === 'no-gpu' ? reason : `native backend not available: ${reason}`);
    process.exitCode = 1;
  } else {
    console.log(`${reason}${status === 'cached' ? ' (taken from the cache)' : ''}`);
  }
}
