import * as tf from '@tensorflow/tfjs-core';
import {seededRandom, shuffle} from '../../src/random';
import type {Rows} from './models';

/**
 * Rows in memory as `fitDataset` reads them, each epoch in an order that follows from seed and epoch, from any step on.
 */
export function seededDataset(
  {ids, labels}: Rows,
  {batchSize, seed, fromStep = 0}: {batchSize: number; seed: number; fromStep?: number},
) {
  const size = Math.ceil(labels.length / batchSize);
  let step = fromStep;
  let epoch = Math.floor(fromStep / size) - 1;
  const dataset = {
    size,
    iterator: async () => {
      let order: Int32Array | null = null;
      let end = 0;
      return {
        next: async () => {
          // fitDataset asks for an iterator that it does not read.
          if (order === null) {
            epoch++;
            end = (epoch + 1) * size;
            order = shuffle(
              Int32Array.from(labels, (_, i) => i),
              seededRandom(seed * 1000 + epoch),
            );
          }
          if (step >= end) return {done: true, value: null};
          const at = step++ % size;
          const rows = order.slice(at * batchSize, (at + 1) * batchSize);
          return {
            done: false,
            value: {
              xs: tf.tensor2d(Int32Array.from([...rows].flatMap(r => ids[r])), [rows.length, ids[0].length], 'int32'),
              ys: tf.tensor2d(
                [...rows].map(r => labels[r]),
                [rows.length, 1],
              ),
            },
          };
        },
      };
    },
  };
  return dataset as never;
}
