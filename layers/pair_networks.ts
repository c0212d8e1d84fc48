import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {pairSides} from '../src/interactions';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface PairNetworksArgs extends SeededArgs {
  /** h, hidden units of each pair's network; an integer >= 1, default 16. */
  hiddenUnits?: number;
  /** s, outputs of each pair's network; an integer >= 1, default 4. */
  units?: number;
}

/** Implements {@link pairNetworks}. */
export class PairNetworks extends SeededLayer<'hiddenUnits' | 'units'> {
  /** @nocollapse */
  static className = 'PairNetworks';
  protected override readonly leastFields = 2;
  private parts: tfl.LayerVariable[] = [];
  private hiddenBias!: tfl.LayerVariable;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(args: PairNetworksArgs = {}) {
    super('PairNetworks', args, {hiddenUnits: 16, units: 4});
  }

  protected override addWeights(m: number, d: number): void {
    const {hiddenUnits: h, units: s} = this.sizes;
    const pairs = (m * (m - 1)) / 2;
    // Glorot's bound for one network: a stock initializer would take the number of pairs for a part of the fan.
    const [first, second] = [Math.sqrt(6 / (3 * d + h)), Math.sqrt(6 / (h + s))];
    const zeros = tfl.initializers.zeros();
    this.parts = ['left', 'right', 'product'].map((name, i) =>
      this.addWeight(name, [pairs, d, h], 'float32', this.uniform(first, i)),
    );
    this.hiddenBias = this.addWeight('hidden_bias', [pairs, 1, h], 'float32', zeros);
    this.kernel = this.addWeight('kernel', [pairs, h, s], 'float32', this.uniform(second, 3));
    this.bias = this.addWeight('bias', [pairs, 1, s], 'float32', zeros);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, m] = this.one(inputShape);
    return [batch, ((m! * (m! - 1)) / 2) * this.sizes.units];
  }

  protected override compute(embeddings: tf.Tensor3D): tf.Tensor {
    const {left, right} = pairSides(embeddings.shape[1]);
    const byField = tf.transpose(embeddings, [1, 0, 2]);
    const [a, b] = [left, right].map(side => tf.gather(byField, tf.tensor1d(side, 'int32')));
    const [wa, wb, wab] = this.parts.map(part => part.read());
    const sum = tf.addN([tf.matMul(a, wa), tf.matMul(b, wb), tf.matMul(tf.mul(a, b), wab)]);
    const hidden = tf.relu(tf.add(sum, this.hiddenBias.read()));
    const activations = tf.relu(tf.add(tf.matMul(hidden, this.kernel.read()), this.bias.read()));
    return tf.reshape(tf.transpose(activations, [1, 0, 2]), [embeddings.shape[0], left.length * this.sizes.units]);
  }
}
tf.serialization.registerClass(PairNetworks);

/**
 * Create the micro networks of PIN (Qu et al., TOIS 2018, section 3.5), one for each pair p = (i, j) of fields:
 *   relu(W2_p^T relu(W1_p^T [e_i, e_j, e_i * e_j] + b1_p) + b2_p).
 *
 * Input: [B, m, d]. Output: [B, P s], pair by pair. The authors normalise the micro networks' layers; this does not.
 * Weights: `left`, `right` and `product` [P, d, h], the three parts of W1; `hidden_bias` [P, 1, h]; `kernel` [P, h, s];
 * `bias` [P, 1, s].
 * Memory: training keeps 3 d + 2 h + 2 s values for each pair and row.
 *
 * @throws AutofisError if an argument breaks its rule or the input is not [B, m, d].
 */
export function pairNetworks(args?: PairNetworksArgs): PairNetworks {
  return new PairNetworks(args);
}
