/**
 * One process of models.test.ts: `tsx zoo_process.ts save|load FOLDER` trains and saves every model of the zoo, or loads
 * them with only `import 'tfjs-autofis'`, and writes their predictions to FOLDER/PHASE.json.
 */
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {zooFields, zooIds} from '../helpers/plain_models';

async function main(phase: 'save' | 'load', folder: string): Promise<void> {
  await useBackend();
  const rows = zooIds(zooFields, 8, 41);
  const xs = tf.tensor2d(rows, undefined, 'int32'), ys = tf.tensor2d(rows.map((_, i) => [i % 2]));
  const result: Record<string, number[]> = {};
  const keep = (name: string, model: tfl.LayersModel) => {
    result[name] = Array.from((model.predict(xs) as tf.Tensor).dataSync());
  };
  if (phase === 'save') {
    const {zoo} = await import('../helpers/zoo');
    for (const [i, {title, build, options}] of zoo.entries()) {
      const model = build({fields: zooFields, embeddingDim: 3, hiddenUnits: [4], dropout: 0.2, l2: 0.01, ...options});
      await model.fit(xs, ys, {epochs: 1, verbose: 0});
      await model.save(pathToFileURL(path.join(folder, `${i}`)).href);
      keep(`${i} ${title}`, model);
    }
    fs.writeFileSync(path.join(folder, 'titles.json'), JSON.stringify(Object.keys(result)));
  } else {
    const titles = JSON.parse(fs.readFileSync(path.join(folder, 'titles.json'), 'utf8')) as string[];
    for (const [i, title] of titles.entries()) {
      keep(title, await tfl.loadLayersModel(`${pathToFileURL(path.join(folder, `${i}`)).href}/model.json`));
    }
  }
  fs.writeFileSync(path.join(folder, `${phase}.json`), JSON.stringify(result));
}

void main(process.argv[2] as 'save' | 'load', process.argv[3]);
