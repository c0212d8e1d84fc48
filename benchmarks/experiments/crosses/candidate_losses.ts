import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldSpec, lazyAdam, SeededBatches} from 'tfjs-autofis';
import type {Columns} from './cross_columns';

/** Logits of a linear model for the training rows, and their labels. */
export interface Base {
  logits: Float32Array;
  labels: Float32Array;
}

/** A candidate after its training. */
export interface CandidateLoss {
  /** Its place in the list of candidates. */
  index: number;
  /** Progressive logloss of the last round's rows with the candidate added to the base. */
  logloss: number;
  /** One weight a value. */
  weights: Float32Array;
}

export interface CandidateArgs {
  batchSize: number;
  learningRate: number;
  seed: number;
  /** After each round but the last the better half goes on, over twice as many batches. */
  rounds: number;
}

/**
 * How much each candidate field would add to a linear model whose own weights stand still: for each candidate alone,
 * weights w of its values are trained on mini-batches of sigmoid(base + w[id]), in one pass over the training rows.
 * What counts is the progressive logloss: each batch is predicted before it is learnt from, so a candidate cannot gain
 * by remembering rows, and no other rows are chosen by. All are trained at once, by one table with a row a value, and
 * do not touch each other. By successive halving the worse half drops out after each round, as in AutoCross (Luo et
 * al., KDD 2019); a round has twice the batches of the one before.
 *
 * @returns Those of the last round, the best first.
 */
export async function candidateLosses(
  candidates: readonly Columns[],
  base: Base,
  args: CandidateArgs,
): Promise<CandidateLoss[]> {
  const rows = base.labels.length;
  const ids = candidates.map(({ids}) => ids.train);
  const width = (i: number) => ids[i].length / rows;
  const data = {
    xs: [
      ...ids.map((column, i) => tf.tensor2d(column, [rows, width(i)], 'int32')),
      tf.tensor2d(base.logits, [rows, 1]),
    ],
    ys: tf.tensor2d(base.labels, [rows, 1]),
  };
  const source = new SeededBatches(data, {batchSize: args.batchSize, seed: args.seed});
  const batches = await source.iterator();
  let left: CandidateLoss[] = candidates.map(({fields: [{size}]}, index) => ({
    index,
    logloss: Infinity,
    weights: new Float32Array(size),
  }));
  for (let round = 0, used = 0; round < args.rounds; round++) {
    if (round > 0) left = left.slice(0, Math.ceil(left.length / 2));
    const end = Math.round((source.size * (2 ** (round + 1) - 1)) / (2 ** args.rounds - 1));
    left = (await learnt(left, candidates, batches, end - used, args.learningRate)).sort(
      (a, b) => a.logloss - b.logloss,
    );
    used = end;
  }
  tf.dispose([...data.xs, data.ys]);
  return left;
}

/** The candidates after `batches` more batches, with their mean loss on these. */
async function learnt(
  left: readonly CandidateLoss[],
  candidates: readonly Columns[],
  batches: Batches,
  steps: number,
  learningRate: number,
): Promise<CandidateLoss[]> {
  const fields = left.map(({index}, i) => ({...candidates[index].fields[0], name: `${i}`}));
  const table = tableOf(
    fields,
    left.map(({weights}) => weights),
  );
  const optimizer = lazyAdam({learningRate});
  const variables = table.trainableWeights.map(weight => weight.read() as tf.Variable);
  const sums = new Float64Array(left.length);
  let rows = 0;
  for (let step = 0; step < steps; step++) {
    const {xs, ys} = (await batches.next()).value as {xs: tf.Tensor[]; ys: tf.Tensor};
    const own = tf.tidy(() =>
      tf.concat(
        left.map(({index}) => xs[index]),
        1,
      ),
    );
    let means: tf.Tensor1D | undefined;
    optimizer.minimize(
      () => {
        means = tf.keep(losses(table, own, xs[xs.length - 1], ys));
        // A sum over candidates: each has the gradients that it would have alone.
        return tf.sum(means) as tf.Scalar;
      },
      false,
      variables,
    );
    means!.dataSync().forEach((mean, i) => {
      sums[i] += mean * ys.shape[0];
    });
    rows += ys.shape[0];
    tf.dispose([xs, ys, own, means!]);
  }
  const weights = variables[0].dataSync() as Float32Array;
  let start = 0;
  const result = left.map(({index}, i) => ({
    index,
    logloss: sums[i] / rows,
    weights: weights.slice(start, (start += fields[i].size)),
  }));
  table.dispose();
  optimizer.dispose();
  return result;
}

type Batches = Awaited<ReturnType<SeededBatches['iterator']>>;

function tableOf(fields: FieldSpec[], weights: Float32Array[]): tfl.LayersModel {
  const table = new FieldEmbedding({fields, outputDim: 1, embeddingsInitializer: 'zeros'});
  const model = tfl.sequential({layers: [table]});
  tf.tidy(() => model.setWeights([tf.concat(weights.map(own => tf.tensor2d(own, [own.length, 1])))]));
  return model;
}

/** The mean over rows of softplus(z) - y z with z = base + w[id], one for each candidate: [C]. */
function losses(table: tfl.LayersModel, ids: tf.Tensor, base: tf.Tensor, ys: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const z = tf.add(tf.squeeze(table.apply(ids) as tf.Tensor, [2]), base);
    return tf.mean(tf.sub(tf.softplus(z), tf.mul(ys, z)), 0) as tf.Tensor1D;
  });
}
