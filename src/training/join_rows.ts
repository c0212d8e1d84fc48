import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import {type LabeledRows, rowCount, type TrainingRows} from './rows';
import {SeededBatches} from './seeded_batches';
import type {BatchSource} from './weighted_batches';

/**
 * The rows of `train` and of `more` together; rows in memory become new tensors, which `dispose` frees.
 * @throws AutofisError if only one of them has groups.
 */
export function joinRows(train: TrainingRows, more: LabeledRows): {rows: TrainingRows; dispose(): void} {
  if (typeof train === 'function') {
    return {
      rows: (seed, batchSize) => interleaved(train(seed, batchSize), new SeededBatches(more, {batchSize, seed})),
      dispose: () => undefined,
    };
  }
  const groups = joinedGroups(train, more);
  const rows = tf.tidy(() => {
    const xs = [train.xs].flat().map((x, i) => joined(x, [more.xs].flat()[i]));
    const weights = train.weights ?? more.weights;
    return {
      xs: Array.isArray(train.xs) ? xs : xs[0],
      ys: joined(train.ys, tf.reshape(more.ys, [-1, ...train.ys.shape.slice(1)])),
      ...(weights === undefined ? {} : {weights: joined(rowWeights(train), rowWeights(more))}),
      ...(groups && {groups}),
    };
  }) as LabeledRows;
  return {rows, dispose: () => tf.dispose(rows as never)};
}

function joinedGroups(train: LabeledRows, more: LabeledRows): number[] | undefined {
  const [first, second] = [train.groups, more.groups];
  const all = [first, second].flatMap(groups => Array.from(groups ?? []));
  if (first !== undefined && second !== undefined && new Set(all).size > 2) return all;
  if (first === undefined && second === undefined) return undefined;
  throw new AutofisError(
    'autoSelect: `train` and `validation` must both have `groups`, three different ones at least, or neither. ' +
      `Received: ${first?.length ?? 'no'} and ${second?.length ?? 'no'} groups, ${new Set(all).size} different.`,
  );
}

/** Joined, in the type that holds both: backends refuse tensors of different types, or round to the first one's. */
function joined(first: tf.Tensor, second: tf.Tensor): tf.Tensor {
  const type = tf.upcastType(first.dtype, second.dtype);
  return tf.concat([tf.cast(first, type), tf.cast(second, type)]);
}

/** Return the weight of each row, [rows]; 1 where rows have no weights. */
function rowWeights(rows: LabeledRows): tf.Tensor {
  return rows.weights === undefined ? tf.ones([rowCount(rows)]) : tf.reshape(rows.weights, [-1]);
}

/** Both sources, the batches of the shorter spread evenly among those of the longer. */
function interleaved(long: BatchSource, short: BatchSource): BatchSource {
  const size = long.size + short.size;
  return {
    size,
    async iterator() {
      const [first, second] = [await long.iterator(), await short.iterator()];
      let taken = 0;
      let given = 0;
      return {
        next: () => {
          given++;
          const due = taken < Math.floor((given * short.size) / size);
          if (due) taken++;
          return due ? second.next() : first.next();
        },
      };
    },
  };
}
