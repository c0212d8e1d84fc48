import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, SearchStage} from '../../src/index';
import {fileSystem} from '../../src/runtime/file_system';
import {saveModel} from '../../src/runtime/index';
import {weightBytes} from '../../src/runtime/save_model';
import {emptyFolder} from '../helpers/folders';
import {expectNoLeak} from '../helpers/tensors';

const fields = [
  {name: 'user_ID', size: 7},
  {name: 'b', size: 5},
  {name: 'C1', size: 4},
];
const ids = [
  [0, 1, 2],
  [6, 4, 3],
  [3, 0, 0],
  [1, 1, 1],
];
const labels = [[0], [1], [1], [0]];

describe('saveModel', () => {
  const folder = emptyFolder();

  const read = (...names: string[]) => readFileSync(path.join(folder, ...names));

  async function trained(): Promise<tfl.Sequential> {
    const model = tfl.sequential({
      layers: [
        new FieldEmbedding({fields, outputDim: 3, seed: 1, name: 'embedding'}),
        new GatedInteraction({seed: 2, name: 'gate'}),
        tfl.layers.activation({activation: 'sigmoid', name: 'click'}),
      ],
    });
    model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    model.setUserDefinedMetadata({fields: ['user_ID']});
    const [x, y] = [tf.tensor2d(ids, undefined, 'int32'), tf.tensor2d(labels)];
    await model.fit(x, y, {epochs: 2, batchSize: 2, shuffle: false, verbose: 0});
    tf.dispose([x, y]);
    return model;
  }

  it.each([false, true])('writes the files of model.save, includeOptimizer %s', async includeOptimizer => {
    const model = await trained();
    await model.save(fileSystem(`file://${folder}/stock`), {includeOptimizer});
    await saveModel(model, `file://${folder}/ours/deeper`, {includeOptimizer});
    expect(JSON.parse(read('ours/deeper/model.json').toString())).toEqual(
      JSON.parse(read('stock/model.json').toString()),
    );
    expect(read('ours/deeper/weights.bin').equals(read('stock/weights.bin'))).toBe(true);
    expect(readdirSync(path.join(folder, 'ours/deeper')).sort()).toEqual(['model.json', 'weights.bin']);
    model.dispose();
  });

  it('saves a search midway, tables and moments as they are', async () => {
    const model = await trained();
    const files: Buffer[][] = [];
    const search = new SearchStage({method: {type: 'grda'}});
    const save = new tfl.CustomCallback({
      onEpochEnd: async () => {
        await search.model.save(fileSystem(`file://${folder}/stock`), {includeOptimizer: true});
        await saveModel(search.model, `file://${folder}/ours`, {includeOptimizer: true});
        files.push(['ours', 'stock'].map(name => read(name, 'weights.bin')));
      },
    });
    jest.spyOn(console, 'warn').mockImplementation();
    await model.fit(tf.tensor2d(ids, undefined, 'int32'), tf.tensor2d(labels), {
      epochs: 2,
      verbose: 0,
      callbacks: [search, save],
    });
    expect(files).toHaveLength(2);
    for (const [ours, stock] of files) expect(ours.equals(stock)).toBe(true);
    expect(files[0][0].equals(files[1][0])).toBe(false);
    model.dispose();
  });

  it('reads a weight in pieces', async () => {
    const tensor = tf.tensor2d([1, 2, 3, 4, 5, 6, 7], [7, 1]);
    const flags = tf.tensor1d([true, false, true], 'bool');
    const parts: Uint8Array[] = [];
    for await (const part of weightBytes(
      [
        {name: 'a', tensor},
        {name: 'b', tensor: flags},
      ],
      3,
    ))
      parts.push(part.slice());
    expect(parts.map(part => part.length)).toEqual([12, 12, 4, 3]);
    const all = Buffer.concat(parts);
    expect([0, 1, 2, 3, 4, 5, 6].map(i => all.readFloatLE(4 * i))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...all.subarray(28)]).toEqual([1, 0, 1]);
  });

  it('leaves no tensor behind', async () => {
    const model = await trained();
    await expectNoLeak(() => saveModel(model, `file://${folder}/x`, {includeOptimizer: true}));
    model.dispose();
  });

  it('says what is wrong with its arguments', async () => {
    const model = tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [1]})]});
    await expect(saveModel(model, folder)).rejects.toThrow(
      `saveModel: \`url\` must be 'file://' and the path of a folder. Received: ${JSON.stringify(folder)}`,
    );
    await expect(saveModel(model, `file://${folder}`, {includeOptimiser: true} as never)).rejects.toThrow(
      'saveModel: `includeOptimiser` must not be given: the options are includeOptimizer. Received: true.',
    );
    model.dispose();
  });
});
