import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {grda, lazyAdam} from 'tfjs-autofis';
import type {GatedInteractionArgs} from 'tfjs-autofis/layers';
import {gatedModel} from '../helpers/models';
import {weightValues} from '../helpers/tensors';

function stepOnNothing(model: tfl.LayersModel, optimizer: tf.Optimizer): void {
  tf.tidy(() => {
    const ids = tf.tensor2d([], [0, model.inputs[0].shape[1]!], 'int32');
    optimizer.minimize(
      () => tf.sum(model.apply(ids, {training: true}) as tf.Tensor) as tf.Scalar,
      false,
      model.trainableWeights.map(weight => weight.read() as tf.Variable),
    );
  });
}

it.each<[string, GatedInteractionArgs]>([
  ['pairs', {}],
  ['triples', {order: 3}],
  ['gates one by one', {output: 'each'}],
  ['gates without normalisation', {batchNorm: false}],
])('a batch without rows changes nothing of %s', (_, gate) => {
  for (const optimizer of [tf.train.sgd(0.1), grda({c: 0}), lazyAdam()]) {
    const model = gatedModel(gate);
    const moving = model.weights.filter(({originalName}) => originalName.includes('moving_'));
    tf.tidy(() => moving.forEach(weight => weight.write(tf.fill(weight.shape as number[], 0.5))));
    const before = weightValues(model.weights);
    stepOnNothing(model, optimizer);
    expect(weightValues(model.weights)).toEqual(before);
    model.dispose();
    optimizer.dispose();
  }
});
