import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../../tfjs_internals';
import type {FrontKernel} from './front_kernel';

/**
 * Stand in for the `Step` kernel of tfjs-node, which composes six TensorFlow ops with as many tensors of the size of
 * `x`. The gradients of relu6 and of AttentionalPooling call it. For float32 and alpha 0 it computes
 *
 *     step(x) = relu(sign(x)):   1 where x > 0, 0 where x <= 0, NaN where x is NaN
 *
 * with two ops and the same values, NaN included. Greater and Cast would give 0 for NaN and so hide a diverged
 * training. Anything else, such as the gradient of `abs` (alpha -1), goes to the stock kernel.
 */
export const tensorflowStep: FrontKernel = ({inputs, backend, attrs}) => {
  const {x} = inputs as {x: tf.TensorInfo};
  if (attrs?.alpha !== 0 || x.dtype !== 'float32') return null;
  const {binding} = backend as NativeBackend;
  const attributes = [{name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT}];
  const sign = (backend as NativeBackend).executeSingleOutput('Sign', attributes, [x]);
  const step = (backend as NativeBackend).executeSingleOutput('Relu', attributes, [sign]);
  tf.dispose(sign);
  return step;
};
