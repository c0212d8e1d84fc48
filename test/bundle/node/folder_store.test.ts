import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tfl from '@tensorflow/tfjs-layers';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {folderStore} from '../../../src/bundle/node/folder_store';
import {modelFor} from '../../helpers/bundles';
import {emptyFolder} from '../../helpers/folders';
import {everyRule} from '../../helpers/fitted';

const parent = emptyFolder();
let folder: string;
beforeEach(() => {
  folder = path.join(parent, 'deep', 'clicks');
});

const encoder = new TextEncoder();
const files = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([name, content]) => [name, encoder.encode(content)]));
const text = (file: string) => readFileSync(path.join(folder, file), 'utf8');

test('a bundle in a folder, by path or file URL, is also a model of tfjs', async () => {
  const fitted = everyRule();
  const model = modelFor(fitted);
  await saveBundle(folder, {model, fitted});
  const row = {site_id: 'a', age: 30};
  const [probability] = await (await loadBundle(folder)).predict([row]);
  expect(await (await loadBundle(pathToFileURL(folder).href)).predict([row])).toEqual(Float32Array.of(probability));
  expect(readdirSync(path.dirname(folder))).toEqual(['clicks']);
  const plain = await tfl.loadLayersModel(`file://${folder}/model.json`);
  expect(plain.countParams()).toBe(model.countParams());
});

test('a new bundle takes the place of the old one, files that it lacks included', async () => {
  const store = folderStore(folder);
  await store.write!(files({'bundle.json': '1', 'selection.json': '1'}));
  await store.write!(files({'bundle.json': '2'}));
  expect(text('bundle.json')).toBe('2');
  expect(readdirSync(folder)).toEqual(['bundle.json']);
  expect(readdirSync(path.dirname(folder))).toEqual(['clicks']);
});

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('a new bundle has the modes of the umask, and keeps those of the old one', async () => {
  const store = folderStore(folder);
  const mode = (name: string) => statSync(path.join(folder, name)).mode & 0o777;
  await store.write!(files({'bundle.json': '1'}));
  expect([mode(''), mode('bundle.json')]).toEqual([0o777 & ~process.umask(), 0o666 & ~process.umask()]);
  chmodSync(folder, 0o751);
  chmodSync(path.join(folder, 'bundle.json'), 0o604);
  await store.write!(files({'bundle.json': '2'}));
  expect([mode(''), mode('bundle.json')]).toEqual([0o751, 0o604]);
});

test('a bundle that cannot be written to its end leaves the old one as it was', async () => {
  const store = folderStore(folder);
  await store.write!(files({'bundle.json': '1', 'weights.bin': '1'}));
  await expect(store.write!(files({'weights.bin': '2', 'no/such/folder': '2'}))).rejects.toThrow('ENOENT');
  expect([text('bundle.json'), text('weights.bin')]).toEqual(['1', '1']);
  expect(readdirSync(path.dirname(folder))).toEqual(['clicks']);
});

test('a process that was killed between the two renames is noticed, and nothing is lost', async () => {
  const store = folderStore(folder);
  await store.write!(files({'bundle.json': '1'}));
  renameSync(folder, `${folder}.previous`);
  await expect(loadBundle(folder)).rejects.toThrow(
    `is missing: the process that was replacing it was stopped. The old bundle is intact: rename ${folder}.previous to ${folder}.`,
  );
  await store.write!(files({'bundle.json': '2'}));
  expect(text('bundle.json')).toBe('2');
});

test('what a killed process left of a save is removed by the next one, what others are writing stays', async () => {
  const host = os.hostname().replace(/[^\w.]/g, '_');
  const left = `${folder}.partial-999999999@${host}-aaaaaa`;
  const others = [`${folder}.partial-${process.ppid}@${host}-bbbbbb`, `${folder}.partial-1@elsewhere-cccccc`];
  for (const place of [left, ...others]) mkdirSync(place, {recursive: true});
  await folderStore(folder).write!(files({'bundle.json': '1'}));
  expect(readdirSync(path.dirname(folder)).sort()).toEqual(
    ['clicks', ...others.map(place => path.basename(place))].sort(),
  );
});

test('a folder with other files is not replaced', async () => {
  mkdirSync(folder, {recursive: true});
  await folderStore(folder).write!(files({'bundle.json': '1'}));
  rmSync(path.join(folder, 'bundle.json'));
  writeFileSync(path.join(folder, 'thesis.tex'), '');
  // Asked before the model for it is trained, too.
  for (const refused of [folderStore(folder).write!(new Map()), folderStore(folder).check!()]) {
    await expect(refused).rejects.toThrow(
      'holds other files (thesis.tex), which a bundle would replace. Choose another folder.',
    );
  }
  await expect(folderStore(path.join(folder, 'thesis.tex')).write!(new Map())).rejects.toThrow(
    'thesis.tex is a file. Choose another folder.',
  );
  expect(existsSync(path.join(folder, 'thesis.tex'))).toBe(true);
  await folderStore(path.join(folder, 'absent')).check!();
  expect(existsSync(path.join(folder, 'absent'))).toBe(false);
});

test('a folder that is none', async () => {
  await expect(loadBundle(folder)).rejects.toThrow(
    `loadBundle: ${folder} has no bundle.json, so it is not a bundle. Give the bundle of a run, such as ` +
      'autofis-run/bundle, or save one there with saveBundle.',
  );
  mkdirSync(path.join(folder, 'bundle'), {recursive: true});
  writeFileSync(path.join(folder, 'bundle', 'bundle.json'), '{}');
  await expect(loadBundle(folder)).rejects.toThrow(
    `loadBundle: ${folder} has no bundle.json, so it is not a bundle. Give ${folder}/bundle.`,
  );
});
