import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {grda, partitioned, SeededBatches} from 'tfjs-autofis';
import {checkHeldOut, HeldOut, HeldOutBatches} from '../../src/stages/held_out';
import {HeldOutGradients} from '../../src/stages/held_out_gradients';
import {PassOrder} from '../../src/stages/pass_order';
import {fields, functionalModel, plantedRows, testTensors} from '../helpers/models';
import {useClosedLoss} from '../../src/metrics/binary_crossentropy';
import {captureWarnings, eachBatch} from '../helpers/search';
import {expectClose, expectNoLeak, numbers, weightValues} from '../helpers/tensors';

captureWarnings();
const options = {optimizer: 'adam', seed: 3};

const train = testTensors(plantedRows(60, fields, [[0, 1]], 8));
const held = testTensors(plantedRows(25, fields, [[0, 1]], 9));

/** @param positive The weight of rows with label 1. */
function lossOn(model: tfl.LayersModel, x: tf.Tensor, y: tf.Tensor, positive = 1): tf.Scalar {
  const rows = model.lossFunctions[0](y, model.apply(x, {training: true}) as tf.Tensor);
  return tf.mean(tf.mul(rows, tf.add(1, tf.mul(tf.reshape(y, [-1]), positive - 1))));
}

/** Rows at start .. start + count of the endless sequence of held-out rows. */
function heldRows(start: number, count: number, seed = 1): tf.Tensor[] {
  const order = new PassOrder(25, seed);
  const index = tf.tensor1d(
    Array.from({length: count}, (_, i) => order.at(start + i)),
    'int32',
  );
  return [held.xs, held.ys].map(t => tf.gather(t as tf.Tensor, index));
}

const PLAN = {c: 0.02, mu: 0.8, learningRate: 1, warmupSteps: 0};

/** Has alpha take its gradients from held-out rows, under GRDA, whose steps are sums of gradients. */
function onHeldOut(model: tfl.LayersModel, heldOut: HeldOutBatches, batchSize: number, plan = PLAN): HeldOutGradients {
  const optimizer = partitioned({
    groups: [
      {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda(plan)},
      {name: 'rest', optimizer: model.optimizer},
    ],
  });
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  useClosedLoss(model);
  const gradients = new HeldOutGradients(model, heldOut, batchSize);
  const variables = [model.trainableWeights[1].read() as tf.Variable];
  optimizer.setGradientSource('gates', () => gradients.next(variables));
  return gradients;
}

/** Both steps by hand: the training batch moves all weights but alpha, the held-out batch alpha alone. */
async function byHand(model: tfl.LayersModel, heldBatch: number, positive = 1) {
  const adam = tf.train.adam();
  const gates = grda(PLAN);
  const variables = model.trainableWeights.map(w => w.read() as tf.Variable);
  const isAlpha = (name: string) => /alpha(_\d+)?$/.test(name);
  let step = 0;
  await eachBatch({...train, epochs: 2, batchSize: 20}, (x, y) =>
    tf.tidy(() => {
      const trained = tf.variableGrads(() => lossOn(model, x, y, positive), variables).grads;
      const untouched = model.nonTrainableWeights.map(w => [w, tf.clone(w.read())] as const);
      const [heldX, heldY] = heldRows(step++ * heldBatch, heldBatch);
      const searched = tf.variableGrads(
        () => lossOn(model, heldX, heldY, positive),
        variables.filter(v => isAlpha(v.name)),
      ).grads;
      untouched.forEach(([weight, value]) => weight.write(value));
      adam.applyGradients(
        Object.entries(trained)
          .filter(([name]) => !isAlpha(name))
          .map(([name, tensor]) => ({name, tensor})),
      );
      gates.applyGradients(searched);
    }),
  );
  adam.dispose();
  gates.dispose();
}

