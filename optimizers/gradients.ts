import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../src/errors';

/** A tensor under the name of its variable. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** Argument of `applyGradients`: `fit` passes a list, `minimize(f)` without a list of variables a map. */
export type Gradients = tf.NamedTensorMap | NamedTensor[];

/** Both forms as a list. A weight that the loss does not use has no gradient. */
export function gradientList(gradients: Gradients): Array<{name: string; tensor: tf.Tensor | undefined}> {
  return Array.isArray(gradients) ? gradients : Object.keys(gradients).map(name => ({name, tensor: gradients[name]}));
}

/** Call `update` with each variable and its gradient, undefined when the loss does not use it. */
export function visitGradients(
  gradients: Gradients,
  update: (variable: tf.Variable, gradient: tf.Tensor | undefined) => void,
): void {
  gradientList(gradients).forEach(({name, tensor}) => {
    const variable = tf.engine().registeredVariables[name];
    if (variable === undefined)
      throw new AutofisError(`The optimizer got a gradient for ${name}, which is not a tf.Variable.`);
    update(variable, tensor ?? undefined);
  });
}
