import * as tf from '@tensorflow/tfjs-core';

/** Batch statistics of a group's interactions: mean and (population) variance, each [count]. */
export interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * A group of a layer's interactions and the passes over their products x_bp = sum_d e_i e_j (e_k) of a batch that the
 * layer's closed forms are made of; x itself, [B, count], need not be in memory. One class a way of computing: as it
 * stands here, one that computes its products again in each pass, each at one place.
 *
 * Sums of a group are over its `places`: a class may hold each product at several places, or hold places without one.
 * A value per place, [places], is what `spread` makes of a value per interaction, [count].
 */
export abstract class Passes {
  /** @param start The group's interactions are [start, start + count) of the plan's order. */
  constructor(
    readonly count: number,
    readonly start = 0,
  ) {}

  /**
   * The tensors that the products are made of, out of E [B, m, d], or [B, P, 2, d] where it is field-aware;
   * differentiable.
   */
  operands(embeddings: tf.Tensor): tf.Tensor[] {
    return [embeddings];
  }

  /** Return the tensors that the passes read: the operands, with computations that all passes share done once. */
  hold(operands: tf.Tensor[]): tf.Tensor[] {
    return operands;
  }

  /** [count] -> [places], zero at places without an interaction. */
  spread(values: tf.Tensor1D): tf.Tensor1D {
    return values;
  }

  /** [places] -> [count], from one place of each interaction. */
  collect(values: tf.Tensor1D): tf.Tensor1D {
    return values;
  }

  /** Mean and variance over the batch, [places]. */
  abstract moments(held: tf.Tensor[]): Statistics;

  /** sum_p w_p x_bp, each interaction once: w [places] -> [B, 1]. */
  abstract weightedSum(held: tf.Tensor[], w: tf.Tensor1D): tf.Tensor2D;

  /** sum_b g_b x_bp: g [B, 1] -> [places]. */
  abstract correlate(held: tf.Tensor[], g: tf.Tensor2D): tf.Tensor1D;

  /** The operands' gradients for dx_bp = w_p u_b - q_p x_bp + r_p: u [B, 1], the others [places]. */
  abstract pullBack(held: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[];

  /** x [B, count]. */
  abstract list(operands: tf.Tensor[]): tf.Tensor2D;

  /** The operands' gradients for given dx [B, count]. */
  abstract pullBackList(operands: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[];

  /** sum_p w_p x_bp for weights w [count], without x: [B, 1], and what the gradient needs. */
  folded(operands: tf.Tensor[], w: tf.Tensor1D): {value: tf.Tensor2D; saved: tf.Tensor[]} {
    return {value: this.weightedSum(operands, w), saved: [w, ...operands]};
  }

  /** The gradients of `folded` for dy [B, 1]: the operands', then, if wanted, that of w. */
  foldedGradients(dy: tf.Tensor2D, [w, ...operands]: tf.Tensor[], ofWeights: boolean): tf.Tensor[] {
    const zeros = tf.zerosLike(w as tf.Tensor1D);
    const gradients = this.pullBack(operands, w as tf.Tensor1D, dy, zeros, zeros);
    return ofWeights ? [...gradients, this.correlate(operands, dy)] : gradients;
  }
}
