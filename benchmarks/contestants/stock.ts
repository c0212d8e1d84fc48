/**
 * AutoDeepFM's search step in tfjs-node without this library: the built-in embedding, pairs gathered to [B, P, d],
 * normalisation by plain ops, stock Adam, gRDA by plain ops. Argument: JSON of {rows, weights, d, hidden}.
 */
import type * as tfjsNode from '@tensorflow/tfjs-node';
import {readRows, readWeights} from '../data';
import {requireNative} from '../native';
import {Pacer} from '../pacer';

const tf = requireNative();
const options = JSON.parse(process.argv[2]) as {rows: string; weights: string; d: number; hidden: number[]};
const {ids, labels, batchSize, batches, sizes} = readRows(options.rows);
const weights = readWeights(options.weights);
const m = sizes.length;
const d = options.d;

const V = sizes.reduce((a, b) => a + b);
const starts: number[] = [];
sizes.reduce((start, size) => {
  starts.push(start);
  return start + size;
}, 0);
const offsets = tf.tensor1d(starts, 'int32');
const left: number[] = [];
const right: number[] = [];
for (let i = 0; i < m; i++)
  for (let j = i + 1; j < m; j++) {
    left.push(i);
    right.push(j);
  }
const leftOf = tf.tensor1d(left, 'int32');
const rightOf = tf.tensor1d(right, 'int32');

// Layers that are built within the first gradient would be left out of it.
function built<T extends tfjsNode.layers.Layer>(layer: T, width: number): T {
  tf.tidy(() => {
    layer.apply(tf.zeros([1, width]));
  });
  return layer;
}

const given = (values: Float32Array, shape: [number, number]) => [tf.tensor2d(values, shape)];
const embedding = built(tf.layers.embedding({inputDim: V, outputDim: d, weights: given(weights.table, [V, d])}), m);
const linear = built(tf.layers.embedding({inputDim: V, outputDim: 1, embeddingsInitializer: 'zeros'}), m);
const mlp = weights.kernels.map(({shape, values}, i) =>
  built(
    tf.layers.dense({
      units: shape[1],
      activation: i < weights.kernels.length - 1 ? 'relu' : undefined,
      weights: [tf.tensor2d(values, shape), tf.zeros([shape[1]])],
    }),
    shape[0],
  ),
);
const bias = tf.variable(tf.zeros([1]));
const alpha = tf.variable(tf.tensor1d(weights.alpha));
const movingMean = tf.variable(tf.zeros([left.length]), false);
const movingVariance = tf.variable(tf.ones([left.length]), false);

function normalize(x: tfjsNode.Tensor): tfjsNode.Tensor {
  const mean = tf.mean(x, 0);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), 0);
  movingMean.assign(tf.add(tf.mul(movingMean, 0.99), tf.mul(mean, 0.01)));
  movingVariance.assign(tf.add(tf.mul(movingVariance, 0.99), tf.mul(variance, 0.01)));
  return tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-3)));
}

function loss(features: tfjsNode.Tensor, ys: tfjsNode.Tensor): tfjsNode.Scalar {
  const e = embedding.apply(features) as tfjsNode.Tensor;
  const x = tf.sum(tf.mul(tf.gather(e, leftOf, 1), tf.gather(e, rightOf, 1)), 2);
  const gated = tf.sum(tf.mul(normalize(x), alpha), 1, true);
  const w = tf.add(tf.sum(linear.apply(features) as tfjsNode.Tensor, 1), bias);
  const deep = mlp.reduce((h, layer) => layer.apply(h) as tfjsNode.Tensor, tf.reshape(e, [-1, m * d]));
  return tf.losses.sigmoidCrossEntropy(ys, tf.addN([w, gated, deep]));
}

/** gRDA with gamma 1, c 5e-4, mu 0.8. */
const dual = tf.variable(tf.clone(alpha), false);
function grdaStep(gradient: tfjsNode.Tensor, step: number): void {
  dual.assign(tf.sub(dual, gradient));
  alpha.assign(tf.mul(tf.sign(dual), tf.relu(tf.sub(tf.abs(dual), 5e-4 * Math.pow(step, 0.8)))));
}

const adam = tf.train.adam();
function train(step: number): number {
  const b = step % batches;
  return tf.tidy(() => {
    const xs = tf.add(
      tf.tensor2d(ids.subarray(b * batchSize * m, (b + 1) * batchSize * m), [batchSize, m], 'int32'),
      offsets,
    );
    const ys = tf.tensor2d(labels.subarray(b * batchSize, (b + 1) * batchSize), [batchSize, 1]);
    const {value, grads} = tf.variableGrads(() => loss(xs, ys));
    const {[alpha.name]: dAlpha, ...rest} = grads;
    adam.applyGradients(rest as never);
    grdaStep(dAlpha, step + 1);
    return value.dataSync()[0];
  });
}

async function main(): Promise<void> {
  const pacer = new Pacer();
  pacer.ready({tensorflow: (tf.backend() as unknown as {binding: {TF_Version: string}}).binding.TF_Version});
  for (let step = 0; await pacer.step(); step++) pacer.loss(train(step));
  process.exit(0);
}

void main();
