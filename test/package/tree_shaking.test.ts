import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {build} from 'esbuild';
import {SHALLOW_BINARY} from '../../src/wasm/shallow_binary';
import {buildIfStale} from '../helpers/built';
import {sharedFolder} from '../helpers/folders';

const root = path.resolve(__dirname, '../..');
/** What a class costs a page from its own entry, the peers left out: bytes, minified. */
const ONE_CLASS = 75_000;
/** The main entry registers every layer and optimizer and holds SearchStage with its decision: none can be dropped. */
const ALL_REGISTERED = 143_500;
/** From parts of the library that registration does not need. */
const UNUSED = [
  ...['autoSelect', 'recordRun', 'fitSchema', 'onEpochEnd', 'findTables'],
  SHALLOW_BINARY.plain.slice(-100),
];
const REGISTERED = ['AttentionEmbedding', 'CrossLinear', 'FieldEmbedding', 'GatedInteraction', 'SeededDropout', 'GRDA'];

const folder = sharedFolder();

beforeAll(buildIfStale);

/** `entry` of the built package as a path, since the test's folder has no node_modules. */
const built = (entry: string) => path.join(root, 'dist', `${entry}.mjs`);

async function esbuildBundle(source: string): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents: source, resolveDir: root},
    bundle: true,
    format: 'esm',
    platform: 'browser',
    minify: true,
    external: ['@tensorflow/*'],
    write: false,
  });
  return outputFiles[0].text;
}

/** In a process of its own: webpack checks for typed arrays, which jest replaces. */
async function webpackBundle(source: string): Promise<string> {
  fs.writeFileSync(path.join(folder, 'source.mjs'), source);
  const script = `const [folder] = process.argv.slice(1);
    require('webpack')({mode: 'production', entry: folder + '/source.mjs', output: {path: folder, filename: 'bundle.js'},
      externals: [/^@tensorflow\\//], externalsType: 'commonjs'}, (error, stats) => {
      if (error || stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
    });`;
  await promisify(execFile)(process.execPath, ['-e', script, folder], {cwd: root});
  return fs.readFileSync(path.join(folder, 'bundle.js'), 'utf8');
}

const importOf = (name: string, entry: string) =>
  `import {${name}} from ${JSON.stringify(built(entry))}; console.log(${name});`;

it('holds no module that esbuild has wrapped for require, which no bundler can see through', () => {
  const wrapped = fs
    .readdirSync(path.join(root, 'dist'))
    .filter(name => name.endsWith('.mjs') && !['shard_worker.mjs', 'draw_bar.mjs'].includes(name))
    .filter(name => /\b__(esm|commonJS)\b/.test(fs.readFileSync(path.join(root, 'dist', name), 'utf8')));
  expect(wrapped).toEqual([]);
});

it.each([
  ['esbuild', esbuildBundle],
  ['webpack', webpackBundle],
])('%s takes a class from its own entry without the rest of the library', async (_name, bundle) => {
  const code = await bundle(importOf('GatedInteraction', 'layers'));
  expect(code).toContain('"GatedInteraction"');
  expect(code.length).toBeLessThanOrEqual(ONE_CLASS);
});

it('esbuild takes a class from the main entry with what that registers, and nothing else', async () => {
  const code = await esbuildBundle(importOf('GatedInteraction', 'index'));
  expect(REGISTERED.filter(name => !code.includes(`"${name}"`))).toEqual([]);
  expect(UNUSED.filter(name => code.includes(name))).toEqual([]);
  expect(code.length).toBeLessThanOrEqual(ALL_REGISTERED);
});
