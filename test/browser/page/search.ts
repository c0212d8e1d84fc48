/** A search from the start to the slim model, in Node as in a page, so that their numbers can be compared. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GatedInteraction, lazyAdam, retrainModel, SearchStage, SeededBatches, Selection} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {grda} from 'tfjs-autofis/optimizers';
import {useBackend} from 'tfjs-autofis/runtime';
import {asTensors, plantedRows} from '../../helpers/models';
import {gradientSteps, step, variables} from '../../helpers/optimizers';
import {generator, uniform} from '../../helpers/random';
import {alphas} from '../../helpers/search';
import {numbers} from '../../helpers/tensors';

export {useBackend};

export interface Figures {
  /** A gate's output, its gradients by the embeddings and by alpha, one after another. */
  gate: number[];
  /** A weight after each of some steps of GRDA. */
  grda: number[];
  /** alpha at the end of a search. */
  alpha: number[];
  selection: Selection;
  /** The slim model's predictions. */
  predictions: number[];
}

const fields = [7, 6, 5, 4, 8, 3].map((size, i) => ({name: `field ${i}`, size}));
const rows = plantedRows(
  640,
  fields,
  [
    [0, 1],
    [2, 4],
  ],
  5,
);

let slim: tfl.LayersModel;

function gateFigures(): number[] {
  const layer = new GatedInteraction({seed: 3});
  const next = generator(31);
  const shape: [number, number, number] = [50, 7, 6];
  const e = tf.tensor3d(uniform(next, 50 * 7 * 6), shape);
  const factors = tf.tensor2d(uniform(next, 50), [50, 1]);
  const apply = (x: tf.Tensor) => layer.apply(x, {training: true}) as tf.Tensor;
  const loss = (x: tf.Tensor) => tf.sum(tf.mul(apply(x), factors)) as tf.Scalar;
  const found = [
    apply(e),
    tf.grad(loss)(e),
    tf.variableGrads(() => loss(e), [layer.alpha!.read() as tf.Variable]).grads[layer.alpha!.name],
  ];
  return found.flatMap(numbers);
}

function grdaFigures(): number[] {
  const weights = variables({w: uniform(generator(32), 40)});
  const optimizer = grda({c: 0.02, mu: 0.7});
  const found = gradientSteps(25, [40], 33, 0.2).flatMap(gradients => {
    step(optimizer, weights.list, gradients);
    return weights.values()[0];
  });
  optimizer.dispose();
  weights.dispose();
  return found;
}

/** The slim model's predictions for the rows that it was trained on. */
export function predict(model: tfl.LayersModel): number[] {
  const ids = rows.ids;
  return tf.tidy(() =>
    numbers(model.predict(tf.tensor2d(ids, undefined, 'int32'), {batchSize: ids.length}) as tf.Tensor),
  );
}

/** Everything that is compared, on the current backend. Keeps the slim model for {@link save}. */
export async function figures(): Promise<Figures> {
  const {xs, ys, dispose} = asTensors(rows);
  const optimizer = lazyAdam({learningRate: 0.01});
  const model = autoFm({fields, embeddingDim: 8, optimizer, seed: 11});
  const search = new SearchStage();
  const batches = (seed: number) => new SeededBatches({xs, ys}, {batchSize: 64, seed}) as never;
  await model.fitDataset(batches(1), {epochs: 3, verbose: 0, callbacks: [search]});
  slim = retrainModel(model, search.selection, {seed: 12});
  await slim.fitDataset(batches(2), {epochs: 1, verbose: 0});
  const [alpha] = alphas(model);
  model.dispose();
  optimizer.dispose();
  dispose();
  return {
    gate: tf.tidy(gateFigures),
    grda: grdaFigures(),
    alpha,
    selection: search.selection,
    predictions: predict(slim),
  };
}

/** Saves the slim model. */
export async function save(url: string): Promise<void> {
  await slim.save(url);
}

/** The predictions of a model that was saved. */
export async function predictSaved(url: string): Promise<number[]> {
  return predict(await tfl.loadLayersModel(url));
}
