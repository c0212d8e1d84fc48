import {readFileSync} from 'node:fs';
import path from 'node:path';
import {auc, calibration, expectedCalibrationError, gauc, logloss, MetricAccumulator} from 'tfjs-autofis';

interface Case {
  name: string;
  bins: number;
  labels: number[];
  scores: number[];
  groups: number[];
  auc: number;
  logloss: number;
  gauc: number;
  calibration: number;
  ece: number;
}

/** Made by golden.py with scikit-learn. */
const {cases} = JSON.parse(readFileSync(path.join(__dirname, 'golden.json'), 'utf8')) as {cases: Case[]};

describe.each(cases)('$name, by scikit-learn', expected => {
  const {labels, scores, groups, bins} = expected;
  const equal = (value: number, golden: number) => expect(Math.abs(value - golden)).toBeLessThan(1e-9);

  it('auc', () => equal(auc(labels, scores), expected.auc));
  it('logloss', () => equal(logloss(labels, scores), expected.logloss));
  it('gauc', () => equal(gauc(labels, scores, groups), expected.gauc));
  it('gauc with names of users', () =>
    equal(
      gauc(
        labels,
        scores,
        groups.map(u => `user ${u}`),
      ),
      expected.gauc,
    ));
  it('calibration', () => equal(calibration(labels, scores), expected.calibration));
  it('expectedCalibrationError', () => equal(expectedCalibrationError(labels, scores, bins), expected.ece));

  it.each([1, 7, 300])('all of them in pieces of %i rows', size => {
    const sum = new MetricAccumulator();
    for (let start = 0; start < labels.length; start += size) {
      const part = <T>(list: T[]) => list.slice(start, start + size);
      sum.add(Uint8Array.from(part(labels)), Float64Array.from(part(scores)), part(groups));
    }
    expect(sum.rows).toBe(300);
    const found = sum.compute(['auc', 'logloss', 'gauc', 'calibration', 'ece'], {bins});
    (Object.keys(found) as Array<keyof typeof found>).forEach(name => equal(found[name], expected[name]));
  });
});
