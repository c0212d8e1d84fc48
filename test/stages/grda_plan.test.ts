import {grdaPlan} from '../../src/stages/grda_plan';

describe("the constants of method 'grda'", () => {
  it('may be given, and for a model without hidden layers need the number of steps', () => {
    const of = {steps: 16171, hiddenLayers: true};
    expect(grdaPlan({type: 'grda'}, {...of, steps: null})).toEqual(grdaPlan({type: 'grda'}, of));
    expect(grdaPlan({type: 'grda', c: 5e-3, mu: 0.6}, of)).toEqual({c: 5e-3, mu: 0.6, learningRate: 1});
    const decay = {factor: 0.6, steps: 2};
    const given = {c: 1e-3, mu: 0.7};
    const plan = grdaPlan({type: 'grda', ...given}, {steps: 10, hiddenLayers: false});
    expect(plan).toEqual({...given, learningRate: 1, decay});
    expect(() => grdaPlan({type: 'grda'}, {steps: null, hiddenLayers: false})).toThrow(
      new Error(
        "SearchStage: with method 'grda' the search of a model without hidden layers must know its " +
          'number of steps, since the learning rate falls with each fifth of them. Give `batchesPerEpoch` to ' +
          'fitDataset.',
      ),
    );
  });
});
