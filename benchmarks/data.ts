import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {FieldSpec} from 'tfjs-autofis';
import {seededRandom} from './random';

/** Rows that every contestant trains on: `batches` batches of `batchSize` rows, in this order, again and again. */
export interface Rows {
  batchSize: number;
  batches: number;
  sizes: number[];
  /** Ids that count from 0 within each field, [batches * batchSize, fields]. */
  ids: Int32Array;
  labels: Float32Array;
}

/**
 * Sizes of Criteo's 39 fields, scaled to V ids: 13 numbers in buckets, 26 categories from a few values to a third of V.
 */
export function criteoSizes(V: number): number[] {
  const numbers = Array<number>(13).fill(50);
  const weights = Array.from({length: 26}, (_, i) => Math.exp(0.5 * i));
  const sum = weights.reduce((a, b) => a + b);
  const rest = V - 13 * 50 - 26 * 4;
  const categories = weights.map(w => 4 + Math.floor((rest * w) / sum));
  categories[25] += V - [...numbers, ...categories].reduce((a, b) => a + b);
  return [...numbers, ...categories];
}

/** The fields of a model on such ids. */
export function fieldsOf(sizes: readonly number[]): FieldSpec[] {
  return sizes.map((size, i) => ({name: `C${i}`, size}));
}

/** Pairs of fields that decide on the label. */
const PLANTED = [
  [0, 20],
  [3, 15],
  [7, 30],
  [14, 33],
  [18, 25],
];

/**
 * Rows with Zipf-like values: the value of rank r of a field has a probability of about 1 / r. Ranks are scattered over
 * the ids, so that frequent rows of a table do not lie side by side. The label depends on five pairs of fields.
 */
export function generateRows({
  V,
  batchSize,
  batches,
  seed,
}: {
  V: number;
  batchSize: number;
  batches: number;
  seed: number;
}): Rows {
  const sizes = criteoSizes(V);
  const m = sizes.length;
  const rows = batches * batchSize;
  const random = seededRandom(seed);
  const effects = PLANTED.map(() => Float32Array.from({length: 64}, () => 3 * (random() - 0.5)));
  const ids = new Int32Array(rows * m);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * m;
    for (let f = 0; f < m; f++) {
      const rank = Math.min(sizes[f], Math.floor(Math.pow(sizes[f] + 1, random()))) - 1;
      ids[at + f] = (rank * 1000003) % sizes[f];
    }
    const logit = PLANTED.reduce((sum, [i, j], k) => sum + effects[k][(ids[at + i] % 8) * 8 + (ids[at + j] % 8)], -0.5);
    labels[row] = random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  }
  return {batchSize, batches, sizes, ids, labels};
}

/** Different rows of the table that one batch touches, as a mean over the batches. */
export function rowsTouched({batchSize, batches, sizes, ids}: Rows): number {
  const m = sizes.length;
  let sum = 0;
  for (let b = 0; b < batches; b++) {
    for (let f = 0; f < m; f++) {
      const seen = new Set<number>();
      for (let row = b * batchSize; row < (b + 1) * batchSize; row++) seen.add(ids[row * m + f]);
      sum += seen.size;
    }
  }
  return Math.round(sum / batches);
}

/** A model's start: the same for every contestant, which reads it from a file. */
export interface Weights {
  /** V x d embeddings. */
  table: Float32Array;
  alpha: Float32Array;
  /** Kernels [in, out] of the MLP, the last one with one column; biases start at 0, and so does the linear part. */
  kernels: Array<{shape: [number, number]; values: Float32Array}>;
}

/** Embeddings uniform in +-0.02, alpha in 0.6 +- 0.001, kernels by Glorot and Bengio. */
export function generateWeights({
  V,
  m,
  d,
  hidden,
  seed,
}: {
  V: number;
  m: number;
  d: number;
  hidden: number[];
  seed: number;
}): Weights {
  const random = seededRandom(seed);
  const uniform = (n: number, centre: number, half: number) => {
    const values = new Float32Array(n);
    for (let i = 0; i < n; i++) values[i] = centre + half * (2 * random() - 1);
    return values;
  };
  const widths = hidden.length === 0 ? [] : [m * d, ...hidden, 1];
  return {
    table: uniform(V * d, 0, 0.02),
    alpha: uniform((m * (m - 1)) / 2, 0.6, 0.001),
    kernels: widths.slice(1).map((out, i) => ({
      shape: [widths[i], out],
      values: uniform(widths[i] * out, 0, Math.sqrt(6 / (widths[i] + out))),
    })),
  };
}

/**
 * `count` numbers in centre +- half without an order that matters, which Python computes alike: by the golden ratio.
 */
export function scattered(count: number, centre: number, half: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = centre + half * ((Math.imul(i, 0x9e3779b1) >>> 0) / 2 ** 31 - 1);
  return values;
}

/** Writes rows into a folder: ids.bin, labels.bin, rows.json. Python reads the same files. */
export function writeRows(folder: string, {ids, labels, ...shape}: Rows): void {
  mkdirSync(folder, {recursive: true});
  writeFileSync(path.join(folder, 'ids.bin'), ids);
  writeFileSync(path.join(folder, 'labels.bin'), labels);
  writeFileSync(path.join(folder, 'rows.json'), JSON.stringify(shape));
}

export function readRows(folder: string): Rows {
  const shape = JSON.parse(readFileSync(path.join(folder, 'rows.json'), 'utf8')) as Omit<Rows, 'ids' | 'labels'>;
  return {
    ...shape,
    ids: new Int32Array(bytes(folder, 'ids.bin')),
    labels: new Float32Array(bytes(folder, 'labels.bin')),
  };
}

/** Writes weights into a folder: table.bin, alpha.bin, kernel0.bin, ..., weights.json. */
export function writeWeights(folder: string, {table, alpha, kernels}: Weights): void {
  mkdirSync(folder, {recursive: true});
  writeFileSync(path.join(folder, 'table.bin'), table);
  writeFileSync(path.join(folder, 'alpha.bin'), alpha);
  kernels.forEach(({values}, i) => writeFileSync(path.join(folder, `kernel${i}.bin`), values));
  writeFileSync(path.join(folder, 'weights.json'), JSON.stringify({kernels: kernels.map(({shape}) => shape)}));
}

export function readWeights(folder: string): Weights {
  const {kernels} = JSON.parse(readFileSync(path.join(folder, 'weights.json'), 'utf8')) as {
    kernels: Array<[number, number]>;
  };
  const read = (name: string) => new Float32Array(bytes(folder, name));
  return {
    table: read('table.bin'),
    alpha: read('alpha.bin'),
    kernels: kernels.map((shape, i) => ({shape, values: read(`kernel${i}.bin`)})),
  };
}

function bytes(folder: string, name: string): ArrayBuffer {
  const {buffer, byteOffset, byteLength} = readFileSync(path.join(folder, name));
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
