import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {restoreState} from '../../optimizers/restore_state';
import {AutofisError} from '../errors';
import {layersOf} from '../stages/model_layers';
import {SavedOptimizer, setSavedOptimizer} from '../stages/model_state';
import {isSearchConfig, isSearchOptimizer} from '../stages/search_optimizer';
import type {ArraySource, ArraySpec, Checkpoint, DType, StateValues} from './checkpoint_folder';

/** Description of a model and its optimizer in a checkpoint, without the values of the weights. */
export interface ModelState {
  weights: ArraySpec[];
  optimizer: {className: string; config: tf.serialization.ConfigDict; weights: ArraySpec[]};
  /** The state of each layer that draws random numbers of its own, by the layer's name. */
  random: {[layer: string]: number};
}

/** A layer whose random numbers follow from a number that can be read and set. */
type RandomLayer = tfl.layers.Layer & {randomState: number};

/** Layers of tfjs that draw by Math.random. */
const UNSEEDED = ['Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'];

/** Names of the layers whose random numbers cannot be repeated, so that no two runs are alike. */
export function unrepeatable(model: tfl.LayersModel): string[] {
  return layersOf(model)
    .filter(layer => UNSEEDED.includes(layer.getClassName()))
    .map(({name}) => name);
}

/** The state of a model in training, and where to read its values. `dispose` frees what was made for it. */
export async function captureModel(
  model: tfl.LayersModel,
): Promise<{state: ModelState; arrays: ArraySource[]; dispose(): void}> {
  const {optimizer} = model;
  const weights = model.weights.map(weight => sourceOf(weight.originalName, weight.read()));
  const named = await optimizer.getWeights();
  const slots = named.map(({name, tensor}) => sourceOf(name, tensor));
  return {
    state: {
      weights: weights.map(specOf),
      optimizer: {className: optimizer.getClassName(), config: optimizer.getConfig(), weights: slots.map(specOf)},
      random: Object.fromEntries(
        layersOf(model)
          .filter(isRandom)
          .map(({name, randomState}) => [name, randomState]),
      ),
    },
    arrays: [...weights, ...slots],
    // Counters are copies; moments are the optimizer's own.
    dispose: () =>
      tf.dispose(named.map(({tensor}) => tensor).filter(tensor => !(tensor instanceof tf.Variable) && !tensor.kept)),
  };
}

/**
 * Bring a model and its optimizer to a checkpoint's state. That of a search waits in the model for the SearchStage,
 * which makes the optimizer that it belongs to.
 *
 * @returns Whether a SearchStage has to continue it.
 */
export async function restoreModel(
  where: string,
  model: tfl.LayersModel,
  state: ModelState,
  checkpoint: Checkpoint,
): Promise<boolean> {
  checkWeights(where, model, state.weights);
  for (const [i, spec] of state.weights.entries()) {
    const value = await tensorOf(spec, checkpoint);
    model.weights[i].write(value);
    value.dispose();
  }
  for (const layer of layersOf(model).filter(isRandom)) {
    if (layer.name in state.random) layer.randomState = state.random[layer.name];
  }
  const {className, config, weights: specs} = state.optimizer;
  const search = isSearchConfig(className, config) && !isSearchOptimizer(model.optimizer);
  if (!search) checkOptimizer(where, model.optimizer, className, config);
  const weights: SavedOptimizer['weights'] = [];
  for (const spec of specs) weights.push({name: spec.name, tensor: await tensorOf(spec, checkpoint)});
  if (search) {
    setSavedOptimizer(model, {config, weights});
  } else {
    await restoreState(model.optimizer, weights);
    tf.dispose(weights.map(({tensor}) => tensor));
  }
  return search;
}

/** A tensor as an array of a checkpoint. */
export function sourceOf(name: string, tensor: tf.Tensor): ArraySource {
  return {
    name,
    shape: [...tensor.shape],
    dtype: tensor.dtype as DType,
    read: async () => (await tensor.data()) as StateValues,
  };
}

export function specOf({name, shape, dtype}: ArraySpec): ArraySpec {
  return {name, shape, dtype};
}

/** The checkpoint's next array, as a tensor of the caller's. */
export async function tensorOf(spec: ArraySpec, checkpoint: Checkpoint): Promise<tf.Tensor> {
  return tf.tensor(await checkpoint.next(spec), spec.shape, spec.dtype);
}

function isRandom(layer: tfl.layers.Layer): layer is RandomLayer {
  return typeof (layer as Partial<RandomLayer>).randomState === 'number';
}

function checkWeights(where: string, model: tfl.LayersModel, saved: readonly ArraySpec[]): void {
  const current = model.weights.map(weight => `${weight.originalName} [${weight.shape}]`);
  const theirs = saved.map(({name, shape}) => `${name} [${shape}]`);
  const at = Array.from({length: Math.max(current.length, theirs.length)}).findIndex(
    (_, i) => current[i] !== theirs[i],
  );
  if (at < 0) return;
  throw new AutofisError(
    `${where}: the checkpoint belongs to another model: its weight ${at + 1} of ${theirs.length} is ` +
      `${theirs[at] ?? 'missing'}, but weight ${at + 1} of the model's ${current.length} is ` +
      `${current[at] ?? 'missing'}. Build the model as in the run that wrote the checkpoint.`,
  );
}

/** An optimizer whose rate changes during the training takes over the one it had. */
function checkOptimizer(
  where: string,
  optimizer: tf.Optimizer,
  className: string,
  config: tf.serialization.ConfigDict,
): void {
  const current = optimizer.getConfig();
  const {setLearningRate} = optimizer as {setLearningRate?: (rate: number) => void};
  if (setLearningRate !== undefined && typeof config['learningRate'] === 'number') {
    setLearningRate.call(optimizer, config['learningRate']);
    current['learningRate'] = config['learningRate'];
  }
  if (optimizer.getClassName() === className && JSON.stringify(current) === JSON.stringify(config)) return;
  throw new AutofisError(
    `${where}: the checkpoint has the optimizer ${className} ${JSON.stringify(config)}, but the model has ` +
      `${optimizer.getClassName()} ${JSON.stringify(current)}. ` +
      'Compile the model as in the run that wrote the checkpoint.',
  );
}
