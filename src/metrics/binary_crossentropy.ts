import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {runKernel} from '../native/kernel_ops';
import {trainedModel} from '../tfjs_internals';

/**
 * The binary cross-entropy of tfjs, -y log(p) - (1 - y) log(1 - p), averaged over the last axis, with its gradient in
 * closed form, (p - y) / (p (1 - p)). tfjs goes by the logit of p and needs three times as many kernels.
 */
export function binaryCrossentropy(labels: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  const width = probabilities.shape[probabilities.rank - 1];
  // As far as tfjs keeps probabilities from 0 and 1.
  const epsilon = tf.backend().epsilon();
  const losses = tf.customGrad((given, save) => {
    const p = given as tf.Tensor;
    const keep = save as tf.GradSaveFunc;
    const bounds = [epsilon, 1 - epsilon];
    const atOnce = areAligned(p, labels) ? runKernel('AutofisCrossEntropy', [p, labels, bounds], 2) : null;
    if (atOnce !== null) {
      const [value, slopes] = atOnce;
      keep([slopes]);
      return {value, gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, saved)};
    }
    const inside = tf.clipByValue(p, epsilon, 1 - epsilon);
    const other = tf.log1p(tf.neg(inside));
    keep([p, inside, labels]);
    return {
      value: tf.neg(tf.add(other, tf.mul(labels, tf.sub(tf.log(inside), other)))),
      gradFunc: (dy: tf.Tensor, [before, clipped, target]: tf.Tensor[]) => {
        const slope = tf.div(tf.sub(clipped, target), tf.mul(clipped, tf.sub(1, clipped)));
        // Nothing moves a probability that is clipped.
        return tf.mul(dy, tf.mul(slope, tf.cast(tf.equal(before, clipped), 'float32')));
      },
    };
  })(probabilities);
  return width === 1 ? tf.reshape(losses, losses.shape.slice(0, -1)) : tf.mean(losses, -1);
}

/** Tell whether probabilities and labels correspond one to one, both in float32. */
function areAligned(p: tf.Tensor, labels: tf.Tensor): boolean {
  return p.dtype === 'float32' && labels.dtype === 'float32' && tf.util.arraysEqual(p.shape, labels.shape);
}

/** Have a compiled model compute its binary cross-entropies by {@link binaryCrossentropy}. */
export function useClosedLoss(model: tfl.LayersModel): void {
  const {loss, outputNames, lossFunctions} = trainedModel(model);
  const nameOf = (output: number) => {
    if (typeof loss !== 'object') return loss;
    return Array.isArray(loss) ? loss[output] : loss[outputNames[output]];
  };
  lossFunctions.forEach((_, i) => {
    if (nameOf(i) === 'binaryCrossentropy') lossFunctions[i] = binaryCrossentropy;
  });
}
