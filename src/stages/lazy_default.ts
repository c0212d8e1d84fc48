import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {AutofisError} from '../errors';
import {cloneSerializable} from '../serialize';
import {disposesOptimizer} from '../tfjs_internals';

/** Optimizers of tfjs that hold something of each weight and know weights by position only. */
const POSITIONAL = ['Adadelta', 'Adagrad', 'Adam', 'Momentum', 'RMSProp'];

/** Tell whether compile made the optimizer from the name 'adam'. One that the user made is never replaced. */
function isNamedAdam(model: tfl.LayersModel, optimizer: tf.Optimizer): boolean {
  return disposesOptimizer(model) && optimizer.getClassName() === 'Adam';
}

/** A fresh optimizer for a model like `model`: LazyAdam for the name 'adam', else one of the same class. */
export function freshOptimizer(where: string, model: tfl.LayersModel, optimizer: tf.Optimizer): tf.Optimizer {
  return isNamedAdam(model, optimizer) ? lazyAdam(optimizer.getConfig()) : cloneSerializable(where, optimizer);
}

/**
 * Return the optimizer that a stage trains with in place of `optimizer`.
 *
 * For the name 'adam' it is a LazyAdam with the same constants and state, whose step on a table costs what the batch
 * costs; else the optimizer itself.
 *
 * @param others Weights that the stage gives to another optimizer: their state is left out.
 */
export async function standIn(
  where: string,
  model: tfl.LayersModel,
  optimizer: tf.Optimizer,
  others: readonly tf.Variable[] = [],
): Promise<tf.Optimizer> {
  if (!POSITIONAL.includes(optimizer.getClassName())) return optimizer;
  const [iterations, ...state] = await optimizer.getWeights();
  try {
    const weights = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    const slots = state.filter(
      (_, i) => state.length % weights.length !== 0 || !others.includes(weights[i % weights.length]),
    );
    if (isNamedAdam(model, optimizer)) {
      const lazy = lazyAdam(optimizer.getConfig());
      await lazy.setWeights([iterations, ...slots]);
      return lazy;
    }
    if (slots.length < state.length) {
      throw new AutofisError(
        `${where}: this ${optimizer.getClassName()} optimizer has trained alpha before, and it identifies weights ` +
          'by position only. Compile the model again before the search; its weights stay.',
      );
    }
    return optimizer;
  } finally {
    iterations.tensor.dispose();
  }
}

/** Give the stand-in's state to the optimizer that it stood in for, and dispose it. */
export async function handBack(model: tfl.LayersModel, optimizer: tf.Optimizer, standIn: tf.Optimizer): Promise<void> {
  if (standIn === optimizer) return;
  const [iterations, ...moments] = await standIn.getWeights();
  const byName = new Map(moments.map(({name, tensor}) => [name, tensor]));
  const weights = model.trainableWeights;
  // Adam counts by position, so a weight that the stand-in did not see, such as alpha, needs its position.
  const zeros: tf.Tensor[] = [];
  const unseen = (shape: number[]) => zeros[zeros.push(tf.zeros(shape)) - 1];
  const state = ['m', 'v'].flatMap(slot =>
    weights.map(({name, shape}) => ({
      name: `${name}/${slot}`,
      tensor: byName.get(`${name}/${slot}`) ?? unseen(shape as number[]),
    })),
  );
  const [oldIterations, ...old] = await optimizer.getWeights();
  await optimizer.setWeights([iterations, ...state]);
  tf.dispose([iterations, oldIterations, ...old].map(({tensor}) => tensor));
  tf.dispose(zeros);
  standIn.dispose();
}
