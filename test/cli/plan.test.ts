import {planOf} from '../../src/cli/stages/plan';

describe('planOf', () => {
  it.each([[13, 300], [5_000, 300], [29_196, 51], [720_415, 9], [40_000_000, 1]])('of %d training rows searches for %d passes', (rows, passes) => {
    expect(planOf({}, rows).searchEpochs).toBe(passes);
  });

  it('takes a number of passes that is given', () => {
    expect(planOf({searchEpochs: 1000}, 13).searchEpochs).toBe(1000);
  });
});
