/**
 * One process of gpu_checks.ts: `tsx gpu_models.ts train|load BACKEND FOLDER` searches the Auto models from one seed
 * and saves them in FOLDER, or loads them from there, and writes FOLDER/PHASE-BACKEND.json, what they predict.
 */
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, SeededBatches} from 'tfjs-autofis';
import {autoDeepFm, autoFfm, autoFm, autoIpnn} from 'tfjs-autofis/models';
import {type BackendName, useBackend} from 'tfjs-autofis/runtime';
import {asTensors} from '../benchmarks/experiments/lab';
import {plantedData} from '../benchmarks/experiments/planted';

const MODELS = {AutoFM: autoFm, AutoDeepFM: autoDeepFm, AutoFFM: autoFfm, AutoIPNN: autoIpnn};

/** Predictions of the test rows by model, and whether a GPU computed them. */
export interface Trained {
  gpu: boolean;
  predictions: {[model: string]: number[]};
}

async function main(phase: 'train' | 'load', backend: BackendName, folder: string): Promise<void> {
  const {gpu} = await useBackend(backend);
  const {fields, parts} = plantedData({rows: 20_000, seed: 1});
  const [train, test] = [parts.train, parts.test].map(asTensors);
  const result: Trained = {gpu, predictions: {}};
  for (const [name, build] of Object.entries(MODELS)) {
    const file = path.join(folder, name);
    let model: tfl.LayersModel;
    if (phase === 'load') model = await tfl.loadLayersModel(`${pathToFileURL(file).href}/model.json`);
    else {
      model = build({fields, embeddingDim: 8, hiddenUnits: [64, 32], seed: 1});
      await model.fitDataset(new SeededBatches(train, {batchSize: 500, seed: 1}) as never, {
        epochs: 2,
        verbose: 0,
        callbacks: [new SearchStage({method: {type: 'grda'}})],
      });
      await model.save(pathToFileURL(file).href);
    }
    result.predictions[name] = Array.from((model.predict(test.xs) as tf.Tensor).dataSync());
  }
  fs.writeFileSync(path.join(folder, `${phase}-${backend}.json`), JSON.stringify(result));
}

void main(process.argv[2] as 'train' | 'load', process.argv[3] as BackendName, process.argv[4]);