describe('heldOut', () => {
  it.each([undefined, 10])(
    'gives alpha the gradients of held-out batches and all else those of the training batches, batchSize %p',
    async batchSize => {
      const searched = functionalModel(options);
      const expected = functionalModel(options);
      onHeldOut(searched, {xs: held.xs, ys: held.ys, batchSize}, 20);
      await searched.fit(train.xs, train.ys, {epochs: 2, batchSize: 20, shuffle: false, verbose: 0});
      await byHand(expected, batchSize ?? 20);
      expectClose(weightValues(searched.weights).flat(), weightValues(expected.weights).flat(), 1e-6);
      [searched, expected].forEach(model => model.dispose());
    },
  );

  it("weighs classes in alpha's gradients as the training does", async () => {
    const searched = functionalModel(options);
    const expected = functionalModel(options);
    onHeldOut(searched, {xs: held.xs, ys: held.ys}, 20);
    await searched.fit(train.xs, train.ys, {
      epochs: 2,
      batchSize: 20,
      shuffle: false,
      verbose: 0,
      classWeight: {0: 1, 1: 3},
    });
    await byHand(expected, 20, 3);
    expectClose(weightValues(searched.weights).flat(), weightValues(expected.weights).flat(), 1e-6);
    [searched, expected].forEach(model => model.dispose());
  });

  it("weighs classes in alpha's gradients where training rows have weights of their own", async () => {
    const search = async (args: object, rows: object) => {
      const model = functionalModel({...options, optimizer: tf.train.sgd(0.1)});
      const weights = tf.tensor1d([...Array(60).keys()].map(i => 1 + (i % 4)));
      const plan = {...PLAN, c: 1e-4, learningRate: 0.2};
      onHeldOut(model, {xs: held.xs, ys: held.ys, batchSize: 25, ...rows}, 60, plan);
      const batches = new SeededBatches({xs: train.xs, ys: train.ys, weights}, {batchSize: 60, seed: 1});
      await model.fitDataset(batches as never, {epochs: 1, verbose: 0, ...args});
      const alpha = weightValues(model.trainableWeights)[1];
      model.dispose();
      weights.dispose();
      return alpha;
    };
    // The step of alpha is the mean of 25 weighted rows; the held-out weights' own mean is taken out of theirs.
    const share = numbers(held.ys).reduce((sum, y) => sum + (y === 1 ? 3 : 1), 0) / 25;
    const ys = numbers(held.ys);
    const weighted = await search({classWeight: {0: 1, 1: 3}}, {});
    const plain = await search({}, {});
    const rows = tf.tensor1d(ys.map(y => (y === 1 ? 3 : 1)));
    const byRows = await search({}, {weights: rows});
    rows.dispose();
    const fresh = functionalModel(options);
    const start = weightValues(fresh.trainableWeights)[1];
    fresh.dispose();
    const step = (alpha: number[]) => alpha.map((a, p) => start[p] - a - Math.sign(start[p]) * 1e-4 * 0.2 ** 1.3);
    expectClose(
      step(weighted),
      step(byRows).map(x => share * x),
      1e-5,
    );
    expect(weighted).not.toEqual(plain);
  });

  it('searches on the other half where half of the weights are 0', async () => {
    const search = async (heldOut: HeldOut) => {
      const model = functionalModel(options);
      onHeldOut(model, heldOut, 10);
      await model.fit(train.xs, train.ys, {epochs: 2, batchSize: 10, shuffle: false, verbose: 0});
      const values = weightValues(model.weights).flat();
      model.dispose();
      return values;
    };
    const kept = tf.tensor1d(
      [...Array(12).keys()].map(i => 2 * i),
      'int32',
    );
    const [xs, ys] = [held.xs, held.ys].map(t => tf.gather(t as tf.Tensor, kept));
    const weights = tf.tensor2d(
      [...Array(25).keys()].map(i => (i % 2 === 0 && i < 24 ? 7 : 0)),
      [25, 1],
    );
    expectClose(await search({xs: held.xs, ys: held.ys, weights}), await search({xs, ys}), 1e-6);
    tf.dispose([kept, xs, ys, weights]);
  });
});

