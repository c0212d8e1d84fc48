import * as tf from '@tensorflow/tfjs-core';
import type {Interaction, Order} from '../interactions';
import {Passes, Statistics} from './passes';
import {
  addLanes,
  address,
  Frame,
  LANES,
  newTensor,
  padded,
  rounded,
  rowAddresses,
  Run,
  Tiles,
  VECTOR,
} from './wasm_tiles';

/** Products of a batch up to which they are kept from pass to pass: more would cost more to read than to make again. */
const MOST_CACHED = 2 ** 18;
/**
 * The passes by a WebAssembly module of our own on the memory of tfjs's wasm backend: all interactions of a layer at
 * once, each product at one place, four rows of the batch side by side. Many products are computed again in each pass,
 * and nothing of size [B, P] is made but by `list`; few are kept as they are computed, [B / 4, P, 4].
 */
export class WasmPasses extends Passes {
  private readonly tiles: Tiles;

  /** The interactions in canonical order, so that those with the same first fields follow each other. */
  constructor(interactions: readonly Interaction[], order: Order) {
    super(interactions.length);
    const runs: Run[] = [];
    for (const interaction of interactions) {
      const first = interaction[0];
      const second = order === 3 ? interaction[1] : -1;
      const last = interaction[order - 1];
      const run = runs.at(-1);
      if (run?.first === first && run.second === second) run.last.push(last);
      else runs.push({first, second, last: [last]});
    }
    this.tiles = new Tiles(runs);
  }

  override hold([e]: tf.Tensor[]): tf.Tensor[] {
    const {count} = this;
    const rows = rounded(e.shape[0]);
    if (rows * count > MOST_CACHED) return [e];
    return this.tiles.within([e], ({B, load, multiply}) => {
      const [products, output] = newTensor([rows * count]);
      for (let b = 0; b < B; b += LANES) {
        load(b);
        multiply(output + 4 * b * count);
      }
      return [e, products];
    });
  }

  moments(held: tf.Tensor[]): Statistics {
    const {count} = this;
    return this.tiles.within(held, ({module, scratch, B, products}) => {
      const [shift, sums, squares] = [4, VECTOR, VECTOR].map(bytes => scratch.take(count * bytes));
      // Differences from the first row: where all rows are equal the variance is exactly 0.
      const firsts = scratch.floats(shift, count);
      const lanes = scratch.floats(products(0), count * LANES);
      for (let p = 0; p < count; p++) firsts[p] = lanes[p * LANES];
      for (let b = 0; b < B; b += LANES) module.moments(products(b), count, shift, sums, squares);
      const mean = new Float32Array(count);
      const variance = new Float32Array(count);
      const s1 = addLanes(scratch.floats(sums, count * LANES));
      const s2 = addLanes(scratch.floats(squares, count * LANES));
      const from = scratch.floats(shift, count);
      for (let p = 0; p < count; p++) {
        const off = s1[p] / B;
        mean[p] = from[p] + off;
        variance[p] = Math.max(0, s2[p] / B - off * off);
      }
      return {mean: tf.tensor1d(mean), variance: tf.tensor1d(variance)};
    });
  }

  weightedSum(held: tf.Tensor[], w: tf.Tensor1D): tf.Tensor2D {
    const {count} = this;
    return this.tiles.within(held, ({module, scratch, B, products}) => {
      const y = scratch.take(rounded(B) * 4);
      const weights = address(w);
      for (let b = 0; b < B; b += LANES) module.weightedSum(products(b), count, weights, y + 4 * b);
      return tf.tensor2d(scratch.floats(y, B).slice(), [B, 1]);
    });
  }

  correlate(held: tf.Tensor[], g: tf.Tensor2D): tf.Tensor1D {
    const {count} = this;
    return this.tiles.within(held, ({module, scratch, B, products}) => {
      const sums = scratch.take(count * VECTOR);
      const column = padded(g, scratch);
      for (let b = 0; b < B; b += LANES) module.correlate(products(b), count, column + 4 * b, sums);
      return tf.tensor1d(addLanes(scratch.floats(sums, count * LANES)));
    });
  }

  pullBack([e, products]: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[] {
    const {count} = this;
    return this.tiles.within([e], frame => {
      const {module, scratch, x, multiply} = frame;
      const column = padded(u, scratch);
      const [weights, slopes, constants] = [w, q, r].map(address);
      // The gradient takes the place of the products, which are needed again where it is asked for twice.
      const copy = products === undefined ? null : scratch.copy(address(products), products.size * 4);
      return this.gradients(e, frame, b => {
        const at = copy === null ? x : copy + 4 * b * count;
        if (copy === null) multiply();
        module.gradient(at, count, weights, column + 4 * b, slopes, constants);
        return at;
      });
    });
  }

  list([e]: tf.Tensor[]): tf.Tensor2D {
    const {count} = this;
    return this.tiles.within([e], ({module, scratch, B, products}) => {
      const [result, output] = newTensor([B, count]);
      const spare = scratch.take(count * 4);
      for (let b = 0; b < B; b += LANES) module.store(...rowAddresses(b, B, output, count, spare), products(b), count);
      return result as tf.Tensor2D;
    });
  }

  pullBackList([e]: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    const {count} = this;
    return this.tiles.within([e], frame => {
      const from = address(dx);
      return this.gradients(e, frame, b => {
        frame.module.load(...rowAddresses(b, frame.B, from, count, from), frame.x, count);
        return frame.x;
      });
    });
  }

  /** dE, row by row from dx at the address that `differentiate` gives for the tile of rows at b. */
  private gradients(
    e: tf.Tensor,
    {module, scratch, B, width, load, pull}: Frame,
    differentiate: (b: number) => number,
  ): tf.Tensor[] {
    const [result, output] = newTensor(e.shape);
    const tile = scratch.take(width * VECTOR);
    const spare = scratch.take(width * 4);
    const clear = () => scratch.floats(tile, width * LANES).fill(0);
    for (let b = 0; b < B; b += LANES) {
      load(b);
      const dx = differentiate(b);
      clear();
      pull(tile, dx);
      module.store(...rowAddresses(b, B, output, width, spare), tile, width);
    }
    return [result];
  }
}
