import * as tf from '@tensorflow/tfjs-core';
import {NativeBackend, nativeBackend} from '../../tfjs_internals';
import {computeDense} from './tensorflow_dense';

/**
 * The gradient of relu, dx = dy where y > 0, else 0. On tfjs-node it is one TensorFlow op, ReluGrad, where the stock
 * gradient multiplies by `Step`; on other backends it is the stock one. It keeps y, which the next layer keeps as well,
 * instead of x. Where y is NaN, so that the loss is NaN as well, ReluGrad gives 0.
 *
 * @param stock The gradient as tfjs-core registered it.
 */
export function tensorflowReluGradient(stock: tf.GradConfig): tf.GradConfig {
  return {
    ...stock,
    inputsToSave: [],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const backend = nativeBackend();
      const [y] = saved;
      const upstream = dy as tf.Tensor;
      if (backend === null || upstream.dtype !== 'float32' || y.dtype !== 'float32')
        return stock.gradFunc(dy, saved, attrs);
      return {x: () => reluGradient(backend, upstream, y)};
    },
  };
}

/** Linear in dy, so that its own gradient is the same op: second derivatives work. */
function reluGradient(backend: NativeBackend, dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.customGrad((upstream, save) => {
    (save as tf.GradSaveFunc)([y]);
    const value =
      (computeDense(backend, way => way.reluGradient(upstream as tf.Tensor, y)) as tf.Tensor | null) ??
      backend.executeSingleOutput(
        'ReluGrad',
        [{name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT}],
        [upstream as tf.Tensor, y],
      );
    return {value, gradFunc: (second: tf.Tensor, [output]: tf.Tensor[]) => reluGradient(backend, second, output)};
  })(dy);
}
