import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkSeed} from '../src/checks';
import {pairSides} from '../src/interactions';
import {BaseLayer, Kwargs, LayerArgs, layerArgKeys, Shape} from './base_layer';
import {checkEmbeddings} from './embeddings_input';

export interface PairNetworksArgs extends LayerArgs {
  /** h, hidden units of each pair's network; an integer >= 1, default 16. */
  hiddenUnits?: number;
  /** s, outputs of each pair's network; an integer >= 1, default 4. */
  units?: number;
  /** Seed of the weights' start, an integer; without it every run starts differently. */
  seed?: number;
}

/** Implements {@link pairNetworks}. */
export class PairNetworks extends BaseLayer {
  /** @nocollapse */
  static className = 'PairNetworks';
  private readonly hiddenUnits: number;
  private readonly units: number;
  private readonly seed: number | null;
  private parts: tfl.LayerVariable[] = [];
  private hiddenBias!: tfl.LayerVariable;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(args: PairNetworksArgs = {}) {
    const where = 'PairNetworks';
    checkKeys(where, args, ['hiddenUnits', 'units', 'seed', ...layerArgKeys]);
    super(args);
    this.hiddenUnits = args.hiddenUnits ?? 16;
    checkInteger(where, 'hiddenUnits', this.hiddenUnits, 1);
    this.units = args.units ?? 4;
    checkInteger(where, 'units', this.units, 1);
    checkSeed(where, args.seed);
    this.seed = args.seed ?? null;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = this.one(inputShape);
    checkEmbeddings(`PairNetworks ${this.name}`, shape, 2);
    const [, m, d] = shape;
    const {hiddenUnits: h, units: s} = this;
    const pairs = (m * (m - 1)) / 2;
    // Glorot's bound for one network: a stock initializer would take the number of pairs for a part of the fan.
    const start = (bound: number, offset: number) =>
      tfl.initializers.randomUniform({
        minval: -bound,
        maxval: bound,
        seed: this.seed === null ? undefined : this.seed + offset,
      });
    const zeros = tfl.initializers.zeros();
    this.parts = ['left', 'right', 'product'].map((name, i) =>
      this.addWeight(name, [pairs, d, h], 'float32', start(Math.sqrt(6 / (3 * d + h)), i)),
    );
    this.hiddenBias = this.addWeight('hidden_bias', [pairs, 1, h], 'float32', zeros);
    this.kernel = this.addWeight('kernel', [pairs, h, s], 'float32', start(Math.sqrt(6 / (h + s)), 3));
    this.bias = this.addWeight('bias', [pairs, 1, s], 'float32', zeros);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, m] = this.one(inputShape);
    return [batch, ((m! * (m! - 1)) / 2) * this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const embeddings = this.one<tf.Tensor3D>(inputs);
      const {left, right} = pairSides(embeddings.shape[1]);
      const byField = tf.transpose(embeddings, [1, 0, 2]);
      const [a, b] = [left, right].map(side => tf.gather(byField, tf.tensor1d(side, 'int32')));
      const [wa, wb, wab] = this.parts.map(part => part.read());
      const sum = tf.addN([tf.matMul(a, wa), tf.matMul(b, wb), tf.matMul(tf.mul(a, b), wab)]);
      const hidden = tf.relu(tf.add(sum, this.hiddenBias.read()));
      const each = tf.relu(tf.add(tf.matMul(hidden, this.kernel.read()), this.bias.read()));
      return tf.reshape(tf.transpose(each, [1, 0, 2]), [embeddings.shape[0], left.length * this.units]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...super.getConfig(), hiddenUnits: this.hiddenUnits, units: this.units, seed: this.seed};
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
