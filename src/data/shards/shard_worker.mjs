/**
 * The thread that reads shards. It is plain JavaScript and imports nothing but Node, so that it starts as it stands from the
 * sources, from the build and under test runners.
 *
 * workerData: {columns, batchSize, weights}. Each message {reads, rows, order, last} is one window: byte ranges to read and
 * the order in which to give the rows. The answer is {batches} or {error}; rows that fill no batch wait for the next
 * window, unless this is the last one of its epoch.
 */
import {openSync, readSync} from 'node:fs';
import {parentPort, workerData} from 'node:worker_threads';

const {columns, batchSize, weights} = workerData;
const files = new Map();
/** The batch that is being filled. */
let batch = null;

/** Reads a range of a file into an array at an element. */
function read(file, position, target, start, count) {
  let descriptor = files.get(file);
  if (descriptor === undefined) files.set(file, descriptor = openSync(file));
  const bytes = new Uint8Array(target.buffer, target.byteOffset + start * target.BYTES_PER_ELEMENT, count * target.BYTES_PER_ELEMENT);
  for (let done = 0; done < bytes.length;) {
    const got = readSync(descriptor, bytes, done, bytes.length - done, position + done);
    if (got === 0) throw new Error(`${file} has become shorter since it was opened`);
    done += got;
  }
}

/** The window's rows as they lie in the files. */
function load(reads, rows) {
  const ids = new Int32Array(rows * columns), labels = new Float32Array(rows), weight = weights ? new Float32Array(rows) : null;
  let at = 0;
  for (const {file, rows: count, ids: idsAt, label, labelType, weight: weightAt} of reads) {
    read(file, idsAt, ids, at * columns, count * columns);
    if (labelType === 'float32') {
      read(file, label, labels, at, count);
    } else {
      const small = labelType === 'int8' ? new Int8Array(count) : new Uint8Array(count);
      read(file, label, small, 0, count);
      labels.set(small, at);
    }
    if (weights) read(file, weightAt, weight, at, count);
    at += count;
  }
  return {ids, labels, weight};
}

function newBatch() {
  return {
    rows: 0, ids: new Int32Array(batchSize * columns), labels: new Float32Array(batchSize),
    ...(weights ? {weights: new Float32Array(batchSize)} : {}),
  };
}

/** The batch cut to the rows that it holds. */
function cut({rows, ids, labels, weights: weight}) {
  return {rows, ids: ids.slice(0, rows * columns), labels: labels.slice(0, rows), ...(weights ? {weights: weight.slice(0, rows)} : {})};
}

function batchesOf({reads, rows, order, last}) {
  const from = load(reads, rows);
  const full = [];
  for (const row of order) {
    batch ??= newBatch();
    const to = batch.rows++ * columns, start = row * columns;
    for (let c = 0; c < columns; c++) batch.ids[to + c] = from.ids[start + c];
    batch.labels[batch.rows - 1] = from.labels[row];
    if (weights) batch.weights[batch.rows - 1] = from.weight[row];
    if (batch.rows === batchSize) {
      full.push(batch);
      batch = null;
    }
  }
  if (last && batch !== null) {
    full.push(cut(batch));
    batch = null;
  }
  return full;
}

parentPort.on('message', window => {
  try {
    const batches = batchesOf(window);
    const buffers = batches.flatMap(({ids, labels, weights: weight}) => [ids.buffer, labels.buffer, ...(weight ? [weight.buffer] : [])]);
    parentPort.postMessage({batches}, buffers);
  } catch (error) {
    parentPort.postMessage({error: error.message});
  }
});
