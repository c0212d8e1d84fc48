import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldSpec, lazyAdam, SeededBatches} from 'tfjs-autofis';
import {Columns, sideBySide} from './cross_columns';

/** Logits of a linear model, and labels, by part. */
export interface Base {
  logits: Record<'train' | 'validation', Float32Array>;
  labels: Record<'train' | 'validation', Float32Array>;
}

/** A candidate after its training. */
export interface CandidateLoss {
  /** Its place in the list of candidates. */
  index: number;
  /** Logloss of the validation rows with the candidate added to the base. */
  logloss: number;
  /** One weight a value. */
  weights: Float32Array;
}

export interface CandidateArgs {
  batchSize: number;
  learningRate: number;
  seed: number;
  /** Passes over the training rows, all rounds together. */
  passes: number;
  /** After each round but the last the better half goes on, over twice as many batches. */
  rounds: number;
}

/**
 * How much each candidate field would add to a linear model whose own weights stand still: for each candidate alone, weights w
 * of its values are trained on mini-batches of sigmoid(base + w[id]), and the logloss of the validation rows counts. All are
 * trained at once, by one table with a row a value, and do not touch each other. By successive halving the worse half
 * drops out after each round, as in AutoCross (Luo et al., KDD 2019).
 *
 * @returns Those of the last round, the best first.
 */
export async function candidateLosses(candidates: readonly Columns[], base: Base, args: CandidateArgs): Promise<CandidateLoss[]> {
  const batches = args.passes * Math.ceil(base.labels.train.length / args.batchSize);
  let left: CandidateLoss[] = candidates.map(({fields: [{size}]}, index) => ({index, logloss: Infinity, weights: new Float32Array(size)}));
  for (let round = 0; round < args.rounds; round++) {
    if (round > 0) left = left.slice(0, Math.ceil(left.length / 2));
    const steps = Math.ceil(batches * 2 ** round / (2 ** args.rounds - 1));
    const next = await trained(left, candidates, base, steps, {...args, seed: args.seed + round});
    left = next.sort((a, b) => a.logloss - b.logloss);
  }
  return left;
}

/** The candidates after so many steps more. */
async function trained(
    left: readonly CandidateLoss[], candidates: readonly Columns[], base: Base, steps: number, {batchSize, learningRate, seed}: CandidateArgs,
): Promise<CandidateLoss[]> {
  const {fields, ids} = sideBySide(left.map(({index}) => candidates[index]));
  const table = tableOf(fields.map((field, i) => ({...field, name: `${i}`})), left.map(({weights}) => weights));
  const rowsOf = (part: 'train' | 'validation') => {
    const rows = base.labels[part].length;
    return {xs: [tf.tensor2d(ids[part], [rows, ids[part].length / rows], 'int32'), tf.tensor2d(base.logits[part], [rows, 1])], ys: tf.tensor2d(base.labels[part], [rows, 1])};
  };
  const train = rowsOf('train'), validation = rowsOf('validation');
  const optimizer = lazyAdam({learningRate});
  const variables = table.trainableWeights.map(weight => weight.read() as tf.Variable);
  const source = new SeededBatches(train, {batchSize, seed});
  let batches = await source.iterator();
  for (let step = 0; step < steps; step++) {
    let batch = await batches.next();
    if (batch.done) {
      batches = await source.iterator();
      batch = await batches.next();
    }
    const {xs, ys} = batch.value!;
    // A sum over candidates: each has the gradients that it would have alone.
    optimizer.minimize(() => tf.sum(losses(table, xs as tf.Tensor[], ys)) as tf.Scalar, false, variables);
    tf.dispose([xs, ys]);
  }
  const means = losses(table, validation.xs, validation.ys), loglosses = means.dataSync();
  const weights = variables[0].dataSync() as Float32Array;
  let start = 0;
  const result = left.map(({index}, i) => {
    const own = weights.slice(start, start += fields[i].size);
    return {index, logloss: loglosses[i], weights: own};
  });
  tf.dispose([means, ...[train, validation].flatMap(({xs, ys}) => [...xs, ys])]);
  table.dispose();
  optimizer.dispose();
  return result;
}

function tableOf(fields: FieldSpec[], weights: Float32Array[]): tfl.LayersModel {
  const table = new FieldEmbedding({fields, outputDim: 1, embeddingsInitializer: 'zeros'});
  const model = tfl.sequential({layers: [table]});
  tf.tidy(() => model.setWeights([tf.concat(weights.map(own => tf.tensor2d(own, [own.length, 1])))]));
  return model;
}

/** The mean over rows of softplus(z) - y z with z = base + w[id], one for each candidate: [C]. */
function losses(table: tfl.LayersModel, [ids, base]: tf.Tensor[], ys: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => {
    const z = tf.add(tf.squeeze(table.apply(ids) as tf.Tensor, [2]), base);
    return tf.mean(tf.sub(tf.softplus(z), tf.mul(ys, z)), 0) as tf.Tensor1D;
  });
}
