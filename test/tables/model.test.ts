import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldEmbedding, fieldLinear, gatedInteraction, lazyAdam} from 'tfjs-autofis';
import {nativeBackend} from '../../src/tfjs_internals';
import {Table} from '../../src/tables/table';
import {disposeTrained} from '../helpers/models';
import {generator, integers} from '../helpers/random';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';
import {LazyAdam} from '../../optimizers/lazy_adam';

const fields = [
  {name: 'a', size: 20},
  {name: 'b', size: 7},
  {name: 'c', size: 5},
];
const N = 64;
const next = generator(9);
const rows = Array.from({length: N}, () => fields.map(({size}) => integers(next, 1, size)[0]));
const answers = rows.map(([a, b]) => [(a + b) % 3 === 0 ? 1 : 0]);

function makeModel(optimizer: tf.Optimizer | string): tfl.LayersModel {
  const input = tfl.input({shape: [3], dtype: 'int32'});
  const e = fieldEmbedding({name: 'table', fields, outputDim: 4, seed: 1}).apply(input) as tfl.SymbolicTensor;
  const parts = [
    gatedInteraction({name: 'gate', seed: 3}).apply(e) as tfl.SymbolicTensor,
    fieldLinear({name: 'linear', fields}).apply(input) as tfl.SymbolicTensor,
    tfl.layers
      .dense({name: 'deep', units: 1, kernelInitializer: tfl.initializers.glorotUniform({seed: 2})})
      .apply(tfl.layers.flatten().apply(e)) as tfl.SymbolicTensor,
  ];
  const output = tfl.layers
    .activation({activation: 'sigmoid'})
    .apply(tfl.layers.add().apply(parts)) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: input, outputs: output});
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  return model;
}

async function fit(model: tfl.LayersModel, epochs = 2, callbacks: tfl.Callback[] = []): Promise<number[]> {
  const [xs, ys] = [tf.tensor2d(rows, undefined, 'int32'), tf.tensor2d(answers)];
  const {history} = await model.fit(xs, ys, {epochs, batchSize: 16, shuffle: false, verbose: 0, callbacks});
  tf.dispose([xs, ys]);
  return history['loss'] as number[];
}

const values = (model: tfl.LayersModel) => model.getWeights().map(numbers);
const tableOf = (model: tfl.LayersModel) => model.getLayer('table').weights[0].read() as tf.Variable;

describe('a model with tables under LazyAdam', () => {
  it('learns by fit, as it does under tf.train.adam with exact', async () => {
    const [lazy, exact, stock] = [
      makeModel(lazyAdam({learningRate: 0.01})),
      makeModel(lazyAdam({learningRate: 0.01, exact: true})),
      makeModel(tf.train.adam(0.01)),
    ];
    const losses = [];
    for (const model of [lazy, exact, stock]) losses.push(await fit(model, 20));
    expect(losses[0][19]).toBeLessThan(0.7 * losses[0][0]);
    expectClose(losses[1], losses[2], 1e-3);
    disposeTrained(lazy, exact, stock);
  });

  it('shows the table as an ordinary weight', async () => {
    const [model, twin] = [makeModel(lazyAdam({learningRate: 0.01})), makeModel(lazyAdam({learningRate: 0.01}))];
    await fit(model);
    expect(Table.of(tableOf(model))).not.toBeNull();
    expect(tableOf(model).shape).toEqual([32, 4]);
    expect(model.countParams()).toBe(twin.countParams());
    const lines: string[] = [];
    model.summary(100, undefined, (line: string) => lines.push(line));
    expect(lines.join()).toContain('[null,3,4]');
    // Weights that were read stay as they were read: clones do not change under the next steps.
    const kept = model.getWeights().map(weight => tf.clone(weight));
    const before = values(model);
    twin.setWeights(kept);
    expect(values(twin)).toEqual(before);
    await fit(model, 1);
    expect(kept.map(numbers)).toEqual(before);
    expect(values(model)).not.toEqual(before);
    const ids = tf.tensor2d(rows, undefined, 'int32');
    const predictions = tf.tidy(() => numbers(model.predict(ids) as tf.Tensor));
    twin.setWeights(model.getWeights());
    expectClose(
      tf.tidy(() => numbers(twin.predict(ids) as tf.Tensor)),
      predictions,
      1e-6,
    );
    tf.dispose([ids, kept]);
    disposeTrained(model, twin);
  });

  it('starts its next step from what setWeights wrote', async () => {
    const [model, fresh] = [makeModel(lazyAdam({learningRate: 0.01})), makeModel(lazyAdam({learningRate: 0.01}))];
    const start = fresh.getWeights().map(weight => tf.clone(weight));
    await fit(model, 1);
    model.setWeights(start);
    expect(values(model)).toEqual(start.map(numbers));
    (model.optimizer as LazyAdam).dispose();
    await model.optimizer.setWeights([{name: 'iter', tensor: tf.scalar(0, 'int32')}]);
    expect(await fit(model, 1)).toEqual(await fit(fresh, 1));
    expect(values(model)).toEqual(values(fresh));
    tf.dispose(start);
    disposeTrained(model, fresh);
  });

  it('leaves nothing behind, in whatever order model and optimizer are disposed', async () => {
    await fit(makeModel('sgd'), 1);
    const handles = () => (nativeBackend() as unknown as {getNumOfTFTensors(): number} | null)?.getNumOfTFTensors();
    for (const optimizerFirst of [true, false]) {
      const before = handles();
      await expectNoLeak(async () => {
        const optimizer = lazyAdam();
        const model = makeModel(optimizer);
        await fit(model);
        values(model);
        const disposals = [
          () => optimizer.dispose(),
          () => {
            model.dispose();
          },
        ];
        (optimizerFirst ? disposals : disposals.reverse()).forEach(dispose => dispose());
      });
      expect(handles()).toBe(before);
    }
  });
});
