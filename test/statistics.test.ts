import {compare, deviation, estimate, estimatedScores, jaccard, mean, meanOfRows} from '../src/statistics';
import {incompleteBeta, studentTQuantile, studentTTail} from '../src/student_t';

// Golden values: SciPy 1.17.1, scipy.special.betainc(a, b, x), 2 * scipy.stats.t.sf(t, f), scipy.stats.t.ppf(.975, f),
// scipy.stats.ttest_rel.
it('errors of clusters are those of their sums: rows that occur k times with one cluster count once', () => {
  const values = [0.3, -0.2, 0.9, 0.1, 0.4];
  const repeated = values.flatMap(value => [value, value, value]);
  const clusters = values.flatMap((_, i) => [7 * i, 7 * i, 7 * i]);
  const [plain, clustered] = [meanOfRows(values), meanOfRows(repeated, undefined, clusters)];
  expect(clustered.rows).toBe(5);
  expect(clustered.mean).toBeCloseTo(plain.mean, 12);
  expect(clustered.error).toBeCloseTo(plain.error, 12);
  expect(meanOfRows(repeated).error).toBeLessThan(0.6 * plain.error);
});

describe('equals SciPy', () => {
  it.each([
    [0.3, 2, 0.5, 0.03784096948581308],
    [0.9, 1, 0.5, 0.6837722339831621],
    [0.5, 7.5, 0.5, 0.001501773538698432],
    [0.01, 0.5, 0.5, 0.06376856085851985],
    [0.99, 30, 0.5, 0.43933436890525074],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('incompleteBeta(%p, %p, %p)', (x, a, b, expected) => {
    expect(Math.abs(incompleteBeta(x, a, b) - expected)).toBeLessThan(1e-12);
  });

  it.each([
    [2.5, 2, 0.12961172022151082],
    [0.1, 4, 0.9251558409394532],
    [12, 2, 0.00687293367715846],
    [-3, 14, 0.00955151275353937],
  ])('studentTTail(%p, %p)', (t, freedom, expected) => {
    expect(Math.abs(studentTTail(t, freedom) - expected)).toBeLessThan(1e-12);
  });

  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [4, 2.7764451051977934],
    [9, 2.262157162798205],
  ])('studentTQuantile(.05, %p)', (freedom, expected) => {
    expect(studentTQuantile(0.05, freedom)).toBeCloseTo(expected, 9);
  });

  it('the paired t-test', () => {
    const {difference, p, pairs} = compare([0.953, 0.954, 0.9525], [0.946, 0.9475, 0.9441]);
    expect(difference).toBeCloseTo(0.0073, 10);
    expect(p).toBeCloseTo(0.006012761776619987, 12);
    expect(pairs).toBe(3);
  });
});

describe('estimate', () => {
  it('gives mean, standard deviation and interval', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(deviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
    const {interval} = estimate([1, 2, 6]);
    expect(interval![1]).toBeCloseTo(3 + 4.302652729749462 * Math.sqrt(7 / 3), 9);
    expect(interval![0] + interval![1]).toBeCloseTo(6, 12);
  });

  it('has intervals of scores that end where scores do', () => {
    const {auc, logloss} = estimatedScores([
      {auc: 0.9, logloss: 0.01},
      {auc: 0.99, logloss: 0.05},
    ]);
    expect(auc.interval![1]).toBe(1);
    expect(auc.interval![0]).toBeCloseTo(0.945 - 12.7062 * 0.045, 4);
    expect(logloss.interval![0]).toBe(0);
    expect(logloss.interval![1]).toBeCloseTo(0.03 + 12.7062 * 0.02, 4);
  });

  it('has no interval and no p-value for one run', () => {
    expect(estimate([2])).toEqual({mean: 2, sd: 0, interval: null, runs: 1});
    expect(compare([2], [1])).toEqual({difference: 1, p: null, pairs: 1});
  });

  it('takes equal differences for certain', () => {
    expect(compare([2, 3], [1, 2]).p).toBe(0);
    expect(compare([2, 3], [2, 3]).p).toBe(1);
  });
});

it('jaccard: the shared ones of all', () => {
  expect(jaccard(['a', 'b'], ['b', 'c'])).toBeCloseTo(1 / 3, 12);
  expect([jaccard([], []), jaccard(['a'], []), jaccard(['a', 'b'], ['b', 'a'])]).toEqual([1, 0, 1]);
});
