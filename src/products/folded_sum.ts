import * as tf from '@tensorflow/tfjs-core';
import type {Passes} from './passes';

/**
 * sum_p w_p x_bp of one group of interactions for given weights: [B, m, d], [count] -> [B, 1].
 *
 * At inference alpha and the moving statistics fold into w, so this is the whole gate up to a constant; without
 * normalisation it is the training path too. The gradient dw_p = sum_b dy_b x_bp is left out where the weights are
 * constants (`constant`).
 */
export function foldedSum(embeddings: tf.Tensor, weights: tf.Tensor1D, passes: Passes, constant: boolean): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const w = constant ? weights : (args.pop() as tf.Tensor1D);
    const {value, saved} = passes.folded(args as tf.Tensor[], w);
    save(saved);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => passes.foldedGradients(dy as tf.Tensor2D, saved, !constant)),
    };
  });
  return op(...passes.operands(embeddings), ...(constant ? [] : [weights])) as tf.Tensor2D;
}
