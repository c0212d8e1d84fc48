import type * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend, NativeTensor} from '../tfjs_internals';
import type {MatrixProducts, ProductOp} from './fused_layers';
import {BFLOAT16, type HalfTensors} from './half_tensors';

/**
 * Products in bfloat16 by the tiles of kernels/dense_amx.cc. Factors in float32 are rounded as they are read, so they
 * need no copies; what relu and its gradient give is stored in bfloat16.
 */
export class HalfProducts implements MatrixProducts {
  constructor(
    private readonly backend: NativeBackend,
    private readonly halves: HalfTensors,
  ) {}

  product(op: ProductOp, a: tf.TensorInfo, b: tf.TensorInfo): NativeTensor {
    const {ids, attributes} = this.factors(a, b);
    return this.backend.binding.executeOp(`AutofisHalf${op}`, attributes, ids, 1)[0];
  }

  layer(x: tf.TensorInfo, w: tf.TensorInfo, bias: tf.TensorInfo): tf.Tensor {
    const {ids, attributes} = this.factors(x, w);
    return this.halves.run('AutofisHalfReluLayer', attributes, [...ids, ...this.backend.getInputTensorIds([bias])]);
  }

  gradient(dy: tf.TensorInfo, w: tf.TensorInfo, y: tf.TensorInfo) {
    const {ids, attributes} = this.factors(dy, w);
    const inputs = [...ids, this.halves.idOf(y)];
    const [gradient, sums] = this.backend.binding.executeOp('AutofisHalfReluLayerGradient', attributes, inputs, 2);
    return {gradient: this.halves.adopt(gradient), sums};
  }

  sum(dy: tf.TensorInfo, w: tf.TensorInfo, x: tf.TensorInfo): tf.Tensor {
    const {ids, attributes} = this.factors(dy, w);
    const inputs = [...ids, ...this.backend.getInputTensorIds([x])];
    return this.backend.createOutputTensor(
      this.backend.binding.executeOp('AutofisHalfAddProduct', attributes, inputs, 1)[0],
    );
  }

  /** TensorFlow's ids of two factors, and their types. */
  private factors(...factors: tf.TensorInfo[]) {
    const {TF_ATTR_TYPE, TF_FLOAT} = this.backend.binding;
    const typed = factors.map(factor =>
      this.halves.has(factor)
        ? {id: this.halves.idOf(factor), type: BFLOAT16}
        : {id: this.backend.getInputTensorIds([factor])[0], type: TF_FLOAT},
    );
    return {
      ids: typed.map(({id}) => id),
      attributes: typed.map(({type}, i) => ({name: 'AB'[i], type: TF_ATTR_TYPE, value: type})),
    };
  }
}
