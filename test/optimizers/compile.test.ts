import * as tf from '@tensorflow/tfjs-core';
import {GRDA, grda, lazyAdam, partitioned} from 'tfjs-autofis';
import {gatedModel} from '../helpers/models';
import {LazyAdam} from '../../optimizers/lazy_adam';
import {Partitioned} from '../../optimizers/partitioned';

const optimizers: Array<[string, () => tf.Optimizer]> = [
  [GRDA.className, () => grda({c: 0.005})],
  [LazyAdam.className, () => lazyAdam()],
  [Partitioned.className, () => partitioned({groups: [{name: 'all', optimizer: lazyAdam()}]})],
];

describe.each(optimizers)('%s in compile', (className, make) => {
  it('trains as an object', async () => {
    const optimizer = make();
    const model = gatedModel({optimizer});
    const ids = tf.zeros([4, 4], 'int32');
    const labels = tf.tensor2d([[0], [1], [0], [1]]);
    const {history} = await model.fit(ids, labels, {verbose: 0});
    expect(history['loss'].every(Number.isFinite)).toBe(true);
    model.dispose();
    optimizer.dispose();
    tf.dispose([ids, labels]);
  });

  it('is unknown to TensorFlow.js as a name, as docs/models.md says', () => {
    for (const name of [className, className[0].toLowerCase() + className.slice(1)]) {
      expect(() => gatedModel({optimizer: name})).toThrow(`Unknown Optimizer ${name}`);
    }
  });
});
