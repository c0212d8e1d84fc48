import {firstStrength, noiseStrength} from '../../../benchmarks/experiments/held_out_search';
import {seededRandom} from '../../../src/random';
import {asTensors, fields, gatedModel, plantedRows} from '../../helpers/models';

describe('noiseStrength', () => {
  const data = {steps: 2000, batchSize: 500, rows: 4000, positives: 0.25, alphaInit: 0.6};

  it("is the share of what the gradient of a gate without use can sum up to, in units of alpha's start", () => {
    // The gradient of alpha on the same held-out rows, for products of variance 1 that know nothing of the labels.
    const random = seededRandom(3);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const gradients = Array.from({length: 300}, () => {
      let sum = 0;
      for (let row = 0; row < data.rows; row++)
        sum += ((random() < data.positives ? 1 : 0) - data.positives) * normal();
      return sum / data.rows;
    });
    const spread = Math.sqrt(gradients.reduce((sum, g) => sum + g * g, 0) / gradients.length);
    const expected = (data.steps * spread) / data.alphaInit;
    expect(noiseStrength(1, data) / expected).toBeGreaterThan(0.88);
    expect(noiseStrength(1, data) / expected).toBeLessThan(1.12);
    expect(noiseStrength(0.2, data)).toBeCloseTo(0.2 * noiseStrength(1, data), 12);
  });

  it('counts no more rows than the steps see, and alpha by its size', () => {
    const few = {...data, steps: 4};
    expect(noiseStrength(1, few)).toBeCloseTo(noiseStrength(1, {...few, rows: 2000}), 12);
    expect(noiseStrength(1, {...data, alphaInit: -0.6})).toBe(noiseStrength(1, data));
  });
});

describe('firstStrength', () => {
  it('is a quarter of the noise of these rows', () => {
    const [train, validation] = [100, 40].map(rows => asTensors(plantedRows(rows, fields, [[0, 1]], rows)));
    const model = gatedModel({});
    const positives = (validation.ys.dataSync() as Float32Array).reduce((a, b) => a + b, 0) / 40;
    const setting = {model, train, validation, seed: 1, training: {batchSize: 20}};
    // 5 batches per epoch: 600 epochs by default, alpha in two thirds of them.
    const expected = (steps: number) =>
      noiseStrength(0.25, {steps, batchSize: 20, rows: 40, positives, alphaInit: 0.6});
    expect(firstStrength(setting) / expected(2000)).toBeCloseTo(1, 6);
    expect(firstStrength({...setting, searchEpochs: 3}) / expected(10)).toBeCloseTo(1, 6);
    model.dispose();
    [train, validation].forEach(data => data.dispose());
  });
});
