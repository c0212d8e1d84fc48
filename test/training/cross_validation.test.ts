import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {auc} from 'tfjs-autofis';
import {crossable, crossPredicted} from '../../src/training/cross_validation';
import {predicted} from '../../src/training/evaluation';
import {LabeledRows, SeededBatches} from '../../src/training/rows';
import {trainToBest} from '../../src/training/train_to_best';
import {seededRandom} from '../../src/random';
import {setOptimizer} from '../../src/stages/model_state';
import {expectNoLeak} from '../helpers/tensors';

const COUNT = 200, training = {batchSize: 20, epochs: 15, patience: 15, leastEpochs: 15};
const random = seededRandom(3), labels = Array.from({length: COUNT}, () => random() < 0.5 ? 1 : 0);

/** Rows that say nothing of their labels but which row they are. */
let rows: LabeledRows;
beforeAll(() => {
  rows = {xs: tf.tensor2d(labels.map((_, i) => [i]), [COUNT, 1], 'int32'), ys: tf.tensor2d(labels, [COUNT, 1])};
});
afterAll(() => tf.dispose([rows.xs as tf.Tensor, rows.ys]));

/** Learns each row by heart. */
function build(): tfl.LayersModel {
  const model = tfl.sequential({layers: [
    tfl.layers.embedding({inputDim: COUNT, outputDim: 1, inputLength: 1, embeddingsInitializer: tfl.initializers.randomUniform({seed: 5})}),
    tfl.layers.flatten(),
    tfl.layers.dense({units: 1, activation: 'sigmoid', kernelInitializer: 'ones'}),
  ]});
  const optimizer = tf.train.adam(0.1);
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  setOptimizer(model, optimizer, true);
  return model;
}

describe('crossPredicted', () => {
  it('predicts each row by a model that did not see it', async () => {
    const model = build();
    await trainToBest(model, rows, rows, 1, training);
    expect(auc(labels, predicted(model, rows))).toBeGreaterThan(0.99);
    model.dispose();
    const crossed = await crossPredicted(build, rows, 1, training);
    expect(crossed.every(p => p > 0 && p < 1)).toBe(true);
    // The best of fifteen epochs for forty rows at a time, none of which says anything.
    expect(auc(labels, crossed)).toBeLessThan(0.7);
  });

  it('parts rows by the seed, and leaves no tensor behind', async () => {
    const short = {...training, epochs: 2};
    const [a, b, c] = [await crossPredicted(build, rows, 1, short), await crossPredicted(build, rows, 1, short), await crossPredicted(build, rows, 2, short)];
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
    await expectNoLeak(async () => { await crossPredicted(build, rows, 1, {...short, epochs: 1}); });
  });
});

describe('crossable', () => {
  /** Every third row has label 1, or only the first `positives` rows. */
  const rowsOf = (count: number, positives?: number) => ({
    xs: {shape: [count, 4]},
    ys: {shape: [count, 1], dataSync: () => Float32Array.from({length: count}, (_, i) => (positives === undefined ? i % 3 === 0 : i < positives) ? 1 : 0)},
  }) as unknown as LabeledRows;

  it('is what there is of training rows: in memory, few, and more than those of validation', () => {
    const few = rowsOf(50_000);
    expect(crossable(few, rowsOf(5000), 1)).toBe(few);
    expect(crossable(rowsOf(50_001), rowsOf(5000), 1)).toBeNull();
    expect(crossable(few, rowsOf(50_000), 1)).toBeNull();
    expect(crossable(seed => new SeededBatches(rows, {batchSize: 10, seed}), rowsOf(50), 1)).toBeNull();
  });

  it('is nothing where a fold would have rows of one label only', () => {
    expect(crossable(rowsOf(1000, 4), rowsOf(100), 1)).toBeNull();
    expect(crossable(rowsOf(1000, 100), rowsOf(100), 1)).not.toBeNull();
  });
});
