import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, foreignCopyError} from '../src/errors';

/** The options every tfjs layer takes: name, trainable, inputShape, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tfl.layers.Layer>[0]>;
export type Shape = tfl.Shape;
export type Kwargs = Parameters<tfl.layers.Layer['call']>[1];

/** Names of those options; tfjs itself adds `customObjects` when it makes a layer from its config. */
export const layerArgKeys: readonly string[] =
  'name trainable inputShape batchInputShape batchSize dtype inputDType weights updatable customObjects'.split(' ');

/** Base class of all layers: checks for a second copy of tfjs-layers, unwraps single inputs, disposes tensors. */
export abstract class BaseLayer extends tfl.layers.Layer {
  override apply(...args: Parameters<tfl.layers.Layer['apply']>): ReturnType<tfl.layers.Layer['apply']> {
    for (const input of [args[0]].flat()) {
      // tfjs would take a foreign symbolic tensor for data and fail with "x.clone is not a function".
      if (input != null && 'sourceLayer' in input && !(input instanceof tfl.SymbolicTensor)) {
        throw foreignCopyError(this.getClassName(), 'the input');
      }
    }
    return super.apply(...args);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      return this.compute(this.one(inputs), kwargs?.['training'] === true);
    });
  }

  /** Compute the layer's output, in a `tidy`. */
  protected abstract compute(input: tf.Tensor | tf.Tensor[], training: boolean): tf.Tensor;

  /** The layer's only input, or its shape. */
  protected one<T extends tf.Tensor>(inputs: tf.Tensor | tf.Tensor[]): T;
  protected one(shape: Shape | Shape[]): Shape;
  protected one(inputs: unknown): unknown {
    const nested = Array.isArray(inputs) && typeof inputs[0] !== 'number' && inputs[0] !== null;
    if (!nested) return inputs;
    if (inputs.length !== 1) {
      throw new AutofisError(`${this.getClassName()} ${this.name}: takes one input. Received: ${inputs.length}.`);
    }
    return inputs[0];
  }
}
