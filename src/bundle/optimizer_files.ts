import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {restoreState} from '../../optimizers/restore_state';
import {checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {fromIdentifier} from '../serialize';
import {jsonFile, parse, readInfo, readListed} from './bundle_files';
import type {BundleStore} from './store';

const OPTIMIZER_FILE = 'optimizer.json';
const MOMENTS_FILE = 'optimizer.bin';

/**
 * An optimizer with its state: for each kind of moment one tensor of the shape of each trainable weight, in the model's
 * order.
 */
export interface SavedState {
  className: string;
  config: tf.serialization.ConfigDict;
  /** Steps that it has made. */
  step: number;
  /** Such as m and v of Adam; empty before the first step. */
  slots: Array<{name: string; tensors: tf.Tensor[]}>;
}

/** Content of optimizer.json; optimizer.bin holds the values, float32, slot after slot. */
type OptimizerInfo = Omit<SavedState, 'slots'> & {slots: string[]; shapes: number[][]};

/**
 * The optimizer of a compiled model with its state. The tensors are its own.
 * @throws AutofisError where its state is not a number of moments for each trainable weight.
 */
export async function optimizerState(where: string, model: tfl.LayersModel): Promise<SavedState> {
  const {optimizer, trainableWeights} = model;
  const found = await momentsOf(model);
  if (found === null) {
    throw new AutofisError(
      `${where}: \`optimizer\` needs a model compiled with lazyAdam() or tf.train.adam(), with moments of each ` +
        `trainable weight. Received a model with ${optimizer?.getClassName() ?? 'no optimizer'}. Leave ` +
        `\`optimizer\` out.`,
    );
  }
  const {step, moments} = found;
  const byName = new Map(moments.map(({name, tensor}) => [name, tensor]));
  const slots = [...new Set(moments.map(({name}) => name.slice(name.lastIndexOf('/') + 1)))];
  return {
    className: optimizer.getClassName(),
    config: optimizer.getConfig(),
    step,
    slots: slots.map(name => ({
      name,
      tensors: trainableWeights.map(
        // Before its first step a restored optimizer knows weights by their positions.
        (weight, i) => (byName.get(`${weight.name}/${name}`) ?? byName.get(`${i}/${name}`))!,
      ),
    })),
  };
}

/** Tell whether a model's optimizer has made steps and has moments that `optimizerState` can save. */
export async function hasMoments(model: tfl.LayersModel): Promise<boolean> {
  // A model that was loaded has no optimizer, whatever its type says.
  if (((model.optimizer as tf.Optimizer | undefined)?.iterations ?? 0) === 0) return false;
  const found = await momentsOf(model);
  return found !== null && found.moments.length > 0;
}

/** The steps and moments of a model's optimizer; null unless all weights have equally many, each of its shape. */
async function momentsOf({optimizer, trainableWeights}: tfl.LayersModel) {
  const [iterations, ...moments] = (await (optimizer as tf.Optimizer | undefined)?.getWeights()) ?? [];
  if (iterations === undefined) return null;
  const step = iterations.tensor.dataSync()[0];
  iterations.tensor.dispose();
  const shapes = trainableWeights.map(({shape}) => shape as number[]);
  const fits =
    moments.length % shapes.length === 0 &&
    moments.every(({tensor}, i) => tf.util.arraysEqual(tensor.shape, shapes[i % shapes.length]));
  return fits ? {step, moments} : null;
}

/**
 * The optimizer of a compiled model, as two files.
 * @throws AutofisError as `optimizerState`.
 */
export async function optimizerFiles(where: string, model: tfl.LayersModel): Promise<Map<string, Uint8Array>> {
  const {slots, ...saved} = await optimizerState(where, model);
  const {data} = await tf.io.encodeWeights(
    slots.flatMap(({name, tensors}) => tensors.map((tensor, i) => ({name: `${i}/${name}`, tensor}))),
  );
  const info: OptimizerInfo = {
    ...saved,
    slots: slots.map(({name}) => name),
    shapes: model.trainableWeights.map(({shape}) => shape as number[]),
  };
  return new Map([
    [OPTIMIZER_FILE, jsonFile(info)],
    [MOMENTS_FILE, new Uint8Array(data)],
  ]);
}

/** The optimizer that a bundle holds, null if it holds none. The caller disposes the tensors. */
export async function readOptimizer(store: BundleStore): Promise<SavedState | null> {
  const info = await readInfo(store);
  const json = await readListed(store, info, OPTIMIZER_FILE);
  const bytes = await readListed(store, info, MOMENTS_FILE);
  if (json === null || bytes === null) return null;
  const location = `loadBundle: ${store.name}: ${OPTIMIZER_FILE}`;
  const {slots, shapes, ...saved} = parse(OPTIMIZER_FILE, json) as OptimizerInfo;
  checkKeys(location, saved, ['className', 'config', 'step']);
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  const sizes = shapes.map(shape => tf.util.sizeFromShape(shape));
  const length = sizes.reduce((sum, size) => sum + size, 0);
  if (values.length !== slots.length * length) {
    throw new AutofisError(
      `${location}: ${MOMENTS_FILE} must hold ${slots.length * length} values. Received: ${values.length}. ` +
        'Save the bundle again.',
    );
  }
  let at = 0;
  return {
    ...saved,
    slots: slots.map(name => ({
      name,
      tensors: shapes.map((shape, i) => tf.tensor(values.slice(at, (at += sizes[i])), shape)),
    })),
  };
}

/** Make the optimizer that was saved, with its state; its tensors are copied. */
export async function restoreOptimizer(
  where: string,
  {className, config, step, slots}: SavedState,
): Promise<tf.Optimizer> {
  const optimizer = fromIdentifier<tf.Optimizer>(where, 'optimizer', {className, config});
  const iterations = tf.scalar(step, 'int32');
  await restoreState(optimizer, [
    {name: 'iter', tensor: iterations},
    ...slots.flatMap(({name, tensors}) => tensors.map((tensor, i) => ({name: `${i}/${name}`, tensor}))),
  ]);
  iterations.dispose();
  return optimizer;
}
