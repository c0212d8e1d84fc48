/**
 * One-row predictions of a slim AutoDeepFM and of its exports, in one process: the request's `what` says which is
 * asked. Argument: JSON of {rows, d, hidden, folder}.
 */
import path from 'node:path';
import {GraphModel, loadGraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import {GatedInteraction} from 'tfjs-autofis';
import {stockModel, writeGraphModel, writeOnnx} from 'tfjs-autofis/export';
import {useBackend} from 'tfjs-autofis/runtime';
import {fieldsOf, readRows} from '../data';
import {nativePackage} from '../native';
import {Pacer} from '../pacer';
import {ctrModel, someInteractions} from './ctr_model';
import {fileSystem} from '../internals';

const options = JSON.parse(process.argv[2]) as {rows: string; d: number; hidden: number[]; folder: string};

async function main(): Promise<void> {
  await useBackend(nativePackage());
  const {ids, sizes} = readRows(options.rows);
  const m = sizes.length;
  const {d, hidden} = options;
  const model = ctrModel({fields: fieldsOf(sizes), d, hidden}, e =>
    new GatedInteraction({interactions: someInteractions(m, 0.24)}).apply(e),
  );
  const file = path.join(options.folder, 'slim.onnx');
  await writeOnnx(file, model);
  const session = await ort.InferenceSession.create(file);
  const stock = stockModel(model);
  const graphFolder = path.join(options.folder, 'graph');
  await writeGraphModel(graphFolder, model);
  const graph = await loadGraphModel(fileSystem(`file://${path.join(graphFolder, 'model.json')}`));

  // A server gets each row from outside, so its tensor is made within the time.
  let row = 0;
  const nextRow = () => {
    const start = row * m;
    row = (row + 1) % 1000;
    return ids.slice(start, start + m);
  };
  const predict = (model: tfl.LayersModel | GraphModel) =>
    tf.tidy(() => (model.predict(tf.tensor2d(nextRow(), [1, m], 'int32')) as tf.Tensor).dataSync()[0]);
  const calls: Record<string, () => number | Promise<number>> = {
    ours: () => predict(model),
    stock: () => predict(stock),
    graph: () => predict(graph),
    onnx: async () => (await session.run({ids: new ort.Tensor('int32', nextRow(), [1, m])}))['click'].data[0] as number,
  };
  const apart: Record<string, number> = {};
  for (const what of Object.keys(calls)) {
    for (let i = 0; i < 100; i++) {
      row = i;
      const expected = await calls['ours']();
      row = i;
      apart[what] = Math.max(apart[what] ?? 0, Math.abs((await calls[what]()) - expected));
    }
  }

  const pacer = new Pacer(() => apart);
  pacer.ready();
  while (await pacer.step()) await calls[pacer.what]();
  process.exit(0);
}

void main();
