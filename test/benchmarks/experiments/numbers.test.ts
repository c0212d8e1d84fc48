import {pearson} from '../../../benchmarks/internals';
import {meanSd, range, short} from '../../../benchmarks/experiments/numbers';
import {knownTruth} from '../../../benchmarks/experiments/known_truth';
import {plantedData} from '../../../benchmarks/experiments/planted';

describe('numbers of the reports', () => {
  it('are written short', () => {
    expect(meanSd([0.95, 0.96])).toBe('.9550 ± .0071 (2)');
    expect(meanSd([0.95])).toBe('.9500 (1)');
    expect(meanSd([])).toBe('-');
    expect(short(-0.0123)).toBe('-.0123');
    expect(short(1.5, 1)).toBe('1.5');
    expect([range([3, 1, 2]), range([2, 2])]).toEqual(['1-3', '2']);
  });

  it('compare searches', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(pearson([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(pearson([1, 0, 1, 0], [1, 1, 0, 0])).toBeCloseTo(0, 12);
  });
});

describe('plantedData', () => {
  it('has three pairs that share no field, ids within the fields, and follows from its seed', () => {
    const {planted, parts, fields} = plantedData({rows: 1000, seed: 3});
    expect(planted.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(fields).toHaveLength(6);
    expect([parts.train.rows, parts.validation.rows, parts.test.rows]).toEqual([800, 100, 100]);
    expect(parts.train.ids.every(id => id >= 0 && id < 60)).toBe(true);
    const share = parts.train.labels.reduce((sum, y) => sum + y, 0) / 800;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
    expect(plantedData({rows: 1000, seed: 3})).toEqual({planted, parts, fields});
    expect(plantedData({rows: 1000, seed: 4}).parts.train.ids).not.toEqual(parts.train.ids);
  });
});

describe('knownTruth', () => {
  it('plants as many pairs as its seed says, none sharing a field, and draws fresh rows of the same kind', () => {
    const truth = knownTruth({rows: 1000, fresh: 5000, seed: 7});
    const {planted, parts, fresh, fields} = truth;
    expect(planted).toHaveLength(3);
    expect(new Set(planted.flat()).size).toBe(6);
    expect(planted.every(([i, j]) => i < j && j < fields.length)).toBe(true);
    expect([parts.train.rows, parts.validation.rows, parts.test.rows, fresh.rows]).toEqual([800, 100, 100, 5000]);
    expect(fresh.ids.every((id, k) => id >= 0 && id < fields[k % 8].size)).toBe(true);
    // The value 0 of the field with two values has the probability log 2 / log 3.
    const zeros = Array.from({length: 5000}, (_, row) => Number(fresh.ids[8 * row] === 0));
    expect(zeros.reduce((sum, is) => sum + is) / 5000).toBeCloseTo(Math.log(2) / Math.log(3), 1);
    expect(knownTruth({rows: 1000, fresh: 5000, seed: 7})).toEqual(truth);
    expect(knownTruth({rows: 1000, fresh: 0, seed: 8}).planted).toEqual([]);
  });
});
