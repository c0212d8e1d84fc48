import {paperPlanOf} from '../../src/cli/steps/paper_plan';

it("has the paper's settings unless others are given", () => {
  expect(paperPlanOf({})).toEqual({
    model: 'autoFm',
    batchSize: 2000,
    learningRate: 1e-3,
    searchEpochs: 1,
    epochs: 60,
    seed: 1,
  });
  expect(paperPlanOf({epochs: 2}).epochs).toBe(2);
});
