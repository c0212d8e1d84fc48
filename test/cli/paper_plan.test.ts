import {paperPlanOf} from '../../src/cli/steps/paper_plan';

it("has the paper's settings unless others are given", () => {
  expect(paperPlanOf({})).toEqual({
    model: 'autoFm',
    order: '2',
    embeddingDim: 16,
    hiddenUnits: [],
    batchSize: 2000,
    learningRate: 1e-3,
    searchEpochs: 1,
    epochs: 60,
    seed: 1,
  });
  expect(paperPlanOf({model: 'autoIpnn'}).hiddenUnits).toEqual([128, 128, 128]);
  expect(paperPlanOf({batchSize: 50, searchEpochs: 3, epochs: 2})).toMatchObject({
    batchSize: 50,
    searchEpochs: 3,
    epochs: 2,
  });
});

it('refuses triples of AutoFFM, and hidden layers of models without', () => {
  expect(() => paperPlanOf({model: 'autoFfm', order: 'both'})).toThrow(
    '--model autoFfm has a vector for each pair of fields, so it has no triples. ' +
      'Omit --order, or give another model. Received: --order both.',
  );
  expect(() => paperPlanOf({hiddenUnits: [8]})).toThrow(
    '--hidden-units is for models with hidden layers, but autoFm is without. Give --model autoDeepFm or autoIpnn.',
  );
});
