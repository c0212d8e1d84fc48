import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldSpec, grda, SearchStage} from 'tfjs-autofis';
import {asTensors, functionalModel, plantedRows} from '../helpers/models';
import {gradientSteps, step, variables} from '../helpers/optimizers';
import {numericGradient} from '../helpers/plain_gate';
import {plainBatchStatistics, plainGradients, PlainModel, plainPredict} from '../helpers/plain_search';
import {generator, uniform} from '../helpers/random';
import {captureWarnings} from '../helpers/search';
import {expectClose, numbers, weightValues} from '../helpers/tensors';

captureWarnings();
const soft = (v: number, threshold: number) => Math.sign(v) * Math.max(Math.abs(v) - threshold, 0);

describe('training gives the numbers of plain loops', () => {
  it('for FieldEmbedding with one-hot and multi-hot fields under SGD', () => {
    const fields: FieldSpec[] = [
      {name: 'a', size: 4},
      {name: 'b', size: 5, width: 3},
      {name: 'c', size: 3, width: 2, combiner: 'sum'},
    ];
    const ids = [
      [1, 0, 4, -1, 2, 2],
      [3, -1, -1, -1, 0, -1],
      [1, 2, 2, 2, -1, 1],
    ];
    const d = 2;
    const next = generator(72);
    let table = uniform(next, 12 * d);
    const coefficients = uniform(next, 3 * 3 * d);
    /** sum of c e^2 over the combined embeddings, so that the gradient depends on the values. */
    const loss = (rows: number[]) =>
      ids.reduce((total, row, b) => {
        const add = (start: number, list: number[], mean: boolean, f: number) => {
          const present = list.filter(id => id >= 0);
          for (let k = 0; k < d; k++) {
            const sum = present.reduce((s, id) => s + rows[(start + id) * d + k], 0);
            total += coefficients[(b * 3 + f) * d + k] * (sum / (mean ? Math.max(present.length, 1) : 1)) ** 2;
          }
        };
        add(0, row.slice(0, 1), false, 0);
        add(4, row.slice(1, 4), true, 1);
        add(9, row.slice(4), false, 2);
        return total;
      }, 0);

    const layer = new FieldEmbedding({fields, outputDim: d});
    layer.apply(tfl.input({shape: [6], dtype: 'int32'}));
    tf.tidy(() => layer.setWeights([tf.tensor2d(table, [12, d])]));
    const sgd = tf.train.sgd(0.1);
    for (let i = 0; i < 4; i++) {
      tf.tidy(() => {
        sgd.minimize(
          () =>
            tf.sum(
              tf.mul(
                tf.square(layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor),
                tf.tensor3d(coefficients, [3, 3, d]),
              ),
            ) as tf.Scalar,
          false,
          [layer.weights[0].read() as tf.Variable],
        );
      });
      const gradient = numericGradient(loss, table);
      table = table.map((value, j) => value - 0.1 * gradient[j]);
      expectClose(layer.weights[0].read(), table);
    }
    layer.weights.forEach(w => w.dispose());
    sgd.dispose();
  });

  it('for GRDA over 30 steps', () => {
    const args = {c: 0.03, mu: 0.7, learningRate: 0.8, warmupSteps: 3};
    const start = uniform(generator(73), 37);
    const steps = gradientSteps(30, [37], 74, 0.3).map(([g]) => g);
    const weights = variables({w: start});
    const optimizer = grda(args);
    const v = [...start];
    steps.forEach((gradient, i) => {
      step(optimizer, weights.list, [gradient]);
      if (i >= 3)
        gradient.forEach((g, k) => {
          v[k] -= 0.8 * g;
        });
      expectClose(
        weights.values()[0],
        v.map(x => (i < 3 ? x : soft(x, 0.03 * 0.8 ** (0.5 + 0.7) * (i - 2) ** 0.7))),
      );
    });
    optimizer.dispose();
    weights.dispose();
  });

  it('for a hidden layer with relu', async () => {
    const next = generator(75);
    const x = uniform(next, 6 * 3);
    const kernel = uniform(next, 3 * 9);
    const model = tfl.sequential({
      layers: [tfl.layers.dense({units: 9, activation: 'relu', useBias: false, inputShape: [3]})],
    });
    model.compile({optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError'});
    const loss = (w: number[]) => {
      let sum = 0;
      for (let b = 0; b < 6; b++) {
        for (let u = 0; u < 9; u++) {
          const z = [0, 1, 2].reduce((s, i) => s + x[b * 3 + i] * w[i * 9 + u], 0);
          sum += (Math.max(z, 0) - 1) ** 2;
        }
      }
      return sum / 54;
    };
    tf.tidy(() => model.setWeights([tf.tensor2d(kernel, [3, 9])]));
    const [xs, ys] = [tf.tensor2d(x, [6, 3]), tf.ones([6, 9])];
    await model.trainOnBatch(xs, ys);
    const gradient = numericGradient(loss, kernel, 1e-6);
    expectClose(
      weightValues(model.weights)[0],
      kernel.map((w, i) => w - 0.5 * gradient[i]),
    );
    model.dispose();
    tf.dispose([xs, ys]);
  });

  it('for a short search by the recipe of the paper', async () => {
    const sizes = [6, 5, 4, 3];
    const dim = 3;
    const batchSize = 12;
    const epochs = 3;
    const rate = 0.5;
    const fields = sizes.map((size, i) => ({name: `f${i}`, size}));
    const rows = plantedRows(36, fields, [[0, 1]], 76);
    const data = asTensors(rows);
    const model = functionalModel({size: fields, dim, seed: 5, optimizer: tf.train.sgd(rate)});
    const [table, alpha] = weightValues(model.weights);
    const plain: PlainModel = {table, alpha, sizes, dim, epsilon: 1e-3};
    const search = new SearchStage({method: {type: 'grda', c: 0.1, mu: 0.8, learningRate: 0.5}});
    await model.fit(data.xs, data.ys, {epochs, batchSize, shuffle: false, verbose: 0, callbacks: [search]});

    const v = [...alpha];
    let threshold = 0;
    let mean = alpha.map(() => 0);
    let variance = alpha.map(() => 1);
    for (let t = 1; t <= epochs * 3; t++) {
      const start = ((t - 1) % 3) * batchSize;
      const ids = rows.ids.slice(start, start + batchSize);
      const labels = rows.labels.slice(start, start + batchSize);
      const seen = plainBatchStatistics(plain, ids);
      const share = Math.max(0.01, 1 / t);
      mean = mean.map((value, p) => value + share * (seen.mean[p] - value));
      variance = variance.map((value, p) => value + share * (seen.variance[p] - value));
      const gradients = plainGradients(plain, ids, labels);
      plain.table = plain.table.map((value, i) => value - rate * gradients.table[i]);
      // It falls after every second of the nine steps, a fifth of them.
      const gamma = 0.5 * 0.6 ** Math.floor((t - 1) / 2);
      threshold += 0.1 * gamma ** 1.3 * (t ** 0.8 - (t - 1) ** 0.8);
      gradients.alpha.forEach((g, p) => {
        v[p] -= gamma * g;
      });
      plain.alpha = v.map(x => soft(x, threshold));
    }
    const [foundTable, foundAlpha, , foundMean, foundVariance] = weightValues(model.weights);
    expectClose(foundTable, plain.table);
    expectClose(foundAlpha, plain.alpha);
    expectClose(foundMean, mean);
    expectClose(foundVariance, variance);
    expect(foundAlpha.map(a => a !== 0)).toEqual(plain.alpha.map(a => a !== 0));
    const predicted = tf.tidy(() => numbers(model.predict(data.xs) as tf.Tensor));
    expectClose(predicted, plainPredict(plain, rows.ids, {mean, variance}));
    model.dispose();
    data.dispose();
  });
});
