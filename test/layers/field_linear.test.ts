import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldLinear, FieldSpec} from 'tfjs-autofis/layers';
import {disposeWeights, expectClose, numbers, weightValues} from '../helpers/tensors';

const fields: FieldSpec[] = [
  {name: 'a', size: 3},
  {name: 'means', size: 2, width: 2},
  {name: 'sums', size: 2, width: 2, combiner: 'sum'},
];
const kernel = [1, 2, 4, 8, 16, 32, 64];
const ids = [
  [0, 0, 1, 0, 1],
  [2, 1, -1, 1, -1],
  [1, -1, -1, -1, -1],
];
/** a + mean + sum of each row. */
const sums = [1 + (8 + 16) / 2 + (32 + 64), 4 + 16 + 64, 2];

function built(useBias?: boolean) {
  const layer = fieldLinear({name: 'linear', fields, useBias});
  layer.apply(tfl.input({shape: [5], dtype: 'int32'}));
  return layer;
}

describe('FieldLinear', () => {
  it('starts at 0', () => {
    const layer = built();
    expect(layer.weights.map(w => w.originalName)).toEqual(['linear/kernel', 'linear/bias']);
    expect(weightValues(layer.weights)).toEqual([[0, 0, 0, 0, 0, 0, 0], [0]]);
    disposeWeights(layer);
  });

  it.each([
    [true, 0.5],
    [undefined, 0.5],
    [false, 0],
  ])('adds the weights of the present features, useBias %p', (useBias, bias) => {
    const layer = built(useBias);
    tf.tidy(() => {
      layer.setWeights([tf.tensor2d(kernel, [7, 1]), ...(bias === 0 ? [] : [tf.tensor1d([bias])])]);
      const result = layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor;
      expect(result.shape).toEqual([3, 1]);
      expect(layer.computeOutputShape([3, 5])).toEqual([3, 1]);
      expectClose(
        result,
        sums.map(sum => sum + bias),
        1e-6,
      );
    });
    disposeWeights(layer);
  });

  it('gives gradients to present features only', () => {
    const layer = built();
    tf.tidy(() => {
      const {grads} = tf.variableGrads(
        () => tf.sum(layer.apply(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor) as tf.Scalar,
      );
      const [dKernel, dBias] = layer.trainableWeights.map(w => numbers(grads[w.name]));
      expect(dKernel).toEqual([1, 1, 1, 0.5, 1.5, 1, 2]);
      expect(dBias).toEqual([3]);
    });
    disposeWeights(layer);
  });
});
