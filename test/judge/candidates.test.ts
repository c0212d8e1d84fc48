import {Candidate, choose, couldWin} from '../../src/judge/candidates';

const candidate = (kept: number, auc: number): Candidate => ({
  strength: 1, form: 'gated', kept, validation: {auc, logloss: 0.5}, test: null, bestEpoch: 1, epochs: 1, seconds: 1,
});

describe('choose', () => {
  it('takes the best by validation AUC', () => {
    const candidates = [candidate(3, 0.8), candidate(9, 0.81), candidate(9, 0.82)];
    expect(choose(candidates, 0.0005)).toBe(candidates[2]);
  });

  it('takes the fewest interactions of those within the tolerance, then the best of these', () => {
    const candidates = [candidate(2, 0.8189), candidate(5, 0.8196), candidate(5, 0.8197), candidate(9, 0.82)];
    expect(choose(candidates, 0.0005)).toBe(candidates[2]);
    expect(choose(candidates, 0.002)).toBe(candidates[0]);
    expect(choose(candidates, 0)).toBe(candidates[3]);
  });
});

describe('couldWin', () => {
  it('is false for good once a better candidate is further away than the tolerance', () => {
    const a = candidate(1, 0.8), better = candidate(9, 0.8004), best = candidate(9, 0.801);
    expect(couldWin(a, [a], 0.0005)).toBe(true);
    expect(couldWin(a, [a, better], 0.0005)).toBe(true);
    expect(couldWin(a, [a, better, best], 0.0005)).toBe(false);
  });
});
