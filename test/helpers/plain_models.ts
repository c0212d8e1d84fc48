import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from 'tfjs-autofis';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {plainStatistics} from './plain_gate';
import {generator, integers, uniform} from './random';
import {numbers} from './tensors';

/** One-hot fields around multi-hot ones, few values each. */
export const zooFields: FieldSpec[] = [
  {name: 'user_ID', size: 5},
  {name: 'genres', size: 4, width: 3},
  {name: 'C1', size: 3},
  {name: 'tags', size: 3, width: 2, combiner: 'sum'},
];
export const oneHotFields: FieldSpec[] = zooFields.map(({name, size}) => ({name, size}));

/** Rows of valid ids; in a multi-hot field each column is padding with probability one third. */
export function zooIds(fields: readonly FieldSpec[], rows: number, seed: number): number[][] {
  const next = generator(seed);
  return Array.from({length: rows}, () =>
    fields.flatMap(({size, width}) =>
      width === undefined
        ? integers(next, 1, size)
        : Array.from({length: width}, () => (next() < 1 / 3 ? -1 : integers(next, 1, size)[0])),
    ),
  );
}

/** Gives every weight of a model plain values, and returns a reader of them. */
export function randomWeights(model: tfl.LayersModel, seed: number): PlainWeights {
  const next = generator(seed);
  const values = new Map<string, {shape: number[]; values: number[]}>();
  tf.tidy(() => {
    for (const weight of model.weights) {
      // A dictionary is not a plain value.
      if (weight.dtype === 'int32') continue;
      const count = tf.util.sizeFromShape(weight.shape as number[]);
      const name = weight.originalName;
      const [low, high] = name.endsWith('variance') ? [0.2, 1] : [-0.8, 0.8];
      const chosen = name.endsWith('/open') ? Array<number>(count).fill(1) : uniform(next, count, low, high);
      weight.write(tf.tensor(chosen, weight.shape as number[]));
      values.set(name, {shape: weight.shape as number[], values: chosen});
    }
  });
  return new PlainWeights(values);
}

/** The weights of a model as plain arrays, by name. */
export class PlainWeights {
  /** What `matrix` has made of values that have not changed since. */
  private readonly matrices = new Map<string, number[][]>();

  constructor(private readonly values: Map<string, {shape: number[]; values: number[]}>) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** A weight's values. */
  vector(name: string): readonly number[] {
    return this.find(name).values;
  }

  /** A weight of rank 2 as rows. */
  matrix(name: string): readonly number[][] {
    const made = this.matrices.get(name);
    if (made !== undefined) return made;
    const {values, shape} = this.find(name);
    const rows = Array.from({length: values.length / shape[1]}, (_, r) =>
      values.slice(r * shape[1], (r + 1) * shape[1]),
    );
    this.matrices.set(name, rows);
    return rows;
  }

  /** Gives a weight other values. */
  set(name: string, values: number[]): void {
    this.find(name).values = values;
    this.matrices.delete(name);
  }

  private find(name: string): {shape: number[]; values: number[]} {
    const found = this.values.get(name);
    if (found === undefined) throw new Error(`no weight ${name} among ${[...this.values.keys()].join(', ')}`);
    return found;
  }
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, value, k) => s + value * b[k], 0);
export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
export const addUp = (vectors: readonly number[][]) => vectors[0].map((_, k) => sum(vectors.map(v => v[k])));
export const reluOf = (values: readonly number[]) => values.map(x => Math.max(x, 0));

/** Each field's ids of a row, without padding. */
function idsByField(fields: readonly FieldSpec[], ids: readonly number[]): number[][] {
  let column = 0;
  return fields.map(({width = 1}) => ids.slice(column, (column += width)).filter(id => id >= 0));
}

/** A field's rows of d values, combined where the field is multi-hot: [d]. */
function combined({width, combiner}: FieldSpec, rows: readonly number[][], d: number): number[] {
  const divisor = width !== undefined && combiner !== 'sum' ? Math.max(rows.length, 1) : 1;
  // Numeric gradients call it a million times, mostly for one row.
  const [first, ...others] = rows;
  if (first === undefined) return Array<number>(d).fill(0);
  if (others.length === 0 && divisor === 1) return [...first];
  return first.map((value, k) => others.reduce((total, row) => total + row[k], value) / divisor);
}

/** Rows of a table by field, combined where the field is multi-hot: [m][d]. */
export function plainEmbed(
  fields: readonly FieldSpec[],
  ids: readonly number[],
  table: readonly number[][],
): number[][] {
  let start = 0;
  return idsByField(fields, ids).map((present, f) => {
    const rows = present.map(id => table[start + id]);
    start += fields[f].size;
    return combined(fields[f], rows, table[0].length);
  });
}

/** x W + b for a dense layer's weights. */
export function plainDense(weights: PlainWeights, name: string, x: readonly number[], useBias = true): number[] {
  const kernel = weights.matrix(`${name}/kernel`);
  const bias = useBias ? weights.vector(`${name}/bias`) : null;
  return kernel[0].map((_, u) => x.reduce((s, value, i) => s + value * kernel[i][u], 0) + (bias?.[u] ?? 0));
}

