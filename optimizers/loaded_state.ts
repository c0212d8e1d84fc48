import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../src/errors';

/** Tensors of state that an optimizer has for each weight. */
export interface Slots {
  /** Name of these tensors in messages, such as 'moments'. */
  readonly what: string;
  /** Number of tensors for each weight, all of the weight's shape. */
  readonly count: number;
}

/**
 * Give loaded state to the weights of the first step after loading. State is saved by order, not by name: the first
 * slot of each weight, then the second of each. State that was saved before the first step is empty.
 *
 * @param loaded Disposed here.
 * @param names The weights in the order of their gradients.
 * @returns A variable a slot for each weight, or nothing for empty state.
 * @throws Where number or shapes differ from those of the weights.
 */
export function takeLoaded(
  where: string,
  {what, count}: Slots,
  loaded: readonly tf.Tensor[],
  names: readonly string[],
): Map<string, tf.Variable[]> {
  if (loaded.length === 0) return new Map();
  const shapes = names.map(name => tf.engine().registeredVariables[name]?.shape ?? []);
  const fits =
    loaded.length === count * names.length &&
    loaded.every((tensor, i) => tf.util.arraysEqual(tensor.shape, shapes[i % names.length]));
  if (!fits) {
    throw new AutofisError(
      `${where}: the saved state has ${what} of shapes ${loaded.map(({shape}) => `[${shape}]`).join(', ')}, ` +
        `but the weights are ${names.map((name, i) => `${name} [${shapes[i]}]`).join(', ')}` +
        `${count === 1 ? '' : `, with ${count} ${what} each`}. Load it into the model that it was saved with.`,
    );
  }
  const variables = loaded.map(tensor => tf.variable(tensor, false));
  tf.dispose([...loaded]);
  return new Map(
    names.map((name, i) => [name, Array.from({length: count}, (_, slot) => variables[slot * names.length + i])]),
  );
}
