import {neededGates} from '../../src/select/needed_gates';
import {generator} from '../helpers/random';

const ROWS = 2000;

/** Rows whose label follows from the sum of products of these strengths, of which the base model knows each. */
function rowsOf(strengths: readonly number[], {alike = false}: {alike?: boolean} = {}) {
  const next = generator(11);
  const normal = () => Array.from({length: 12}, next).reduce((sum, x) => sum + x, -6);
  const products = new Float32Array(ROWS * strengths.length);
  const labels = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const first = normal();
    let logit = 0;
    strengths.forEach((strength, p) => {
      const value = strength * (alike ? first : normal());
      products[row * strengths.length + p] = value;
      logit += value;
    });
    labels[row] = next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  }
  return {products, labels, base: new Float32Array(ROWS)};
}

const opened = (...alpha: number[]) => ({alpha: Float64Array.from(alpha), intercept: 0});

describe('neededGates', () => {
  it('closes what saves a hundredth of all at most, and keeps the rest', () => {
    expect(neededGates(rowsOf([2, 1, 0.02, 0.01]), opened(1, 1, 1, 1))).toEqual([true, true, false, false]);
  });

  it('leaves closed gates closed', () => {
    expect(neededGates(rowsOf([2, 1, 1]), opened(1, 0, 1))).toEqual([true, false, true]);
    expect(neededGates(rowsOf([2, 1]), opened(0, 0))).toEqual([false, false]);
  });

  it('keeps one at least of those that say the same', () => {
    // Each of ten saves less than 1 % beside the nine others.
    const enough = neededGates(rowsOf(Array(10).fill(0.3), {alike: true}), opened(...Array(10).fill(1)));
    expect(enough.filter(Boolean).length).toBeGreaterThan(3);
  });

  it('closes all where together they save nothing', () => {
    const rows = rowsOf([2, 1]);
    expect(neededGates({...rows, labels: rows.labels.map(label => 1 - label)}, opened(1, 1))).toEqual([false, false]);
  });

  it('does not ask a gate for what the intercept can say', () => {
    const rows = rowsOf([2, 0]);
    rows.products.forEach((_, i) => {
      if (i % 2 === 1) rows.products[i] = 3;
    });
    rows.base.fill(-3);
    expect(neededGates(rows, opened(1, 1))).toEqual([true, false]);
  });

  it('counts a row by its weight', () => {
    const rows = rowsOf([2, 2]);
    // In each half of the rows the label is the sign of one product.
    const labels = rows.labels.map((_, i) => (rows.products[2 * i + (i < ROWS / 2 ? 0 : 1)] > 0 ? 1 : 0));
    const halves = [0, 1].map(half => labels.map((_, i) => (i < ROWS / 2 === (half === 0) ? 1 : 0)));
    expect(neededGates({...rows, labels}, opened(1, 1))).toEqual([true, true]);
    expect(halves.map(weights => neededGates({...rows, labels, weights}, opened(1, 1)))).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
