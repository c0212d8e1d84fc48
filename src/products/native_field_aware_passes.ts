import * as tf from '@tensorflow/tfjs-core';
import {nativeBackend} from '../tfjs_internals';
import {FieldAwarePasses} from './field_aware_passes';
import type {Statistics} from './passes';

/** The passes over field-aware products by the ops of src/native/kernels, which never copy a side of E. */
export class NativeFieldAwarePasses extends FieldAwarePasses {
  override list([e]: tf.Tensor[]): tf.Tensor2D {
    return run('AutofisFieldAwareProducts', [e])[0] as tf.Tensor2D;
  }

  override moments([x]: tf.Tensor[]): Statistics {
    const [mean, variance] = run('AutofisColumnMoments', [x], 2);
    return {mean, variance} as Statistics;
  }

  override pullBack([x, e]: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[] {
    return run('AutofisFieldAwarePullBack', [e, x, w, u, q, r]);
  }

  override pullBackList([e]: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    return run('AutofisFieldAwareGradient', [e, dx]);
  }
}

function run(op: string, inputs: tf.Tensor[], outputs = 1): tf.Tensor[] {
  return nativeBackend()!.executeMultipleOutputs(op, [], inputs, outputs);
}
