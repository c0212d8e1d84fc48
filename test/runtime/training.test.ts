import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {type BackendName, useBackend} from '../../src/runtime/index';

describe.each<BackendName>(['wasm', 'cpu'])('on %s', backend => {
  it('an embedding and a dense layer train with model.fit', async () => {
    await useBackend(backend);
    const before = tf.memory().numTensors;
    const model = layers.sequential({
      layers: [
        layers.layers.embedding({
          inputDim: 20,
          outputDim: 4,
          inputLength: 3,
          embeddingsInitializer: layers.initializers.randomNormal({stddev: 0.1, seed: 1}),
        }),
        layers.layers.flatten(),
        layers.layers.dense({
          units: 16,
          activation: 'relu',
          kernelInitializer: layers.initializers.glorotUniform({seed: 2}),
        }),
        layers.layers.dense({
          units: 1,
          activation: 'sigmoid',
          kernelInitializer: layers.initializers.glorotUniform({seed: 3}),
        }),
      ],
    });
    const optimizer = tf.train.adam(0.01);
    model.compile({optimizer, loss: 'binaryCrossentropy'});
    const x = tf.randomUniform([128, 3], 0, 20, 'int32', 4);
    const y = tf.tidy(() => tf.cast(tf.greater(tf.sum(x, 1, true), 28), 'float32'));
    const {history} = await model.fit(x, y, {epochs: 15, batchSize: 32, shuffle: false, verbose: 0});
    const loss = history.loss as number[];
    expect(loss[loss.length - 1]).toBeLessThan(0.6 * loss[0]);
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
