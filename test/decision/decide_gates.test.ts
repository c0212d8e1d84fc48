import type {FoldedRows} from '../../src/decision/cross_fit';
import {decideGates} from '../../src/decision/decide_gates';
import {contributions, fewestGroups} from '../../src/decision/fewest_groups';
import {logitLoss, sigmoid} from '../../src/logistic';
import {seededRandom} from '../../src/random';

/** Rows in four folds whose logit is the base plus some of the columns. */
function folded(n: number, weights: readonly number[], seed: number): FoldedRows {
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

const meanLoss = (logits: ArrayLike<number>, labels: ArrayLike<number>) =>
  Array.from(logits, (z, i) => logitLoss(z, labels[i])).reduce((a, b) => a + b, 0) / logits.length;

describe('decideGates', () => {
  it('keeps the groups that the labels follow, closes all others, and says what each saves', () => {
    const rows = folded(4000, [1, 0, 0.8, 0, 0, 0], 1);
    // Two columns of the first interaction, one each of the others.
    const found = decideGates(rows, {groups: [0, 0, 1, 2, 3, 4], share: 0.03});
    expect(found.groups.map(({open}) => open)).toEqual([true, true, false, false, false]);
    for (const {gain, standardError, stability} of found.groups.slice(0, 2)) {
      expect(gain).toBeGreaterThan(5 * standardError);
      expect(stability).toEqual({kept: 4, samples: 4});
    }
    expect([...found.fit.alpha].map(alpha => alpha > 0.1)).toEqual([true, false, true, false, false, false]);
    expect(meanLoss(found.logits, rows.labels)).toBeLessThan(meanLoss(rows.base, rows.labels) - 0.1);
    expect(found.random).toHaveLength(5);
    const {behind} = found.path[found.chosen];
    expect(behind).toEqual({difference: 0, standardError: 0});
  });

  it('does not depend on the means of columns, which the intercept takes', () => {
    const shifted = (rows: FoldedRows) => ({...rows, products: rows.products.map((x, k) => x + [4, -2, 3][k % 3])});
    const rows = folded(3000, [1, 0.7, 0], 7);
    const fresh = {...folded(1000, [1, 0.7, 0], 8), folds: new Uint8Array(1000)};
    const decided = (options: {fresh?: FoldedRows}, learnt = rows) =>
      decideGates(learnt, {groups: [0, 1, 2], share: 0.03, ...options}).groups;
    for (const [found, moved] of [
      [decided({}), decided({}, shifted(rows))],
      [decided({fresh}), decided({fresh: shifted(fresh)}, shifted(rows))],
    ]) {
      expect(found.map(({open}) => open)).toEqual([true, true, false]);
      expect(moved.map(({open}) => open)).toEqual([true, true, false]);
      moved.forEach(({gain}, g) => expect(gain).toBeCloseTo(found[g].gain, 3));
    }
  });

  it('closes every gate on noise, in at least 19 of 20 draws', () => {
    const kept = Array.from({length: 20}, (_, seed) => {
      const rows = folded(1000, Array<number>(10).fill(0), seed + 10);
      return decideGates(rows, {groups: [...Array(10).keys()], share: 0.03}).groups.some(({open}) => open);
    });
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(1);
  });

  it('fresh rows undo what is chosen as the best of many, and judge what stays', () => {
    // Columns of noise that seem to help the rows that chose them, and one that helps.
    const rows = folded(2000, [0.5, ...Array<number>(9).fill(0.15)], 4);
    const fresh = {...folded(2000, [0.5, ...Array<number>(9).fill(0)], 5), folds: new Uint8Array(2000)};
    const groups = [...Array(10).keys()];
    expect(decideGates(rows, {groups, share: 0.03}).groups.filter(({open}) => open).length).toBeGreaterThan(5);
    const found = decideGates(rows, {groups, share: 0.03, fresh});
    expect(found.groups.flatMap(({open}, g) => (open ? [g] : []))).toEqual([0]);
    expect(found.logits).toHaveLength(2000);
    expect(meanLoss(found.logits, fresh.labels)).toBeLessThan(meanLoss(fresh.base, fresh.labels) - 0.02);
    const noise = {...folded(2000, Array<number>(10).fill(0), 6), folds: new Uint8Array(2000)};
    const closed = decideGates(rows, {groups, share: 0.03, fresh: noise});
    expect(closed.groups.some(({open}) => open)).toBe(false);
    expect([...closed.logits]).toEqual([...noise.base]);
  });

  it('keeps what rows confirm together, though not one by one', () => {
    const rows = folded(1500, Array<number>(20).fill(0.12), 4);
    const {groups} = decideGates(rows, {groups: [...Array(20).keys()], share: 0.005});
    const doubtful = groups.filter(({open, gain, standardError}) => open && gain < 1.645 * standardError);
    expect(doubtful.length).toBeGreaterThan(3);
  });

  it('keeps columns of no group beside those of open groups', () => {
    const rows = folded(4000, [1, 0.7], 3);
    const {groups, fit} = decideGates(rows, {groups: [0, -1], share: 0.03});
    expect(groups).toHaveLength(1);
    expect(fit.alpha[1]).toBeGreaterThan(0.4);
  });

  it('lets a family share a gate, where each of its columns adds too little for one', () => {
    const rows = folded(1500, Array<number>(40).fill(0.1), 6);
    const groups = [...Array(40).keys()];
    const alone = decideGates(rows, {groups, share: 0.03});
    const shared = decideGates({...rows, families: groups.map(() => 0)}, {groups, share: 0.03});
    expect(meanLoss(shared.logits, rows.labels)).toBeLessThan(meanLoss(alone.logits, rows.labels) - 0.002);
    const count = ({groups: judged}: typeof shared) => judged.filter(({open}) => open).length;
    expect(count(shared)).toBeGreaterThan(count(alone));
    const alphas = [...shared.fit.alpha].filter(alpha => alpha > 0);
    expect(Math.min(...alphas)).toBeGreaterThan(0.04);
  });

  it('takes a row of weight 2 for two rows', () => {
    const rows = folded(1200, [0.7, 0, 0.2], 4);
    const weights = Float32Array.from(rows.base, (_, i) => i % 3);
    const repeated = [...weights.keys()].flatMap(i => Array<number>(weights[i]).fill(i));
    const twice = {
      products: Float32Array.from(repeated.flatMap(i => [...rows.products.subarray(3 * i, 3 * i + 3)])),
      base: Float32Array.from(repeated, i => rows.base[i]),
      labels: Float32Array.from(repeated, i => rows.labels[i]),
      folds: Uint8Array.from(repeated, i => rows.folds[i]),
    };
    const options = {groups: [0, 1, 2], share: 0.03};
    const [weighted, plain] = [decideGates({...rows, weights}, options), decideGates(twice, options)];
    expect(weighted.groups.map(({open}) => open)).toEqual(plain.groups.map(({open}) => open));
    weighted.fit.alpha.forEach((alpha, c) => expect(alpha).toBeCloseTo(plain.fit.alpha[c], 3));
    weighted.groups.forEach(({gain}, g) => expect(gain).toBeCloseTo(plain.groups[g].gain, 4));
  });
});

describe('fewestGroups', () => {
  it('gives up at most the share of the saving, the least groups first', () => {
    const rows = folded(6000, [1, 0.5, 0.1], 5);
    const alpha = Float64Array.of(1, 0.5, 0.1);
    const fits = Array.from({length: 4}, () => ({lambda: 0, alpha, shared: new Float64Array(0), intercept: 0}));
    const logits = Float64Array.from(rows.base, (z, i) =>
      alpha.reduce((sum, a, c) => sum + a * rows.products[i * 3 + c], z),
    );
    const sums = contributions(rows, {fits, groups: [0, 1, 2]});
    const fewest = (share: number) => fewestGroups(rows, {logits, sums, share});
    expect(fewest(0)).toEqual([0, 1, 2]);
    expect(fewest(0.05)).toEqual([0, 1]);
    expect(fewest(0.5)).toEqual([0]);
    const saved = meanLoss(rows.base, rows.labels) - meanLoss(logits, rows.labels);
    const without = Float64Array.from(logits, (z, i) => z - 0.1 * rows.products[i * 3 + 2]);
    expect(meanLoss(without, rows.labels) - meanLoss(logits, rows.labels)).toBeLessThan(0.05 * saved);
  });
});
