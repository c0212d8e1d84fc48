/**
 * Writes FOLDER/zoo.json, what the models predict and what a step of SGD makes of them, for reference.py to compute
 * again, and an ONNX file of each: `tsx run_zoo.ts BACKEND FOLDER`.
 */
import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../src';
import {writeOnnx} from '../../src/export';
import {useBackend} from '../../src/runtime';
import {predictions, randomWeights, zooIds} from '../helpers/plain_models';
import {fieldsOf, zoo, ZooCase} from '../helpers/zoo';
import type {Backend} from './backends';

const RATE = 1;

export interface ComputedCase {
  title: string;
  /** The function that makes the model. */
  model: string;
  options: object;
  fields: FieldSpec[];
  ids: number[][];
  labels: number[];
  weights: {[name: string]: {shape: number[]; values: number[]}};
  predictions: number[];
  rate: number;
  /** The trained weights after one step of SGD on all rows. */
  after: {[name: string]: number[]};
}

/** Writes the model as ONNX where it can be; test/export demands of which models it can. */
async function exportModel(file: string, model: tfl.LayersModel): Promise<void> {
  try {
    await writeOnnx(file, model);
  } catch (error) {
    if (!(error as Error).message.includes('cannot be exported')) throw error;
  }
}

async function compute(each: ZooCase, file: string): Promise<ComputedCase> {
  const {build, options, title} = each;
  const fields = fieldsOf(each, 'multiHot');
  const optimizer = tf.train.sgd(RATE);
  const model = build({fields, embeddingDim: 3, hiddenUnits: [5, 4], seed: 7, ...options, optimizer});
  const ids = zooIds(fields, 9, 21);
  const labels = ids.map((_, i) => i % 2);
  randomWeights(model, 23);
  const values = () => model.weights.map(weight => ({weight, values: Array.from(weight.read().dataSync())}));
  const weights = Object.fromEntries(
    values().map(({weight, values}) => [weight.originalName, {shape: weight.shape as number[], values}]),
  );
  const predicted = predictions(model, ids);
  await exportModel(file, model);
  const xs = tf.tensor2d(ids, undefined, 'int32');
  const ys = tf.tensor2d(labels, [labels.length, 1]);
  await model.fit(xs, ys, {epochs: 1, batchSize: ids.length, shuffle: false, verbose: 0});
  const after = Object.fromEntries(
    values()
      .filter(({weight}) => weight.trainable)
      .map(({weight, values}) => [weight.originalName, values]),
  );
  tf.dispose([xs, ys]);
  model.dispose();
  optimizer.dispose();
  return {title, model: build.name, options, fields, ids, labels, weights, predictions: predicted, rate: RATE, after};
}

async function main(backend: Backend, folder: string): Promise<void> {
  await useBackend(backend);
  const computed: ComputedCase[] = [];
  for (const [i, each] of zoo.entries()) computed.push(await compute(each, path.join(folder, `${i}.onnx`)));
  fs.writeFileSync(path.join(folder, 'zoo.json'), JSON.stringify(computed));
}

void main(process.argv[2] as Backend, process.argv[3]);
