import type {Candidate} from '../../src/select/candidate';
import {worthCrosses} from '../../src/select/train_candidates';

const candidate = (kept: number, auc: number) =>
  ({name: `${kept} at ${auc}`, selection: Array.from({length: kept}), choice: {auc, logloss: 0.4}}) as Candidate;
const crossed = (...candidates: Candidate[]) => worthCrosses(candidates).map(({name}) => name);

describe('worthCrosses', () => {
  it('are the best candidate and the best of the shortest', () => {
    expect(crossed(candidate(5, 0.7), candidate(3, 0.6), candidate(8, 0.8), candidate(3, 0.65))).toEqual([
      '8 at 0.8',
      '3 at 0.65',
    ]);
  });

  it('are one where the best is the shortest', () => {
    expect(crossed(candidate(5, 0.7), candidate(3, 0.8), candidate(3, 0.6))).toEqual(['3 at 0.8']);
  });
});
