/**
 * One process of memory.test.ts: `tsx memory_process.ts MODEL [BACKEND]` trains a model of 39 fields, as many as Criteo
 * has, with a batch of 2,000 and d 16, and prints by how many MB that raised the most memory that the process ever had.
 */
import * as tf from '@tensorflow/tfjs-core';
import {SeededBatches} from 'tfjs-autofis';
import * as models from 'tfjs-autofis/models';
import {BackendName, useBackend} from 'tfjs-autofis/runtime';
import {processMemory} from '../../benchmarks/memory';
import {zooIds} from '../helpers/plain_models';

async function main(name: 'ffm' | 'afm', backend?: BackendName): Promise<void> {
  await useBackend(backend);
  const fields = Array.from({length: 39}, (_, i) => ({name: `f${i}`, size: 100}));
  const ids = zooIds(fields, 2000, 1);
  const data = {xs: tf.tensor2d(ids, undefined, 'int32'), ys: tf.tensor2d(ids.map(([first]) => [first % 2]))};
  const model = models[name]({fields, embeddingDim: 16, seed: 1});
  const before = processMemory().peakMB;
  await model.fitDataset(new SeededBatches(data, {batchSize: 2000, seed: 1}) as never, {epochs: 1, verbose: 0});
  console.log(Math.round(processMemory().peakMB - before));
}

void main(process.argv[2] as 'ffm' | 'afm', process.argv[3] as BackendName | undefined);
