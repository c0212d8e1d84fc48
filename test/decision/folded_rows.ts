import type {FoldedRows} from '../../src/decision/cross_fit';
import {sigmoid} from '../../src/logistic';
import {seededRandom} from '../../src/random';

/** Rows in four folds whose logit is the base plus some of the columns. */
export function folded(n: number, weights: readonly number[], seed: number): FoldedRows {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const products = Float32Array.from({length: n * weights.length}, normal);
  const base = Float32Array.from({length: n}, () => normal() / 2);
  const labels = Float32Array.from(base, (z, i) => {
    const logit = weights.reduce((sum, w, c) => sum + w * products[i * weights.length + c], z);
    return random() < sigmoid(logit) ? 1 : 0;
  });
  return {products, base, labels, folds: Uint8Array.from(base, (_, i) => i % 4)};
}
