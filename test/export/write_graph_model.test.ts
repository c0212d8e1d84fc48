import {statSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import {writeGraphModel} from 'tfjs-autofis/export';
import {expectSameAlone} from './alone';
import {everyStep} from './every_step';
import {apart, cases, predict, randomIds, trainedModels} from './models';
import {fileSystem} from '../../src/runtime/file_system';
import {sharedFolder} from '../helpers/folders';

const models = trainedModels();
const folder = sharedFolder();
const at = (i: number | string) => path.join(folder, String(i));
const load = (i: number | string) => loadGraphModel(fileSystem(`file://${path.join(at(i), 'model.json')}`));

describe('writeGraphModel', () => {
  it.each(cases.map((each, i) => ({...each, i})))(
    'predicts the same in tfjs-converter: $title',
    async ({fields, i}) => {
      const ids = randomIds(fields, 1000, 5);
      const before = tf.memory().numTensors;
      await writeGraphModel(at(i), models()[i]);
      expect(tf.memory().numTensors).toBe(before);
      const loaded = await load(i);
      expect(loaded.inputs).toEqual([{name: 'ids', dtype: 'int32', shape: [-1, ids[0].length]}]);
      expect(loaded.outputs.map(({name}) => name)).toEqual(['click']);
      const predictions = tf.tidy(() => [
        ...(loaded.predict(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor).dataSync(),
      ]);
      expect(apart(predictions, predict(models()[i], ids))).toBeLessThan(1e-5);
      loaded.dispose();
    },
  );

  it('runs in a process that has only tfjs-core and tfjs-converter', async () => {
    const loader = "require('@tensorflow/tfjs-converter').loadGraphModel";
    await expectSameAlone(folder, loader, models(), (model, to) => writeGraphModel(to, model));
  });

  it('has every activation, several inputs and outputs, and models in models', async () => {
    const {model, given} = everyStep();
    await writeGraphModel(at('every'), model);
    const loaded = await load('every');
    const expected = model.predict(given) as tf.Tensor[];
    const result = loaded.execute(
      {x: given[0], y: given[1]},
      loaded.outputs.map(({name}) => name),
    ) as tf.Tensor[];
    expect(result.map(({shape}) => shape)).toEqual(expected.map(({shape}) => shape));
    expected.forEach((tensor, i) => expect(apart(result[i].dataSync(), tensor.dataSync())).toBeLessThan(2e-5));
    tf.dispose([...given, ...expected, ...result]);
    loaded.dispose();
    model.dispose();
  });

  it('holds a table once', async () => {
    await writeGraphModel(at(0), models()[0]);
    const [{fields}] = cases;
    const V = fields.reduce((sum, {size}) => sum + size, 0);
    const m = fields.length;
    expect(statSync(path.join(at(0), 'weights.bin')).size).toBeLessThan(4 * (V * 7 + m * m + 2 * 6 * m + 200));
  });
});