describe('HeldOutGradients', () => {
  it('continues from pass to pass in the order of its seed, and can be put at any step', () => {
    const model = functionalModel(options);
    const variables = [model.trainableWeights[1].read() as tf.Variable];
    const expected = (start: number) =>
      tf.tidy(() => {
        const [x, y] = heldRows(start, 10, 5);
        return numbers(Object.values(tf.variableGrads(() => lossOn(model, x, y), variables).grads)[0]);
      });
    const next = (gradients: HeldOutGradients) => tf.tidy(() => numbers(Object.values(gradients.next(variables))[0]));
    const rows = {xs: held.xs, ys: held.ys, batchSize: 10, seed: 5};
    const gradients = new HeldOutGradients(model, rows, 99);
    for (let step = 0; step < 7; step++) expectClose(next(gradients), expected(10 * step), 1e-6);
    expectClose(next(new HeldOutGradients(model, rows, 99, 4)), expected(40), 1e-6);
    model.dispose();
  });

  it('are those of the weighted mean of losses', () => {
    const model = functionalModel(options);
    const alpha = [model.trainableWeights[1].read() as tf.Variable];
    const values = [...Array(25).keys()].map(i => 1 + (i % 3));
    const weights = tf.tensor1d(values);
    const expected = tf.tidy(() => {
      const [x, y] = heldRows(0, 10, 5);
      const order = new PassOrder(25, 5);
      const own = tf.tensor1d([...Array(10).keys()].map(i => values[order.at(i)]));
      const loss = () =>
        tf.div(
          tf.sum(tf.mul(own, model.lossFunctions[0](y, model.apply(x, {training: true}) as tf.Tensor))),
          tf.sum(own),
        ) as tf.Scalar;
      return numbers(Object.values(tf.variableGrads(loss, alpha).grads)[0]);
    });
    const gradients = new HeldOutGradients(model, {xs: held.xs, ys: held.ys, weights, batchSize: 10, seed: 5}, 99);
    expectClose(
      tf.tidy(() => numbers(Object.values(gradients.next(alpha))[0])),
      expected,
      1e-6,
    );
    model.dispose();
    weights.dispose();
  });

  it('leaves every weight as it was, moving statistics included, and no tensor behind', async () => {
    const model = functionalModel(options);
    const before = weightValues(model.weights);
    await expectNoLeak(() => {
      const gradients = new HeldOutGradients(model, {xs: held.xs, ys: held.ys}, 20);
      tf.dispose(gradients.next([model.trainableWeights[1].read() as tf.Variable]));
      gradients.end();
    });
    expect(weightValues(model.weights)).toEqual(before);
    model.dispose();
  });

  it('takes no more rows than there are', () => {
    const model = functionalModel(options);
    const gradients = new HeldOutGradients(model, {xs: held.xs, ys: held.ys}, 1000);
    const next = () =>
      tf.tidy(() => numbers(Object.values(gradients.next([model.trainableWeights[1].read() as tf.Variable]))[0]));
    expectClose(next(), next(), 1e-6);
    model.dispose();
  });
});

describe('checkHeldOut refuses', () => {
  const rule =
    'SearchStage: `method.rows` must be {xs, ys}, tensors with the same number of rows, at least one. Received: ';
  it.each<[string, () => object, string]>([
    ['other numbers of rows', () => ({xs: train.xs, ys: held.ys}), `${rule}xs [60,4], ys [25,1].`],
    [
      'a negative weight',
      () => ({...pick(), weights: tf.tensor1d(Array(25).fill(-1))}),
      'SearchStage: `method.rows`: weights must be finite numbers >= 0. Received: -1 in row 0.',
    ],
    [
      'arrays',
      () => ({xs: [[1, 2]], ys: held.ys}),
      `${rule}xs an array, ys [25,1]. Make tensors of arrays by tf.tensor2d.`,
    ],
    ['no labels', () => ({xs: held.xs}), `${rule}xs [25,4], ys undefined.`],
  ])('%s', (_, heldOut, message) => {
    expect(() => checkHeldOut('SearchStage', 'method.rows', heldOut() as HeldOut)).toThrow(new Error(message));
  });
  const pick = () => ({xs: held.xs, ys: held.ys});
});
