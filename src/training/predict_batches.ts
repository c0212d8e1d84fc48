import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, invalidArgument, show} from '../errors';

/** Ids of one batch: int32 [B, W], or the same values row by row. */
export type BatchIds = tf.Tensor | Int32Array;

/** One batch: its ids, alone or as `ids` or `xs` beside whatever else a reader gives, such as labels. */
export type IdBatch = BatchIds | {readonly ids: BatchIds} | {readonly xs: BatchIds};

/**
 * Predictions for more rows than fit in memory, batch by batch in the order of the source: reading and computing
 * overlap, since the next batch is asked for before the current one is computed. At most two batches are in memory.
 *
 * Yields, for each batch, a Float32Array of B values (B k for a model with k outputs per row). Tensors of a batch
 * belong to this function from then on, labels included, and are disposed, as in `fitDataset`; pass `tf.clone`s of what
 * you keep. Leaving the loop closes the source.
 *
 * @param source An iterable or async iterable, e.g. a generator. A batch may have any number of rows, 0 too.
 * @throws AutofisError on a model with several inputs or outputs, and on an error of the source or the model, with
 * the batch's number.
 * @example
 * for await (const clicks of predictBatches(slim, readBatches('day.csv'))) write(clicks);
 */
export async function* predictBatches(
  model: tfl.LayersModel,
  source: Iterable<IdBatch> | AsyncIterable<IdBatch>,
): AsyncGenerator<Float32Array, void, void> {
  const columns = checkModelShape(model);
  const iterator = iteratorOf(source);
  let batch = 0;
  let reading = read(iterator);
  try {
    for (; ; batch++) {
      const {done, value} = await reading;
      if (done === true) return;
      reading = read(iterator);
      const output = compute(model, value, columns);
      try {
        yield (await output.data()) as Float32Array;
      } finally {
        output.dispose();
      }
    }
  } catch (error) {
    throw new AutofisError(`predictBatches: batch ${batch}, counted from 0: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    const ahead = await reading.catch(() => null);
    if (ahead !== null && ahead.done !== true) {
      disposeBatch(ahead.value);
      await iterator.return?.();
    }
  }
}

/** The number of columns of the model's only input. */
function checkModelShape({inputs, outputs}: tfl.LayersModel): number {
  if (inputs?.length === 1 && outputs.length === 1 && inputs[0].shape[1] != null) return inputs[0].shape[1];
  throw new AutofisError(
    'predictBatches: `model` must have one input [batch, columns] and one output. Received: ' +
      `${inputs?.length} inputs and ${outputs?.length} outputs. Combine them in a tf.model of your own.`,
  );
}

function iteratorOf<T>(source: Iterable<T> | AsyncIterable<T>): AsyncIterator<T> | Iterator<T> {
  const {[Symbol.asyncIterator]: later, [Symbol.iterator]: now} = source as AsyncIterable<T> & Iterable<T>;
  const begin = later ?? now;
  if (typeof begin === 'function') return begin.call(source);
  throw invalidArgument('predictBatches', 'source', 'be an iterable or async iterable of batches', source);
}

/** Ask for the next batch; its error reaches the code that awaits it. */
function read<T>(iterator: AsyncIterator<T> | Iterator<T>): Promise<IteratorResult<T>> {
  const reading = (async () => iterator.next())();
  reading.catch(() => undefined);
  return reading;
}

/** Compute one batch and dispose it. */
function compute(model: tfl.LayersModel, batch: IdBatch, columns: number): tf.Tensor {
  try {
    return tf.tidy(() => {
      const ids = idsOf(batch, columns);
      // tfjs joins the outputs of a model's batches, and fails where there are none.
      return ids.shape[0] === 0 ? tf.zeros([0]) : (model.predictOnBatch(ids) as tf.Tensor);
    });
  } finally {
    disposeBatch(batch);
  }
}

function idsOf(batch: IdBatch, columns: number): tf.Tensor {
  const {ids, xs} = (batch ?? {}) as {ids?: BatchIds; xs?: BatchIds};
  const given = ids ?? xs ?? (batch as BatchIds);
  if (given instanceof tf.Tensor) return given;
  if (!(given instanceof Int32Array)) {
    throw new AutofisError(
      `it must be an int32 tensor, an Int32Array, or an object with one as \`ids\` or \`xs\`. Received: ` +
        `${show(batch)}.`,
    );
  }
  if (given.length % columns === 0) return tf.tensor2d(given, [given.length / columns, columns], 'int32');
  throw new AutofisError(`${given.length} ids do not fill whole rows of the model's ${columns} columns.`);
}

function disposeBatch(batch: IdBatch): void {
  // Not by tf.dispose, which would look for tensors among the elements of an array.
  if (batch instanceof tf.Tensor) batch.dispose();
  else if (batch !== null && typeof batch === 'object' && !ArrayBuffer.isView(batch))
    tf.dispose(Object.values(batch).filter(value => value instanceof tf.Tensor));
}
