import {logloss, loglossDifference} from 'tfjs-autofis';
import {seededRandom} from '../../src/random';

const random = seededRandom(5);
/** Labels, the probabilities that they were drawn with, and others that share much with these. */
function draw(rows: number) {
  const a = Array.from({length: rows}, () => 0.05 + 0.9 * random());
  return {labels: a.map(p => (random() < p ? 1 : 0)), a, b: a.map(p => 0.7 * p + 0.2 * random() + 0.05)};
}

describe('loglossDifference', () => {
  it('is the difference of the loglosses', () => {
    const {labels, a, b} = draw(200);
    expect(loglossDifference(labels, a, b).difference).toBeCloseTo(logloss(labels, a) - logloss(labels, b), 12);
  });

  it('has an error of sd / sqrt(n)', () => {
    // Losses ln 2 and ln 4 against ln 2 and ln 2: differences 0 and ln 2, sd ln 2 / sqrt 2.
    expect(loglossDifference([1, 1], [0.5, 0.25], [0.5, 0.5])).toEqual({
      difference: expect.closeTo(Math.LN2 / 2, 12),
      standardError: expect.closeTo(Math.LN2 / 2, 12),
    });
  });

  it('refuses one row', () => {
    expect(() => loglossDifference([1], [1], [0.5])).toThrow(
      new Error('loglossDifference: needs two rows. Received: 1.'),
    );
  });
});
