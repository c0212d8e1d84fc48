import * as tf from '@tensorflow/tfjs-core';
import {fitCrosses} from '../../layers/fit_crosses';
import {sigmoid} from '../../src/logistic';
import {ffm} from '../../src/models/ffm';
import {fm} from '../../src/models/fm';
import {lr} from '../../src/models/lr';
import {seededRandom} from '../../src/random';
import {calibrateModel} from '../../src/select/calibrate_model';
import {logitsOf} from '../../src/components/products/model_products';
import {recalibrate} from '../../src/select/recalibrate';
import {fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

const random = seededRandom(4);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Rows whose labels follow the logits' half: a model that is twice as sure as it should be. */
function overconfident(rows: number) {
  const logits = Float64Array.from({length: rows}, () => 2 * normal() - 1);
  return {logits, labels: Float32Array.from(logits, z => (random() < sigmoid(z / 2) ? 1 : 0))};
}

describe('recalibrate', () => {
  it('takes many rows at their word, and few hardly', () => {
    const many = overconfident(50_000);
    const {slope, intercept} = recalibrate(many.labels, many.logits);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(intercept).toBeCloseTo(0, 1);
    const [short, none] = [recalibrate([1, 0], [-1, 1]), recalibrate([], [])];
    expect(short.slope).toBeGreaterThan(0.8);
    expect(none.slope).toBeCloseTo(1, 5);
    expect(none.intercept).toBeCloseTo(0, 5);
  });

  it('is that of the other rows where some have weight 0', () => {
    const {logits, labels} = overconfident(300);
    const some = recalibrate(labels.slice(0, 100), logits.slice(0, 100));
    const all = recalibrate(
      labels,
      logits,
      labels.map((_, i) => (i < 100 ? 7 : 0)),
    );
    expect(all.slope).toBeCloseTo(some.slope, 4);
    expect(all.intercept).toBeCloseTo(some.intercept, 4);
  });

  it('never turns a model around', () => {
    const {logits, labels} = overconfident(5000);
    const turned = labels.map(label => 1 - label);
    expect(recalibrate(turned, logits).slope).toBe(0.05);
  });
});

describe('calibrateModel', () => {
  const {ids} = plantedRows(50, fields, [[0, 1]], 4);
  const crosses = fitCrosses({ids: Int32Array.from(ids.flat()), fields, interactions: [[0, 1]]});

  it.each([
    ['lr', () => lr({fields})],
    ['fm with crosses', () => fm({fields, embeddingDim: 3, seed: 1, crosses})],
    ['ffm', () => ffm({fields, embeddingDim: 2, seed: 1})],
  ])('makes the logit intercept + slope * logit: %s', async (_, build) => {
    await expectNoLeak(async () => {
      const model = build();
      const int32 = model.getWeights().map(({dtype}) => dtype === 'int32');
      const start = model.getWeights().map((weight, i) => (int32[i] ? weight : tf.randomNormal(weight.shape, 0, 0.5)));
      model.setWeights(start);
      tf.dispose(start.filter((_each, i) => !int32[i]));
      const xs = tf.tensor2d(ids, undefined, 'int32');
      const before = logitsOf(model, xs);
      calibrateModel(model, {intercept: -0.3, slope: 0.6});
      const after = logitsOf(model, xs);
      before.forEach((z, i) => expect(after[i]).toBeCloseTo(0.6 * z - 0.3, 4));
      xs.dispose();
      model.dispose();
    });
  });
});
