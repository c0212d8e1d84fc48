import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {bilinearFusion, compressedInteraction, featureGate, fieldAttention} from 'tfjs-autofis/layers';
import {saveAndLoad, disposeTrained} from '../helpers/models';
import {disposeWeights, expectClose, expectNoLeak, numbers, weightValues} from '../helpers/tensors';

type Shape = Array<number | null>;

/** Builds a layer for inputs of these shapes without the batch. */
const build = (layer: tfl.layers.Layer, ...shapes: Shape[]) => {
  const inputs = shapes.map(shape => tfl.input({batchShape: [null, ...shape]}));
  return layer.apply(inputs.length === 1 ? inputs[0] : inputs) as tfl.SymbolicTensor;
};
const set = (layer: tfl.layers.Layer, ...weights: tf.TensorLike[]) =>
  layer.setWeights(weights.map((values, i) => tf.tensor(values, layer.weights[i].shape as number[])));
const names = (layer: tfl.layers.Layer) => layer.weights.map(w => `${w.originalName.split('/')[1]} [${w.shape}]`);

describe('shapes', () => {
  it.each<[string, tfl.layers.Layer, number[][], number[], string[]]>([
    [
      'CompressedInteraction',
      compressedInteraction({units: [3, 2]}),
      [[4, 5]],
      [5],
      ['kernel1 [16,3]', 'kernel2 [12,2]'],
    ],
    [
      'FieldAttention',
      fieldAttention({units: 3, heads: 2}),
      [[4, 5]],
      [4, 6],
      ['query [5,6]', 'key [5,6]', 'value [5,6]', 'residual [5,6]'],
    ],
    [
      'FeatureGate',
      featureGate({context: [3, 1], hiddenUnits: 7}),
      [[4, 5]],
      [4, 5],
      ['hidden_kernel [10,7]', 'hidden_bias [7]', 'kernel [7,20]', 'bias [20]'],
    ],
    [
      'FeatureGate of a learned vector',
      featureGate({hiddenUnits: 7}),
      [[4, 5]],
      [4, 5],
      ['vector [1,5]', 'hidden_kernel [5,7]', 'hidden_bias [7]', 'kernel [7,20]', 'bias [20]'],
    ],
    [
      'BilinearFusion',
      bilinearFusion({heads: 3}),
      [[6], [9]],
      [1],
      ['left [6,1]', 'right [9,1]', 'kernel [3,2,3]', 'bias [1]'],
    ],
  ])('of %s are the announced ones, also without rows', (_, layer, inputs, output, weights) => {
    expect(build(layer, ...inputs).shape).toEqual([null, ...output]);
    expect(names(layer)).toEqual(weights);
    tf.tidy(() => {
      for (const batch of [2, 0]) {
        const given = inputs.map(shape => tf.ones([batch, ...shape]));
        expect((layer.apply(given.length === 1 ? given[0] : given) as tf.Tensor).shape).toEqual([batch, ...output]);
      }
    });
    disposeWeights(layer);
  });
});

describe('values worked out by hand', () => {
  const e = [
    [1, 2],
    [3, 4],
  ];

  it('of FieldAttention: equal scores give the mean of the values, and ReLU cuts', () => {
    const layer = fieldAttention({units: 2, heads: 1});
    build(layer, [2, 2]);
    tf.tidy(() => {
      set(layer, [0, 0, 0, 0], [1, 2, 3, 4], [1, 0, 0, 1], [1, 0, 0, -1]);
      // The mean (2, 3), plus (1, -2) and (3, -4).
      expect(numbers(layer.apply(tf.tensor([e])) as tf.Tensor)).toEqual([3, 1, 5, 0]);
    });
    disposeWeights(layer);
  });

  it('of FieldAttention: each field attends to fields by its own query', () => {
    const layer = fieldAttention({units: 1, heads: 1});
    build(layer, [2, 1]);
    tf.tidy(() => {
      set(layer, [1], [1], [1], [0]);
      // Field i weighs values 0 and ln 2 by 1 and exp(e_i ln 2).
      const share = 2 ** Math.log(2) / (1 + 2 ** Math.log(2));
      const expected = [Math.log(2) / 2, Math.log(2) * share];
      expectClose(layer.apply(tf.tensor([[[0], [Math.log(2)]]])) as tf.Tensor, expected, 1e-6);
    });
    disposeWeights(layer);
  });

  it('of FeatureGate: a gate of zeros leaves embeddings as they are, others weigh each number', () => {
    const layer = featureGate({context: [1], hiddenUnits: 1});
    build(layer, [2, 2]);
    tf.tidy(() => {
      set(layer, [0, 0], [0], [0, 0, 0, 0], [0, 0, 0, 0]);
      expect(numbers(layer.apply(tf.tensor([e])) as tf.Tensor)).toEqual([1, 2, 3, 4]);
      // Of field 1 the network reads 3 - 2 * 4 + 6 = 1; sigmoid(ln 3) is 3 / 4.
      set(layer, [1, -2], [6], [Math.log(3), 0, 0, 0], [0, 0, 0, -Math.log(3)]);
      expectClose(layer.apply(tf.tensor([e])) as tf.Tensor, [1.5, 2, 3, 2], 1e-6);
    });
    disposeWeights(layer);
  });

  it('of BilinearFusion: one matrix for each head', () => {
    const layer = bilinearFusion({heads: 2});
    build(layer, [2], [4]);
    tf.tidy(() => {
      set(layer, [1, 10], [1, 0, 0, 2], [[[1, 2]], [[3, 4]]], [0.5]);
      const x = tf.tensor2d([[2, 3]]);
      const y = tf.tensor2d([[5, 6, 7, 8]]);
      // 0.5 + 32 + 21, 2 (5 + 2 * 6), and 3 (3 * 7 + 4 * 8).
      expect(numbers(layer.apply([x, y]) as tf.Tensor)).toEqual([0.5 + 32 + 21 + 34 + 159]);
    });
    disposeWeights(layer);
  });
});

