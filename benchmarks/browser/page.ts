/** What runs in the page: searches of AutoFM on rows that it fetches, timed step by step. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, SeededBatches} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {fetchData} from './data';

export interface SearchSettings {
  passes: number;
  batchSize: number;
  /** The number of steps of one pass; all of them by default. */
  steps?: number;
}

export interface SearchFigures {
  /** From before the model is made to the selection. */
  seconds: number;
  /** Of each step, the making of its batch included. */
  ms: number[];
  /** The kept interactions, the strongest first. */
  kept: string[][];
  /** Tensors that there are afterwards. */
  tensors: number;
}

/** One search on the current backend, from nothing to nothing: all that it makes is disposed. */
export async function search({passes, batchSize, steps}: SearchSettings): Promise<SearchFigures> {
  const {fields, ids, labels} = await fetchData();
  const count = steps === undefined ? labels.length : steps * batchSize;
  const started = performance.now();
  const ms: number[] = [];
  const xs = tf.tensor2d(ids.subarray(0, count * fields.length), [count, fields.length], 'int32');
  const ys = tf.tensor2d(labels.subarray(0, count), [count, 1]);
  const model = autoFm({fields, embeddingDim: 16, seed: 1});
  const stage = new SearchStage();
  let before = 0;
  const watch = new tfl.CustomCallback({
    onEpochBegin: () => {
      before = performance.now();
    },
    onBatchEnd: () => {
      const now = performance.now();
      ms.push(now - before);
      before = now;
    },
  });
  await model.fitDataset(new SeededBatches({xs, ys}, {batchSize, seed: 1}) as never, {
    epochs: passes,
    verbose: 0,
    callbacks: [stage, watch],
  });
  const seconds = (performance.now() - started) / 1000;
  model.dispose();
  tf.dispose([xs, ys]);
  return {seconds, ms, kept: stage.selection.map(each => [...each.fields]), tensors: tf.memory().numTensors};
}
