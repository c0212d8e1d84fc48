/**
 * The thread that reads shards. It is plain JavaScript and imports nothing but Node, so that it starts as it stands
 * from the sources, from the build and under test runners.
 *
 * workerData is a `Reading` of prefetch.ts. Each message {blocks, rows, order, last} is one window: the blocks of rows
 * to read and the order in which to give the rows. The answer is {batches} or {error}; rows that fill no batch wait for
 * the next window, unless this is the last one of its epoch.
 */
import {openSync, readSync} from 'node:fs';
import {parentPort, workerData} from 'node:worker_threads';

const {columns, batchSize, weights, groups, fields, files, windowRows, checksumRows, module} = workerData;
const PAGE = 65536;
/** Bytes of a row in memory: ids, label, weight, group. */
const ROW = 4 * (columns + 1 + (weights ? 1 : 0) + (groups ? 1 : 0));

// Rows are read to where the checksum finds them.
const memory = new WebAssembly.Memory({initial: Math.ceil(((windowRows + checksumRows) * ROW) / PAGE)});
const {checksum} = new WebAssembly.Instance(module, {env: {memory}}).exports;
/** The rows of a window, and those of a block whose checksum is needed besides. */
const current = room(0, windowRows);
const extra = room(windowRows * ROW, checksumRows);

const descriptors = new Map();
/** Blocks whose checksum held: those that are read piece by piece are checked once. */
const sound = new Set();
/** The batch that is being filled. */
let batch = null;

/** Arrays for `rows` rows, from an address on. */
function room(at, rows) {
  const labels = at + rows * columns * 4;
  const weight = labels + rows * 4;
  const group = weight + (weights ? rows * 4 : 0);
  return {
    ids: new Int32Array(memory.buffer, at, rows * columns),
    labels: new Float32Array(memory.buffer, labels, rows),
    weight: new Float32Array(memory.buffer, weight, weights ? rows : 0),
    group: new Int32Array(memory.buffer, group, groups ? rows : 0),
  };
}

/** Reads bytes of a file to an address. */
function read(file, position, address, count) {
  let descriptor = descriptors.get(file);
  if (descriptor === undefined) descriptors.set(file, (descriptor = openSync(file)));
  const bytes = new Uint8Array(memory.buffer, address, count);
  for (let done = 0; done < count;) {
    const got = readSync(descriptor, bytes, done, count - done, position + done);
    if (got === 0) throw new Error(`${file} has become shorter since it was opened`);
    done += got;
  }
}

/** Reads a block to the rows of a room from `row` on. */
function load({file, first, rows}, to, row) {
  const {name, chunks, labelType} = files[file];
  const labelBytes = labelType === 'float32' ? 4 : 1;
  let start = 0;
  let done = row;
  for (const chunk of chunks) {
    const from = Math.max(first, start);
    const count = Math.min(first + rows, start + chunk.rows) - from;
    const skip = from - start;
    start += chunk.rows;
    if (count <= 0) continue;
    read(name, chunk.ids + skip * columns * 4, to.ids.byteOffset + done * columns * 4, count * columns * 4);
    read(name, chunk.label + skip * labelBytes, to.labels.byteOffset + done * 4, count * labelBytes);
    if (labelType !== 'float32') widen(to.labels, labelType === 'int8' ? Int8Array : Uint8Array, done, count);
    if (weights) read(name, chunk.weight + skip * 4, to.weight.byteOffset + done * 4, count * 4);
    if (groups) read(name, chunk.group + skip * 4, to.group.byteOffset + done * 4, count * 4);
    done += count;
  }
}

/**
 * Makes numbers of labels of one byte, which lie where the first one's four bytes are: the last first, since they
 * overlap.
 */
function widen(labels, Small, start, count) {
  const small = new Small(memory.buffer, labels.byteOffset + start * 4, count);
  for (let i = count - 1; i >= 0; i--) labels[start + i] = small[i];
}

