import {auc} from 'tfjs-autofis';
import {generator, integers} from '../helpers/random';

describe('auc', () => {
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
