import * as fc from 'fast-check';
import {auc} from 'tfjs-autofis';
import {generator, integers} from '../helpers/random';

const seed = 20200823;

/** The definition itself, in O(n^2): a positive above a negative counts 1, a tie one half. */
function byPairs(labels: number[], scores: number[]): number {
  let wins = 0;
  let pairs = 0;
  labels.forEach((y, i) =>
    labels.forEach((z, j) => {
      if (y !== 1 || z !== 0) return;
      pairs++;
      wins += (1 + Math.sign(scores[i] - scores[j])) / 2;
    }),
  );
  return wins / pairs;
}

/** Rows of both classes, with many ties. */
const rows = fc
  .array(fc.record({y: fc.constantFrom(0, 1), s: fc.integer({min: -4, max: 4})}), {minLength: 2, maxLength: 60})
  .filter(list => new Set(list.map(row => row.y)).size === 2)
  .map(list => ({labels: list.map(row => row.y), scores: list.map(row => row.s / 8)}));

describe('auc', () => {
  it('equals the count over all pairs, ties one half', () => {
    fc.assert(
      fc.property(rows, ({labels, scores}) => {
        expect(auc(labels, scores)).toBeCloseTo(byPairs(labels, scores), 12);
      }),
      {seed, numRuns: 200},
    );
  });

  it('takes typed arrays and stays exact for 200,000 rows', () => {
    const n = 200000;
    const next = generator(1);
    const labels = Uint8Array.from(integers(next, n, 2));
    const scores = Float32Array.from(integers(next, n, 100));
    // The same count by a histogram over the 100 scores.
    const counts = [0, 1].map(y =>
      scores.reduce((h, s, i) => {
        if (labels[i] === y) h[s]++;
        return h;
      }, new Float64Array(100)),
    );
    let below = 0;
    let wins = 0;
    for (let s = 0; s < 100; s++) {
      wins += counts[1][s] * (below + counts[0][s] / 2);
      below += counts[0][s];
    }
    const positives = labels.reduce((sum, y) => sum + y, 0);
    expect(auc(labels, scores)).toBeCloseTo(wins / (positives * (n - positives)), 12);
  });

  it.each([
    ['one class', [1, 1], [0.5, 0.6], 'auc: needs rows of both classes. Received: 2 positive and 0 negative rows.'],
    ['no rows', [], [], 'auc: needs as many labels as scores, at least one. Received: 0 and 0.'],
    [
      'lists of different length',
      [1, 0],
      [0.5],
      'auc: needs as many labels as scores, at least one. Received: 2 and 1.',
    ],
    ['labels other than 0 and 1', [0, -1], [0.5, 0.6], 'auc: labels must be 0 or 1. Received: -1 in row 1.'],
    ['a score of NaN', [0, 1], [0.5, NaN], 'auc: score of row 1 is NaN. The model has diverged or got bad input.'],
    [
      'null, which NaN becomes in JSON',
      [0, 1],
      [null as never, 0.5],
      'auc: score of row 0 is null. The model has diverged or got bad input.',
    ],
  ])('refuses %s', (_, labels, scores, message) => {
    expect(() => auc(labels, scores)).toThrow(new Error(message));
  });
});
