import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import type * as tfl from '@tensorflow/tfjs-layers';
import {apart, cases, predict, randomIds} from './models';

const program = (loader: string) => `
  const fs = require('fs'), path = require('path'), tf = require('@tensorflow/tfjs-core');
  const loader = ${loader};
  require('@tensorflow/tfjs-backend-cpu');
  tf.backend().firstUse = false;
  const {ids, folders} = JSON.parse(fs.readFileSync(0, 'utf8'));
  const load = folder => loader({load: async () => {
    const json = JSON.parse(fs.readFileSync(path.join(folder, 'model.json')));
    const bytes = fs.readFileSync(path.join(folder, 'weights.bin'));
    return tf.io.getModelArtifactsForJSON(json, async manifest =>
      [manifest.flatMap(group => group.weights), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)]);
  }});
  (async () => {
    const result = [];
    for (let i = 0; i < folders.length; i++) {
      const model = await load(folders[i]);
      result.push([...model.predict(tf.tensor2d(ids[i], undefined, 'int32'), {batchSize: 500}).dataSync()]);
    }
    console.log(JSON.stringify(result));
  })();`;

/** Compare the models of all cases with their predictions in a process that has only TensorFlow.js. */
export async function expectSameAlone(
  folder: string,
  loader: string,
  models: readonly tfl.LayersModel[],
  save: (model: tfl.LayersModel, folder: string) => Promise<void>,
): Promise<void> {
  const script = path.join(folder, 'load.cjs');
  writeFileSync(script, program(loader));
  const ids = cases.map(({fields}) => randomIds(fields, 1000, 6));
  const folders = cases.map((_, i) => path.join(folder, `alone-${i}`));
  for (const [i, model] of models.entries()) await save(model, folders[i]);
  const child = promisify(execFile)(process.execPath, [script], {
    env: {...process.env, NODE_PATH: path.resolve('node_modules')},
  });
  child.child.stdin!.end(JSON.stringify({ids, folders}));
  const predictions = JSON.parse((await child).stdout) as number[][];
  const same = predictions.map((each, i) => apart(each, predict(models[i], ids[i])) < 1e-5);
  expect(cases.map(({title}, i) => [title, same[i]])).toEqual(cases.map(({title}) => [title, true]));
}
