import {allInteractions} from '../../src/interactions';
import {fm} from '../../src/models/fm';
import {countParameters} from '../../src/record/evaluate_model';

it('counts all weights but the ids that memorised crosses are looked up by', () => {
  const fields = [
    {name: 'a', size: 3},
    {name: 'b', size: 2},
  ];
  const crosses = {interactions: allInteractions(2, 2), counts: [2], dictionary: [0, 1, 2, 0]};
  const [plain, crossed] = [fm({fields, embeddingDim: 4}), fm({fields, embeddingDim: 4, crosses})];
  expect([plain, crossed].map(countParameters)).toEqual([5 + 1 + 20, 5 + 1 + 20 + 2]);
  expect(crossed.countParams()).toBe(5 + 1 + 20 + 2 + 4);
  [plain, crossed].forEach(model => model.dispose());
});
