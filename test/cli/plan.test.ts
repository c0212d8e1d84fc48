import {planOf} from '../../src/cli/steps/plan';

describe('planOf', () => {
  it.each([
    [13, 300],
    [5_000, 300],
    [29_196, 51],
    [720_415, 9],
    [40_000_000, 1],
  ])('of %d training rows searches for %d passes', (rows, passes) => {
    expect(planOf({}, rows).searchEpochs).toBe(passes);
  });

  it("has the paper's settings for its recipe, whatever the number of rows", () => {
    const paper = {batchSize: 2000, searchEpochs: 1, form: 'gated', l2: 0, dropout: 0};
    for (const rows of [500, 40_000_000]) {
      expect(planOf({recipe: 'paper'}, rows)).toMatchObject(paper);
      expect(planOf({recipe: 'paper', model: 'autoDeepFm'}, rows)).toMatchObject(paper);
    }
    expect(planOf({recipe: 'paper', batchSize: 50, searchEpochs: 3, l2: 0.1, form: 'plain'}, 500)).toMatchObject({
      batchSize: 50,
      searchEpochs: 3,
      l2: 0.1,
      form: 'plain',
    });
  });

  it('has no hidden layers in mind for AutoFFM, which takes pairs alone', () => {
    expect(planOf({model: 'autoFfm', order: '2'}, 500)).toMatchObject({model: 'autoFfm', l2: 1e-3, dropout: 0});
    expect(planOf({model: 'autoIpnn'}, 500)).toMatchObject({l2: 1e-4, dropout: 0.2});
    expect(() => planOf({model: 'autoFfm', order: 'both'}, 500)).toThrow(
      '--model autoFfm has a vector for each pair of fields, so it has no triples. ' +
        'Omit --order, or give another model. Received: --order both.',
    );
  });

  it('takes a number of passes that is given', () => {
    expect(planOf({searchEpochs: 1000}, 13).searchEpochs).toBe(1000);
  });
});
