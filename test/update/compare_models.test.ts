import {seededRandom} from '../../src/random';
import {compareUpdate} from '../../src/update/compare_models';

const random = seededRandom(1);
const labels = Float32Array.from({length: 2000}, () => (random() < 0.3 ? 1 : 0));
/** Probabilities that know the label as well as `signal` says. */
const probabilities = (signal: number) =>
  Float32Array.from(labels, y => 0.1 + 0.4 * (signal * y + (1 - signal) * random()));
const [weak, strong] = [probabilities(0.1), probabilities(0.3)];

test('better and worse by more than the interval, on AUC and logloss', () => {
  const up = compareUpdate(labels, weak, strong);
  expect(up.verdict).toBe('better');
  expect(up.auc.difference).toBeCloseTo(up.after.auc - up.before.auc, 10);
  expect(up.logloss.difference).toBeCloseTo(up.after.logloss - up.before.logloss, 10);
  const down = compareUpdate(labels, strong, weak);
  expect(down.verdict).toBe('worse');
  expect(down.auc.difference).toBeCloseTo(-up.auc.difference, 10);
});

test('probabilities that order rows alike and are too high are worse by their logloss alone', () => {
  const high = strong.map(p => Math.min(0.99, 1.8 * p));
  const {verdict, auc, before, after} = compareUpdate(labels, strong, high);
  expect([verdict, auc.difference]).toEqual(['worse', 0]);
  expect(after.calibration).toBeCloseTo(1.8 * before.calibration, 2);
});

test('a change within noise', () => {
  const near = strong.map((p, i) => p + (i % 2 === 0 ? 1e-4 : -1e-4));
  expect(compareUpdate(labels, strong, near).verdict).toBe('undecided');
  expect(compareUpdate(labels, strong, strong)).toMatchObject({verdict: 'undecided', auc: {difference: 0}});
});

test('rows of weight 0 do not count', () => {
  const weights = labels.map((_, i) => (i < 1000 ? 1 : 0));
  const own = (values: Float32Array) => values.subarray(0, 1000);
  const [all, some] = [
    compareUpdate(labels, weak, strong, weights),
    compareUpdate(own(labels), own(weak), own(strong)),
  ];
  expect(all.auc.difference).toBeCloseTo(some.auc.difference, 10);
  expect(all.after.calibration).toBeCloseTo(some.after.calibration, 10);
});