/** Throws unless the checksums of a block hold, which stands in the window from `row` on. */
function checkSums({file, first, rows}, row) {
  const end = first + rows;
  for (let start = first - (first % checksumRows); start < end; start += checksumRows) {
    const part = {file, first: start, rows: Math.min(checksumRows, files[file].rows - start)};
    if (start >= first && start + part.rows <= end) {
      checkSum(part, current, row + start - first);
      continue;
    }
    const key = `${file}:${start}`;
    if (sound.has(key)) continue;
    load(part, extra, 0);
    checkSum(part, extra, 0);
    sound.add(key);
  }
}

function checkSum({file, first, rows}, {ids, labels, weight, group}, row) {
  const {name, checksums} = files[file];
  const digits = 16 * (first / checksumRows);
  let sum = checksum(ids.byteOffset + row * columns * 4, rows * columns, 0);
  let words = rows * columns;
  for (const values of [labels, ...(weights ? [weight] : []), ...(groups ? [group] : [])]) {
    sum += checksum(values.byteOffset + row * 4, rows, words);
    words += rows;
  }
  if (BigInt.asUintN(64, sum) === BigInt(`0x${checksums.slice(digits, digits + 16)}`)) return;
  throw new Error(
    `${name} is damaged: rows ${first + 1} to ${first + rows} do not have the checksum of the manifest. ` +
      'Copy or encode the data again',
  );
}

/** Throws, naming file and row, on values that no model takes. */
function checkRanges({file, first, rows}, row) {
  const {ids, labels, weight} = current;
  const refuse = (i, what) =>
    new Error(`${files[file].name}, row ${first + i + 1}: the ${what}. Write the file again, or correct the manifest`);
  for (let i = 0; i < rows; i++) {
    let at = (row + i) * columns;
    for (const {name, size, width, ignored} of fields) {
      const least = width === undefined ? 0 : -1;
      for (const end = at + (width ?? 1); at < end; at++) {
        if (ignored || (ids[at] >= least && ids[at] < size)) continue;
        throw refuse(
          i,
          `id ${ids[at]}, but the field ${JSON.stringify(name)} has ids 0 to ` +
            `${size - 1}${least < 0 ? ', and -1 as padding' : ''}`,
        );
      }
    }
    const label = labels[row + i];
    if (label !== 0 && label !== 1) throw refuse(i, `label ${label}, but labels are 0 or 1`);
    if (weights && !(weight[row + i] >= 0 && weight[row + i] < Infinity)) {
      throw refuse(i, `weight ${weight[row + i]}, but weights are finite and at least 0`);
    }
  }
}

/** Reads the blocks of a window, and checks them. */
function loadWindow(blocks) {
  let row = 0;
  for (const block of blocks) {
    load(block, current, row);
    if (files[block.file].checksums === undefined) checkRanges(block, row);
    else checkSums(block, row);
    row += block.rows;
  }
}

function newBatch() {
  return {
    rows: 0,
    ids: new Int32Array(batchSize * columns),
    labels: new Float32Array(batchSize),
    ...(weights ? {weights: new Float32Array(batchSize)} : {}),
    ...(groups ? {groups: new Int32Array(batchSize)} : {}),
  };
}

/** The batch cut to the rows that it holds. */
function cut({rows, ids, labels, weights: weight, groups: group}) {
  return {
    rows,
    ids: ids.slice(0, rows * columns),
    labels: labels.slice(0, rows),
    ...(weights ? {weights: weight.slice(0, rows)} : {}),
    ...(groups ? {groups: group.slice(0, rows)} : {}),
  };
}

function batchesOf({blocks, order, last}) {
  loadWindow(blocks);
  const full = [];
  for (const row of order) {
    batch ??= newBatch();
    const to = batch.rows++ * columns;
    const start = row * columns;
    for (let c = 0; c < columns; c++) batch.ids[to + c] = current.ids[start + c];
    batch.labels[batch.rows - 1] = current.labels[row];
    if (weights) batch.weights[batch.rows - 1] = current.weight[row];
    if (groups) batch.groups[batch.rows - 1] = current.group[row];
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
    const buffers = batches.flatMap(({ids, labels, weights: weight, groups: group}) =>
      [ids, labels, weight, group].flatMap(values => values?.buffer ?? []),
    );
    parentPort.postMessage({batches}, buffers);
  } catch (error) {
    parentPort.postMessage({error: error.message});
  }
});
