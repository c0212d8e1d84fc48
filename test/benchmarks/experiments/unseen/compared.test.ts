import {aucDifference} from 'tfjs-autofis';
import {compared, scoresOf} from '../../../../benchmarks/experiments/unseen/compared';
import {generator} from '../../../helpers/random';

const next = generator(5);
const labels = Array.from({length: 400}, (_, i) => i % 2);
const good = labels.map(label => 0.3 + 0.3 * label + 0.2 * (next() - 0.5));
const bad = labels.map(() => next());

describe('compared', () => {
  it("says what DeLong's test says of the recipe less its rival", () => {
    expect(compared(labels, good, bad)).toMatchObject({auc: aucDifference(labels, good, bad), words: 'better'});
    expect(compared(labels, bad, good).words).toBe('worse');
    expect(compared(labels, good, good).words).toBe('cannot be told apart');
    expect(compared(labels, good, good, true)).toMatchObject({auc: {difference: 0}, words: 'the same'});
  });

  it('has the difference of the loglosses, below 0 where the recipe is better', () => {
    const {logloss} = compared(labels, good, bad);
    expect(logloss.difference).toBeCloseTo(scoresOf(labels, good).logloss - scoresOf(labels, bad).logloss, 12);
    expect(logloss.difference).toBeLessThan(-logloss.standardError);
  });
});
