import {auc, aucDifference} from 'tfjs-autofis';
import {seededRandom} from '../../src/random';

const random = seededRandom(4);
/** Labels, a score that knows something of them, and a second one that shares its noise. Coarse, so that scores tie. */
function draw(rows: number) {
  const labels = Array.from({length: rows}, () => (random() < 0.3 ? 1 : 0));
  const coarse = (x: number) => Math.round(10 * x) / 10;
  const noise = labels.map(() => random() * 2);
  return {
    labels,
    a: labels.map((y, i) => coarse(y + noise[i])),
    b: labels.map((y, i) => coarse(0.7 * y + 0.8 * noise[i] + 0.4 * random())),
  };
}

/** The formula by all pairs of rows. */
function byPairs({labels, a, b}: ReturnType<typeof draw>): number {
  const won = (s: number[], p: number, n: number) => {
    if (s[p] > s[n]) return 1;
    return s[p] === s[n] ? 0.5 : 0;
  };
  const rows = labels.map((_, i) => i);
  const positives = rows.filter(i => labels[i] === 1);
  const negatives = rows.filter(i => labels[i] === 0);
  const mean = (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const variance = (values: number[]) =>
    (mean(values.map(x => (x - mean(values)) ** 2)) * values.length) / (values.length - 1);
  const d = (p: number, n: number) => won(a, p, n) - won(b, p, n);
  return Math.sqrt(
    variance(positives.map(p => mean(negatives.map(n => d(p, n))))) / positives.length +
      variance(negatives.map(n => mean(positives.map(p => d(p, n))))) / negatives.length,
  );
}

describe('aucDifference', () => {
  it('is the difference of the AUCs, with the error of the formula over all pairs', () => {
    const data = draw(200);
    const {labels, a, b} = data;
    const {difference, standardError} = aucDifference(labels, a, b);
    expect(difference).toBeCloseTo(auc(labels, a) - auc(labels, b), 12);
    expect(standardError).toBeCloseTo(byPairs(data), 12);
  });

  it('is 0 with error 0 for scores of the same order', () => {
    const {labels, a} = draw(100);
    const powers = a.map(x => Math.exp(x));
    expect(aucDifference(labels, a, powers)).toEqual({difference: 0, standardError: 0});
  });

  it('refuses one positive row, and one group', () => {
    expect(() => aucDifference([0, 1, 0, 1], [0, 1, 0, 1], [1, 2, 3, 4], undefined, [7, 7, 7, 7])).toThrow(
      'aucDifference: needs two groups. Received: 1.',
    );
    expect(() => aucDifference([0, 1, 0], [0, 1, 0], [1, 2, 3])).toThrow(
      new Error('aucDifference: needs two rows of each class. Received: 1 positive and 2 negative rows.'),
    );
  });
});