describe('BilinearFusion', () => {
  const make = () => {
    const inputs = [4, 6].map((length, i) => tfl.input({shape: [length], name: `input_${i}`}));
    const outputs = bilinearFusion({heads: 2, seed: 3, name: 'tested'}).apply(inputs) as tfl.SymbolicTensor;
    const model = tfl.model({inputs, outputs});
    model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
    return model;
  };
  const rows = () => [tf.randomUniform([5, 4], -1, 1, 'float32', 4), tf.randomUniform([5, 6], -1, 1, 'float32', 5)];

  it('comes back from a real save with the same config, weights and predictions', async () => {
    const model = make();
    const loaded = await saveAndLoad(model, false);
    expect(loaded.getLayer('tested').getConfig()).toMatchObject({heads: 2, seed: 3});
    const given = rows();
    tf.tidy(() =>
      expect(numbers(loaded.predict(given) as tf.Tensor)).toEqual(numbers(model.predict(given) as tf.Tensor)),
    );
    tf.dispose(given);
    [model, loaded].forEach(each => each.dispose());
  });

  it('leaves no tensor behind after fit, predict and dispose', async () => {
    await expectNoLeak(async () => {
      const model = make();
      const xs = rows();
      const ys = tf.ones([5, 1]);
      const before = weightValues(model.weights);
      await model.fit(xs, ys, {epochs: 1, verbose: 0});
      weightValues(model.weights).forEach((values, i) => expect(values).not.toEqual(before[i]));
      tf.dispose([model.predict(xs), xs, ys]);
      disposeTrained(model);
    });
  });
});

describe('refused are', () => {
  it.each<[string, () => unknown, string]>([
    [
      'no feature maps',
      () => compressedInteraction({units: []}),
      'CompressedInteraction: `units` must be a list of numbers of feature maps. Received: [].',
    ],
    [
      'a field twice',
      () => featureGate({context: [1, 1]}),
      'FeatureGate: `context` must be a list of different field positions. Received: [1,1].',
    ],
    [
      'a field beyond the last one',
      () => build(featureGate({context: [0, 4], name: 'x'}), [4, 3]),
      'FeatureGate x: `context` must hold positions from 0 to 3, since the input has 4 fields. Received: [0,4].',
    ],
    [
      'heads that do not divide an input',
      () => build(bilinearFusion({heads: 2, name: 'x'}), [4], [5]),
      'BilinearFusion x: `heads` must divide the lengths of both inputs, 4 and 5. Received: 2.',
    ],
    [
      'one input of two',
      () => build(bilinearFusion({name: 'x'}), [4]),
      'BilinearFusion x: takes two inputs of shape [batch, length]. Received: [null,4]. Flatten them, and give both ' +
        'as a list.',
    ],
    [
      'embeddings where vectors must be',
      () => build(bilinearFusion({name: 'x'}), [4, 2], [4]),
      'BilinearFusion x: takes two inputs of shape [batch, length]. Received: [[null,4,2],[null,4]]. Flatten them, ' +
        'and give both as a list.',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