/** The MLP of the models: ReLU layers hidden_1, ..., then mlp_output. */
export function plainMlp(weights: PlainWeights, x: readonly number[], layers: number): number {
  let values = [...x];
  for (let i = 1; i <= layers; i++) values = reluOf(plainDense(weights, `hidden_${i}`, values));
  return plainDense(weights, 'mlp_output', values)[0];
}

/** All products of two or three embeddings. */
export function plainProductsOf(e: readonly number[][], order: Order): number[] {
  return allInteractions(e.length, order).map(fields =>
    sum(e[0].map((_, k) => fields.reduce((p, f) => p * e[f][k], 1))),
  );
}

/**
 * Products <v_{i, f_j}, v_{j, f_i}> of field-aware vectors, of which a value has one for each pair that contains its
 * field.
 */
export function plainFieldAware(
  fields: readonly FieldSpec[],
  ids: readonly number[],
  table: readonly number[][],
  pairs: readonly Interaction[],
): number[] {
  const own = fields.map((_, f) => pairs.filter(pair => pair.includes(f)));
  let start = 0;
  // The rows for one partner are a table like any other.
  const vectors = idsByField(fields, ids).map((present, f) => {
    const first = start;
    start += fields[f].size * own[f].length;
    return own[f].map((_, k) => {
      const rows = present.map(id => table[first + id * own[f].length + k]);
      return combined(fields[f], rows, table[0].length);
    });
  });
  return pairs.map(pair => {
    const [a, b] = pair.map(f => vectors[f][own[f].indexOf(pair)]);
    return dot(a, b);
  });
}

/** Products normalised by moving statistics and times alpha. */
export function plainGated(weights: PlainWeights, name: 'pairs' | 'triples', products: readonly number[]): number[] {
  const [alpha, mean, variance] = ['alpha', 'moving_mean', 'moving_variance'].map(each =>
    weights.vector(`${name}/${each}`),
  );
  return products.map((x, p) => (alpha[p] * (x - mean[p])) / Math.sqrt(variance[p] + 1e-3));
}

/** What a model computes for one row, from its weights. */
export interface PlainRow {
  weights: PlainWeights;
  fields: readonly FieldSpec[];
  ids: readonly number[];
  /** Embeddings, [m][d]. */
  e: number[][];
  /** w0 + <w, x>. */
  linear(): number;
  /** Number of hidden layers. */
  depth: number;
}

/** Expected probabilities of a model whose logit for a row is `logit`. */
export function plainPredictions(
  weights: PlainWeights,
  fields: readonly FieldSpec[],
  rows: readonly number[][],
  depth: number,
  logit: (row: PlainRow) => number,
): number[] {
  return rows.map(ids => sigmoid(logit(rowOf(weights, fields, ids, depth))));
}

function rowOf(weights: PlainWeights, fields: readonly FieldSpec[], ids: readonly number[], depth: number): PlainRow {
  const linear = () =>
    sum(plainEmbed(fields, ids, weights.matrix('linear/kernel')).flat()) + weights.vector('linear/bias')[0];
  let embedded: number[][] | undefined;
  return {
    weights,
    fields,
    ids,
    linear,
    depth,
    get e() {
      embedded ??= plainEmbed(fields, ids, weights.matrix('embedding/embeddings'));
      return embedded;
    },
  };
}

/**
 * Mean logloss of a training step's rows: products with gates are normalised by their mean and variance over these
 * rows, which become the moving statistics.
 *
 * @param pairs Their products where they are not those of one embedding a field.
 */
export function plainTrainingLoss(
  weights: PlainWeights,
  fields: readonly FieldSpec[],
  rows: readonly number[][],
  labels: readonly number[],
  depth: number,
  logit: (row: PlainRow) => number,
  pairs?: (row: PlainRow) => number[],
): number {
  for (const [gate, order] of [
    ['pairs', 2],
    ['triples', 3],
  ] as const) {
    if (!weights.has(`${gate}/moving_mean`)) continue;
    const table =
      order === 3 && weights.has('third_order_embedding/embeddings') ? 'third_order_embedding' : 'embedding';
    const {mean, variance} = plainStatistics(
      rows.map(
        ids =>
          pairs?.(rowOf(weights, fields, ids, depth)) ??
          plainProductsOf(plainEmbed(fields, ids, weights.matrix(`${table}/embeddings`)), order),
      ),
    );
    weights.set(`${gate}/moving_mean`, mean);
    weights.set(`${gate}/moving_variance`, variance);
  }
  const losses = plainPredictions(weights, fields, rows, depth, logit).map(
    (p, i) => -Math.log(labels[i] === 1 ? p : 1 - p),
  );
  return sum(losses) / rows.length;
}

/** Probabilities that a model predicts. */
export function predictions(model: tfl.LayersModel, rows: number[][]): number[] {
  return tf.tidy(() => numbers(model.predict(tf.tensor2d(rows, undefined, 'int32')) as tf.Tensor));
}
