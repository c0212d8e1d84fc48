/**
 * One process of models.test.ts: `tsx zoo_process.ts save|load FOLDER [BACKEND]` trains and saves every model of the
 * zoo, or loads them with only `import 'tfjs-autofis'`, and writes their predictions to FOLDER/PHASE.json.
 */
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import 'tfjs-autofis';
import type {FieldSpec} from 'tfjs-autofis';
import {BackendName, useBackend} from 'tfjs-autofis/runtime';
import {zooIds} from '../helpers/plain_models';

async function main(phase: 'save' | 'load', folder: string, backend?: BackendName): Promise<void> {
  await useBackend(backend);
  const ys = tf.tensor2d(Array.from({length: 8}, (_, i) => [i % 2]));
  const result: Record<string, number[]> = {};
  const rowsOf = (fields: FieldSpec[]) => tf.tensor2d(zooIds(fields, 8, 41), undefined, 'int32');
  const keep = (name: string, model: tfl.LayersModel, xs: tf.Tensor) => {
    result[name] = Array.from((model.predict(xs) as tf.Tensor).dataSync());
  };
  if (phase === 'save') {
    const allFields: FieldSpec[][] = [];
    const {fieldsOf, zoo} = await import('../helpers/zoo');
    for (const [i, each] of zoo.entries()) {
      const fields = fieldsOf(each, 'multiHot');
      const xs = rowsOf(fields);
      const model = each.build({
        fields,
        embeddingDim: 3,
        hiddenUnits: [4],
        dropout: 0.2,
        embeddingDropout: 0.2,
        l2: 0.01,
        ...each.options,
      });
      await model.fit(xs, ys, {epochs: 1, verbose: 0});
      await model.save(pathToFileURL(path.join(folder, `${i}`)).href);
      keep(`${i} ${each.title}`, model, xs);
      allFields.push(fields);
    }
    fs.writeFileSync(
      path.join(folder, 'titles.json'),
      JSON.stringify(Object.keys(result).map((title, i) => [title, allFields[i]])),
    );
  } else {
    const titles = JSON.parse(fs.readFileSync(path.join(folder, 'titles.json'), 'utf8')) as Array<
      [string, FieldSpec[]]
    >;
    for (const [i, [title, fields]] of titles.entries()) {
      keep(
        title,
        await tfl.loadLayersModel(`${pathToFileURL(path.join(folder, `${i}`)).href}/model.json`),
        rowsOf(fields),
      );
    }
  }
  fs.writeFileSync(path.join(folder, `${phase}.json`), JSON.stringify(result));
}

void main(process.argv[2] as 'save' | 'load', process.argv[3], process.argv[4] as BackendName | undefined);
