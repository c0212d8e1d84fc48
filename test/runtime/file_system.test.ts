import {execFileSync} from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {fileSystem} from '../../src/runtime/file_system';
import {useBackend} from '../../src/runtime/index';
import {replaceFile, writeTarget} from '../../src/runtime/replace_file';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();

describe('fileSystem', () => {
  let model: layers.LayersModel;

  beforeEach(() => {
    model = layers.sequential({layers: [layers.layers.dense({units: 2, inputShape: [3]})]});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
  });

  afterEach(() => model.dispose());

  it('saves and loads the same model, with metadata and training configuration', async () => {
    const target = path.join(folder, 'a', 'b');
    model.setUserDefinedMetadata({fields: ['user_ID', 'C1']});
    const {modelArtifactsInfo} = await model.save(fileSystem(`file://${target}`), {includeOptimizer: true});
    expect(modelArtifactsInfo?.weightDataBytes).toBe((3 * 2 + 2) * 4 + 4);
    expect(readdirSync(target).sort()).toEqual(['model.json', 'weights.bin']);
    const json = JSON.parse(readFileSync(path.join(target, 'model.json'), 'utf8'));
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining([
        'modelTopology',
        'weightsManifest',
        'format',
        'generatedBy',
        'trainingConfig',
        'userDefinedMetadata',
      ]),
    );
    expect(json.trainingConfig.loss).toBe('mean_squared_error');

    const loaded = await layers.loadLayersModel(fileSystem(`file://${path.join(target, 'model.json')}`));
    expect(loaded.getUserDefinedMetadata()).toEqual({fields: ['user_ID', 'C1']});
    expect(loaded.getWeights().map(weight => [...weight.dataSync()])).toEqual(
      model.getWeights().map(weight => [...weight.dataSync()]),
    );
    loaded.dispose();
  });

  it('is registered where no other handler is', async () => {
    await useBackend('wasm');
    expect(tf.io.getSaveHandlers(`file://${folder}`)).toHaveLength(1);
    expect(tf.io.getLoadHandlers(`file://${folder}`)).toHaveLength(1);
    expect(tf.io.getSaveHandlers('localstorage://model')).toHaveLength(0);
  });

  it('saves over an older model', async () => {
    await model.save(fileSystem(`file://${folder}`));
    model.setWeights([tf.ones([3, 2]), tf.zeros([2])]);
    await model.save(fileSystem(`file://${folder}`));
    const loaded = await layers.loadLayersModel(fileSystem(`file://${folder}/model.json`));
    expect([...loaded.getWeights()[0].dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
    loaded.dispose();
  });

  it('loads weights from several files', async () => {
    await model.save(fileSystem(`file://${folder}`));
    const bytes = readFileSync(path.join(folder, 'weights.bin'));
    writeFileSync(path.join(folder, 'part1'), bytes.subarray(0, 10));
    writeFileSync(path.join(folder, 'part2'), bytes.subarray(10));
    const file = path.join(folder, 'model.json');
    const json = JSON.parse(readFileSync(file, 'utf8'));
    json.weightsManifest[0].paths = ['part1', 'part2'];
    writeFileSync(file, JSON.stringify(json));
    const loaded = await layers.loadLayersModel(fileSystem(`file://${file}`));
    expect([...loaded.getWeights()[0].dataSync()]).toEqual([...model.getWeights()[0].dataSync()]);
    loaded.dispose();
  });

  it('says what is wrong with what it is to load', async () => {
    const load = (name: string) => fileSystem(`file://${path.join(folder, name)}`).load!();
    await expect(load('none.json')).rejects.toThrow(
      `load: the model ${path.join(folder, 'none.json')} cannot be read: it does not exist.`,
    );
    await expect(load('')).rejects.toThrow('it is a folder; give the path of the model.json in it.');
    writeFileSync(path.join(folder, 'text'), 'no model');
    await expect(load('text')).rejects.toThrow('is not JSON');
    await model.save(fileSystem(`file://${folder}`));
    truncateSync(path.join(folder, 'weights.bin'), 20);
    await expect(load('model.json')).rejects.toThrow('must have 32 bytes. Received: 20. Save the model again.');
    rmSync(path.join(folder, 'weights.bin'));
    await expect(load('model.json')).rejects.toThrow(
      /the weight file .*weights\.bin cannot be read: it does not exist\./,
    );
  });

  it('refuses to save into a file, and leaves it as it was', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'kept');
    await expect(model.save(fileSystem(`file://${file}`))).rejects.toThrow(
      `save: \`url\` must name a folder. Received: the file ${file}. Choose another path.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(existsSync(path.join(folder, 'model.json'))).toBe(false);
  });
});

describe('replaceFile', () => {
  const inside = (name: string) => path.join(folder, name);

  it('writes through links, and leaves nothing else behind', async () => {
    mkdirSync(inside('data'));
    writeFileSync(inside('data/old.csv'), 'old');
    symlinkSync('data/old.csv', inside('one.csv'));
    symlinkSync('one.csv', inside('two.csv'));
    await replaceFile(inside('two.csv'), 'new');
    symlinkSync('data/none.csv', inside('none.csv'));
    await replaceFile(inside('none.csv'), 'made');
    expect(readFileSync(inside('data/old.csv'), 'utf8')).toBe('new');
    expect(readFileSync(inside('data/none.csv'), 'utf8')).toBe('made');
    for (const link of ['one.csv', 'two.csv', 'none.csv']) expect(lstatSync(inside(link)).isSymbolicLink()).toBe(true);
    expect(readdirSync(inside('data')).sort()).toEqual(['none.csv', 'old.csv']);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('gives a file the whole content of one of several calls at once', async () => {
    const contents = ['a', 'b', 'c', 'd'].map(letter => letter.repeat(1e6));
    await Promise.all(contents.map(content => replaceFile(inside('same.csv'), content)));
    expect(contents).toContain(readFileSync(inside('same.csv'), 'utf8'));
    expect(readdirSync(folder).filter(name => name.includes('partial'))).toEqual([]);
  });

  it('writes into a pipe as it is', async () => {
    execFileSync('mkfifo', [inside('pipe')]);
    symlinkSync('pipe', inside('link'));
    for (const name of ['pipe', 'link']) {
      const read = readFile(inside('pipe'), 'utf8');
      await replaceFile(inside(name), 'rows');
      expect(await read).toBe('rows');
    }
    expect(lstatSync(inside('pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link', 'pipe']);
  });

  it('takes what a process has open for no file that could be replaced', async () => {
    for (const open of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])
      expect(await writeTarget(open)).toEqual({path: open, direct: true});
    expect(await writeTarget(inside('new.csv'))).toEqual({path: inside('new.csv'), direct: false});
  });
});
