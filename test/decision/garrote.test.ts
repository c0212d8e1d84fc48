import {garrote, gatedLogits} from '../../src/decision/garrote';
import {sigmoid} from '../../src/logistic';
import {seededRandom} from '../../src/random';

/** n rows whose logit is 1.5 x the first product, the others being noise. */
function rows(n: number, count: number, seed = 1) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const products = Float32Array.from({length: n * count}, normal);
  const base = Float32Array.from({length: n}, () => normal() / 2);
  const labels = Float32Array.from(base, (z, i) => (random() < sigmoid(z + 1.5 * products[i * count]) ? 1 : 0));
  return {products, base, labels};
}

/** The gradient of the mean loss by alpha and the intercept, row by row. */
function gradient(
  {products, base, labels, weights}: ReturnType<typeof rows> & {weights?: Float32Array},
  fit: {alpha: Float64Array; intercept: number},
) {
  const logits = gatedLogits({products, base}, fit);
  const count = fit.alpha.length;
  const total = weights?.reduce((a, b) => a + b) ?? base.length;
  const sums = new Float64Array(count + 1);
  logits.forEach((z, i) => {
    const residual = ((weights?.[i] ?? 1) * (sigmoid(z) - labels[i])) / total;
    for (let p = 0; p < count; p++) sums[p] += residual * products[i * count + p];
    sums[count] += residual;
  });
  return sums;
}

describe('garrote', () => {
  const data = rows(2000, 6);

  it('ends where the conditions of optimality hold, at every lambda', () => {
    for (const lambda of [1e-4, 1e-3, 8e-3, 6.4e-2]) {
      const fit = garrote(data, {lambda, tolerance: 1e-7, steps: 5000});
      const sums = gradient(data, fit);
      fit.alpha.forEach((alpha, p) => {
        if (alpha > 0) expect(sums[p]).toBeCloseTo(-fit.lambda, 5);
        else expect(sums[p]).toBeGreaterThanOrEqual(-fit.lambda - 1e-6);
      });
      expect(sums[6]).toBeCloseTo(0, 5);
    }
  });

  it('keeps the product that the labels follow, near its weight, and closes the others as lambda grows', () => {
    const [free, mild, strong, closed] = [0, 0.02, 0.1, 1].map(lambda => garrote(data, {lambda}));
    expect(free.alpha[0]).toBeGreaterThan(1.3);
    expect(free.alpha[0]).toBeLessThan(1.7);
    expect([...mild.alpha].map(a => a > 0)).toEqual([true, false, false, false, false, false]);
    expect(strong.alpha[0]).toBeLessThan(mild.alpha[0]);
    expect([...closed.alpha]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('keeps alpha below its upper bound, with the others at their optimum', () => {
    const bounded = garrote(data, {lambda: 0, most: 0.5, tolerance: 1e-8, steps: 20_000});
    expect(bounded.alpha[0]).toBe(0.5);
    const sums = gradient(data, bounded);
    expect(sums[0]).toBeLessThan(0);
    expect(sums[6]).toBeCloseTo(0, 6);
  });

  it('ends at the same gates wherever it starts', () => {
    const options = {lambda: 2e-3, tolerance: 1e-8, steps: 20_000};
    const closed = garrote(data, options);
    const open = garrote(data, {...options, start: {alpha: new Float64Array(6).fill(1.5), intercept: 1}});
    closed.alpha.forEach((alpha, p) => expect(open.alpha[p]).toBeCloseTo(alpha, 5));
  });

  it('takes a row of weight 2 for two rows, and one of weight 0 for none', () => {
    const n = 600;
    const {products, base, labels} = rows(n, 3);
    const weights = Float32Array.from({length: n}, (_, i) => i % 3);
    const repeated = [...weights.keys()].flatMap(i => Array<number>(weights[i]).fill(i));
    const same = {
      products: Float32Array.from(repeated.flatMap(i => [...products.subarray(3 * i, 3 * i + 3)])),
      base: Float32Array.from(repeated, i => base[i]),
      labels: Float32Array.from(repeated, i => labels[i]),
    };
    const options = {lambda: 0.01, tolerance: 1e-8, steps: 20_000};
    const weighted = garrote({products, base, labels, weights}, options);
    const plain = garrote(same, options);
    weighted.alpha.forEach((alpha, p) => expect(alpha).toBeCloseTo(plain.alpha[p], 5));
    expect(weighted.intercept).toBeCloseTo(plain.intercept, 5);
  });

  it('names what does not fit', () => {
    expect(() => garrote({...data, labels: new Float32Array(3)}, {lambda: 0})).toThrow(
      'garrote: `products` must hold P columns for each of the n rows of `base` and `labels`, n and P >= 1. ' +
        'Received: 12000 products, 2000 base logits, 3 labels.',
    );
    expect(() => garrote({...data, labels: data.labels.map(y => y + 1)}, {lambda: 0})).toThrow(
      /garrote: `labels\[\d+\]` must be 0 or 1. Received: 2./,
    );
    expect(() => garrote({...data, base: data.base.map((z, i) => (i === 5 ? NaN : z))}, {lambda: 0})).toThrow(
      'garrote: `base[5]` must be a finite number. Received: NaN.',
    );
    expect(() => garrote({...data, weights: new Float32Array(2000)}, {lambda: 0})).toThrow(
      'garrote: `weights` must be numbers >= 0, not all 0. Received: 0.',
    );
  });
});
