import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, retrainModel, SearchStage, TwoStage} from 'tfjs-autofis';
import {asTensors, fields, plantedRows} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {expectNoLeak, numbers} from '../helpers/tensors';
import {Partitioned} from '../../optimizers/partitioned';

captureWarnings();
let data: ReturnType<typeof asTensors>;
beforeAll(() => {
  data = asTensors(plantedRows(100, fields, [[0, 1]], 51));
});
const fitArgs = {epochs: 3, batchSize: 20, shuffle: false, verbose: 0};

/** A model whose alpha stands among its weights, not behind them. */
function model(optimizer: tf.Optimizer | string): tfl.LayersModel {
  const made = tfl.sequential({
    layers: [
      new FieldEmbedding({fields, outputDim: 3, seed: 1}),
      new GatedInteraction({seed: 2}),
      tfl.layers.dense({units: 1, activation: 'sigmoid', kernelInitializer: tfl.initializers.ones()}),
    ],
  });
  made.compile({optimizer, loss: 'binaryCrossentropy'});
  return made;
}

/** Fits with a stage and returns the class names of the optimizers of all weights but alpha, one per epoch. */
async function trainedBy(made: tfl.LayersModel, stage: tfl.Callback): Promise<string[]> {
  const seen: string[] = [];
  const {onEpochEnd} = stage;
  stage.onEpochEnd = async (epoch, logs) => {
    const {optimizer} = (stage as unknown as {model: tfl.LayersModel}).model;
    const rest =
      optimizer.getClassName() === 'Partitioned' ? (optimizer as Partitioned).optimizerOf('rest') : optimizer;
    seen.push(rest.getClassName());
    await onEpochEnd.call(stage, epoch, logs);
  };
  await made.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage]});
  return seen;
}

describe("the name 'adam'", () => {
  it.each<[string, () => tfl.Callback]>([
    ['SearchStage', () => new SearchStage()],
    ['TwoStage', () => new TwoStage({search: {epochs: 2}})],
  ])("trains by LazyAdam under %s, and the model's own optimizer continues from its state", async (_, stage) => {
    await expectNoLeak(async () => {
      const made = model('adam');
      const {optimizer} = made;
      expect(await trainedBy(made, stage())).toEqual(['LazyAdam', 'LazyAdam', 'LazyAdam']);
      expect(made.optimizer === optimizer).toBe(true);
      const steps = optimizer.iterations;
      const [iterations, ...moments] = await optimizer.getWeights();
      iterations.tensor.dispose();
      expect(moments.map(({name}) => name)).toEqual(
        ['m', 'v'].flatMap(slot => made.trainableWeights.map(w => `${w.name}/${slot}`)),
      );
      expect(numbers(moments[0].tensor).some(m => m !== 0)).toBe(true);
      await made.fit(data.xs, data.ys, {...fitArgs, epochs: 1});
      expect(optimizer.iterations).toBe(steps + 5);
      made.dispose();
    });
  });

  it('becomes LazyAdam, with its constants, in the retrain model', async () => {
    const made = model('adam');
    const search = new SearchStage({method: {type: 'grda', c: 1e-3}});
    await trainedBy(made, search);
    const slim = retrainModel(made, search.selection);
    expect(slim.optimizer.getClassName()).toBe('LazyAdam');
    expect(slim.optimizer.getConfig()).toMatchObject(made.optimizer.getConfig());
    [made, slim].forEach(each => each.dispose());
  });
});

it('leaves an optimizer object as it is', async () => {
  await expectNoLeak(async () => {
    const optimizer = tf.train.adam(0.01);
    const made = model(optimizer);
    const search = new SearchStage({method: {type: 'grda', c: 1e-3}});
    expect(await trainedBy(made, search)).toEqual(['Adam', 'Adam', 'Adam']);
    expect(made.optimizer === optimizer).toBe(true);
    const slim = retrainModel(made, search.selection);
    expect(slim.optimizer.getClassName()).toBe('Adam');
    [made, slim].forEach(each => each.dispose());
    optimizer.dispose();
  });
});

it('searches with what Adam knows of a model that was trained before, without what it knows of alpha', async () => {
  await expectNoLeak(async () => {
    const made = model('adam');
    await made.fit(data.xs, data.ys, fitArgs);
    expect(await trainedBy(made, new SearchStage())).toEqual(['LazyAdam', 'LazyAdam', 'LazyAdam']);
    expect(made.optimizer.iterations).toBe(30);
    await made.fit(data.xs, data.ys, {...fitArgs, epochs: 1});
    made.dispose();
  });
});

it('of an optimizer object that has trained alpha, says what to do', async () => {
  const made = model(tf.train.adam());
  await made.fit(data.xs, data.ys, fitArgs);
  await expect(made.fit(data.xs, data.ys, {...fitArgs, callbacks: [new SearchStage()]})).rejects.toThrow(
    'SearchStage: this Adam optimizer has trained alpha before, and it identifies weights by position only. ' +
      'Compile the model again before the search; its weights stay.',
  );
  made.dispose();
});
