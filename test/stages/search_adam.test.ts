import * as tf from '@tensorflow/tfjs-core';
import {SearchStage, SearchStageArgs} from 'tfjs-autofis';
import {HeldOutGradients} from '../../src/stages/held_out_gradients';
import {fields, functionalModel, gatedModel, plantedRows, saveAndLoad, testTensors} from '../helpers/models';
import {afterEpoch, alphas, captureWarnings, eachBatch} from '../helpers/search';
import {expectClose, expectNoLeak, messageOf, weightValues} from '../helpers/tensors';

captureWarnings();
const fitArgs = {epochs: 3, batchSize: 20, shuffle: false, verbose: 0} as const;
const topTwo: SearchStageArgs = {method: {type: 'topK', k: 2}};

const train = testTensors(plantedRows(60, fields, [[0, 1]], 8));
const held = testTensors(plantedRows(25, fields, [[0, 1]], 9));

describe('a search with alpha trained by Adam', () => {
  it('on the same batches is a plain training, of which the largest |alpha| are kept', async () => {
    const searched = gatedModel({optimizer: tf.train.adam(0.001)});
    const plain = gatedModel({optimizer: tf.train.adam(0.001)});
    const search = new SearchStage(topTwo);
    const {history} = await searched.fit(train.xs, train.ys, {...fitArgs, callbacks: [search]});
    await plain.fit(train.xs, train.ys, fitArgs);
    expectClose(weightValues(searched.weights).flat(), weightValues(plain.weights).flat(), 1e-6);
    const [alpha] = alphas(plain);
    const largest = [...alpha].sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, 2);
    expectClose(
      search.selection.map(s => s.alpha),
      largest,
      1e-6,
    );
    expect(search.constants).toBeNull();
    expect(history['openGates']).toEqual([6, 6, 6]);
    expect(history['threshold']).toBeUndefined();
    [searched, plain].forEach(model => model.dispose());
  });

  it('on held-out batches is bi-level: weights by training batches, alpha by the others', async () => {
    const searched = functionalModel({seed: 3});
    const byHand = functionalModel({seed: 3});
    await searched.fit(train.xs, train.ys, {
      ...fitArgs,
      callbacks: [
        new SearchStage({method: {type: 'topK', k: 2, learningRate: 0.01, heldOut: {xs: held.xs, ys: held.ys}}}),
      ],
    });
    const weights = tf.train.adam(0.001);
    const gates = tf.train.adam(0.01);
    const variables = byHand.trainableWeights.map(w => w.read() as tf.Variable);
    const isAlpha = (name: string) => /alpha(_\d+)?$/.test(name);
    const heldOut = new HeldOutGradients(byHand, {xs: held.xs, ys: held.ys}, 20);
    await eachBatch({...train, ...fitArgs}, (x, y) =>
      tf.tidy(() => {
        const {grads} = tf.variableGrads(
          () => tf.mean(byHand.lossFunctions[0](y, byHand.apply(x, {training: true}) as tf.Tensor)) as tf.Scalar,
          variables.filter(v => !isAlpha(v.name)),
        );
        const alphaGrads = heldOut.next(variables.filter(v => isAlpha(v.name)));
        weights.applyGradients(grads as never);
        gates.applyGradients(alphaGrads as never);
      }),
    );
    expectClose(weightValues(searched.weights).flat(), weightValues(byHand.weights).flat(), 1e-5);
    [searched, byHand].forEach(model => model.dispose());
    [weights, gates].forEach(optimizer => optimizer.dispose());
  });

  it('goes on after it was saved, but not as a search by gRDA', async () => {
    const whole = gatedModel();
    const search = new SearchStage(topTwo);
    const saved: Awaited<ReturnType<typeof saveAndLoad>>[] = [];
    afterEpoch(search, async epoch => {
      if (epoch === 0) saved.push(await saveAndLoad(whole, true), await saveAndLoad(whole, true));
    });
    await whole.fit(train.xs, train.ys, {...fitArgs, callbacks: [search]});
    const resumed = new SearchStage(topTwo);
    await saved[0].fit(train.xs, train.ys, {...fitArgs, initialEpoch: 1, callbacks: [resumed]});
    expectClose(weightValues(saved[0].weights).flat(), weightValues(whole.weights).flat(), 1e-6);
    expect(
      await messageOf(() =>
        saved[1].fit(train.xs, train.ys, {...fitArgs, initialEpoch: 1, callbacks: [new SearchStage()]}),
      ),
    ).toMatch(/in the saved search Adam trained alpha/);
    [whole, ...saved].forEach(model => model.dispose());
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const model = gatedModel();
      await model.fit(train.xs, train.ys, {...fitArgs, callbacks: [new SearchStage(topTwo)]});
      model.dispose();
    });
  });
});
