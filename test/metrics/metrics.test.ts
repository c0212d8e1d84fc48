import {calibration, expectedCalibrationError, gauc, MetricAccumulator, relativeImprovement} from 'tfjs-autofis';

describe('gauc', () => {
  it("is the mean of the users' AUC by their rows, without users of one class", () => {
    // User a: 1 of 2 pairs won and one tied, 3 rows; b: all won, 2 rows; c has positives only.
    const labels = [1, 0, 0, 1, 0, 1, 1];
    const scores = [0.5, 0.4, 0.5, 0.9, 0.1, 0.2, 0.3];
    expect(gauc(labels, scores, ['a', 'a', 'a', 'b', 'b', 'c', 'c'])).toBeCloseTo((3 * 0.75 + 2 * 1) / 5, 12);
  });

  it.each<[string, number[], Array<number | string>, string]>([
    ['too few groups', [1, 0], ['a'], 'gauc: needs a group for each row. Received: 1 groups and 2 rows.'],
    ['users of one class only', [1, 0], [1, 2], 'gauc: none of the 2 groups has rows of both classes.'],
  ])('refuses %s', (_, labels, groups, message) => {
    expect(() => gauc(labels, [0.1, 0.2], groups)).toThrow(new Error(message));
  });
});

describe('calibration', () => {
  it('needs a positive, and probabilities', () => {
    expect(() => calibration([0, 0], [0.9, 0.3])).toThrow(
      new Error('calibration: needs a positive row. Received: 2 negative rows.'),
    );
    expect(() => calibration([0, 1], [-2, 3])).toThrow(
      new Error('calibration: probabilities must lie in [0, 1]. Received: -2 in row 0.'),
    );
  });
});

describe('expectedCalibrationError', () => {
  it('puts 0 into the first bin, an edge into the bin below it and 1 into the last', () => {
    // Each row is alone in its bin but for 0.5 and 0.3, so that their errors offset.
    expect(expectedCalibrationError([0, 0, 1, 1], [0, 0.3, 0.5, 1], 2)).toBeCloseTo(Math.abs(0 + 0.3 - 0.5) / 4, 12);
    expect(expectedCalibrationError([0, 1], [0.1, 0.2], 10)).toBeCloseTo((0.1 + 0.8) / 2, 12);
    expect(expectedCalibrationError([0, 1], [0.7, 0.6], 1)).toBeCloseTo(0.15, 12);
    // 0.07 * 100 is 7.000000000000001 in floating point, and 0.07 is still the edge of the seventh bin.
    expect(expectedCalibrationError([1, 0], [0.07, 0.065], 100)).toBeCloseTo(Math.abs(0.065 - 0.93) / 2, 12);
  });
});

describe('relativeImprovement', () => {
  it('is the ratio less 1', () => {
    // AutoFM over FM on Avazu in the AutoFIS paper's table.
    expect(100 * relativeImprovement(0.7831, 0.7793)).toBeCloseTo(0.49, 2);
    expect(100 * relativeImprovement(0.7852, 0.7793)).toBeCloseTo(0.76, 2);
    expect(relativeImprovement(0.7, 0.6, 0.5)).toBeCloseTo(1, 12);
  });

  it('needs a base above chance', () => {
    expect(() => relativeImprovement(0.7, 0.5, 0.5)).toThrow(
      new Error('relativeImprovement: `base` must be a number above 0.5. Received: 0.5.'),
    );
  });
});

describe('MetricAccumulator refuses', () => {
  it('groups for a part of the rows', () => {
    const sum = new MetricAccumulator();
    sum.add([1, 0], [0.5, 0.4]);
    expect(() => sum.add([1], [0.5], [3])).toThrow(
      new Error(
        'MetricAccumulator.add: give `groups` for all rows or for none. ' +
          'Received: 1 groups for 1 rows, after 0 groups for 2 rows.',
      ),
    );
    const grouped = new MetricAccumulator();
    grouped.add([1, 0], [0.5, 0.4], ['a', 'b']);
    expect(() => grouped.add([1], [0.5])).toThrow('Received: 0 groups for 1 rows, after 2 groups for 2 rows.');
  });

  it('an unknown metric', () => {
    const sum = new MetricAccumulator();
    sum.add([1, 0], [0.5, 0.4]);
    expect(() => sum.compute(['accuracy' as never])).toThrow(
      new Error(
        'MetricAccumulator.compute: `metrics` must be a list of ' +
          "'auc', 'gauc', 'logloss', 'ece', 'calibration'. Received: [\"accuracy\"].",
      ),
    );
    expect(() => sum.compute(['toString' as never])).toThrow('Received: ["toString"].');
    expect(() => sum.add([1], [NaN])).toThrow(
      new Error('MetricAccumulator.add: score of row 0 is NaN. The model has diverged or got bad input.'),
    );
  });
});
