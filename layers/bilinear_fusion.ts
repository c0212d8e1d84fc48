import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, invalidArgument} from '../src/errors';
import type {Shape} from './base_layer';
import {SeededArgs, SeededLayer} from './embeddings_layer';

export interface BilinearFusionArgs extends SeededArgs {
  /** H, the number of heads; an integer >= 1 that divides the lengths of both inputs, default 2. */
  heads?: number;
}

/** Implements {@link bilinearFusion}. */
export class BilinearFusion extends SeededLayer<'heads'> {
  /** @nocollapse */
  static className = 'BilinearFusion';
  private left!: tfl.LayerVariable;
  private right!: tfl.LayerVariable;
  private kernel!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(args: BilinearFusionArgs = {}) {
    super('BilinearFusion', args, {heads: 2});
  }

  /** Both inputs. */
  protected override one(inputs: never): never {
    return inputs;
  }

  protected override addWeights(p: number, q: number): void {
    const H = this.sizes.heads;
    // Glorot's bound for one head: a stock initializer would take the number of heads for a part of the fan.
    const bound = Math.sqrt((6 * H) / (p + q));
    this.left = this.addWeight('left', [p, 1], 'float32', this.glorot(0));
    this.right = this.addWeight('right', [q, 1], 'float32', this.glorot(1));
    this.kernel = this.addWeight('kernel', [H, p / H, q / H], 'float32', this.uniform(bound, 2));
    this.bias = this.addWeight('bias', [1], 'float32', tfl.initializers.zeros());
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [[batch]] = inputShape as Shape[];
    return [batch, 1];
  }

  protected override compute([x, y]: [tf.Tensor2D, tf.Tensor2D]): tf.Tensor {
    const [left, right] = [this.left, this.right].map(weight => weight.read() as tf.Tensor2D);
    const linear = tf.add(tf.add(tf.matMul(x, left), tf.matMul(y, right)), this.bias.read());
    return tf.add(linear, bilinearForms(x, y, this.kernel.read() as tf.Tensor3D));
  }

  /** The lengths of both inputs, checked. */
  protected override checkedSizes(where: string, inputShape: Shape | Shape[]): [p: number, q: number] {
    const {heads} = this.sizes;
    const shapes = inputShape as Shape[];
    if (shapes.length !== 2 || !shapes.every(shape => Array.isArray(shape) && shape.length === 2 && shape[1] != null)) {
      throw new AutofisError(
        `${where}: takes two inputs of shape [batch, length]. Received: ${JSON.stringify(inputShape)}. ` +
          'Flatten them, and give both as a list.',
      );
    }
    const [p, q] = shapes.map(shape => shape[1]!);
    if (p % heads !== 0 || q % heads !== 0)
      throw invalidArgument(where, 'heads', `divide the lengths of both inputs, ${p} and ${q}`, heads);
    return [p, q];
  }
}
tf.serialization.registerClass(BilinearFusion);

/** sum_h x_h^T W_h y_h: [B, p], [B, q], [H, p / H, q / H] -> [B, 1]. */
export function bilinearForms(x: tf.Tensor2D, y: tf.Tensor2D, kernel: tf.Tensor3D): tf.Tensor2D {
  const [batch, q] = y.shape;
  const [heads, units] = kernel.shape;
  const parts = tf.transpose(tf.reshape(x, [batch, heads, units]), [1, 0, 2]);
  const turned = tf.reshape(tf.transpose(tf.matMul(parts, kernel), [1, 0, 2]), [batch, q]);
  return tf.sum(tf.mul(turned, y), 1, true) as tf.Tensor2D;
}

/**
 * Create the fusion of the two streams of FinalMLP (Mao et al., AAAI 2023): a linear function of each vector, and a
 * bilinear one of both in each of H heads,
 *   b + u^T x + v^T y + sum_h x_h^T W_h y_h,
 * where x_1, ..., x_H are x in H parts of one length, and so are those of y.
 *
 * Inputs: x [B, p] and y [B, q]. Output: [B, 1]. Weights: `left` u [p, 1], `right` v [q, 1], `kernel` W
 * [H, p / H, q / H], `bias` b [1].
 *
 * @throws AutofisError if an argument breaks its rule, or the inputs are not two vectors whose lengths `heads` divides.
 * @example
 * const streams = [tf.input({shape: [64]}), tf.input({shape: [32]})];
 * const logit = bilinearFusion({heads: 2}).apply(streams);
 */
export function bilinearFusion(args?: BilinearFusionArgs): BilinearFusion {
  return new BilinearFusion(args);
}
