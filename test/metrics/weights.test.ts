import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {
  auc,
  aucDifference,
  calibration,
  evaluateMetrics,
  expectedCalibrationError,
  gauc,
  logloss,
  loglossDifference,
  MetricAccumulator,
} from 'tfjs-autofis';
import {calibrationBins} from '../../src/record/calibration_bins';
import {seededRandom} from '../../src/random';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

const random = seededRandom(7);
const rows = 240;
const labels = Array.from({length: rows}, () => (random() < 0.4 ? 1 : 0));
/** Coarse, so that scores tie. */
const scores = labels.map(y => Math.round(10 * (0.3 * y + 0.6 * random())) / 10);
const others = labels.map(y => Math.round(10 * (0.2 * y + 0.7 * random())) / 10);
const groups = labels.map(() => Math.floor(6 * random()));

type Metric = (labels: number[], scores: number[], others: number[], groups: number[], weights?: number[]) => unknown;
const METRICS: Record<string, Metric> = {
  auc: (y, s, _, __, w) => auc(y, s, w),
  gauc: (y, s, _, g, w) => gauc(y, s, g, w),
  logloss: (y, s, _, __, w) => logloss(y, s, undefined, w),
  calibration: (y, s, _, __, w) => calibration(y, s, w),
  expectedCalibrationError: (y, s, _, __, w) => expectedCalibrationError(y, s, 7, w),
  aucDifference: (y, s, o, __, w) => aucDifference(y, s, o, w),
  loglossDifference: (y, s, o, __, w) => loglossDifference(y, s, o, w),
  'aucDifference of groups': (y, s, o, g, w) => aucDifference(y, s, o, w, g),
  'loglossDifference of groups': (y, s, o, g, w) => loglossDifference(y, s, o, w, g),
  calibrationBins: (y, s, _, __, w) => calibrationBins(y, s, 7, w),
};

/** All numbers of a result in a fixed order. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return Object.values(value as object).flatMap(numbersOf);
}

function expectEqual(a: unknown, b: unknown): void {
  const left = numbersOf(a);
  const right = numbersOf(b);
  expect(left).toHaveLength(right.length);
  left.forEach((x, i) => expect(Math.abs(x - right[i])).toBeLessThan(1e-9));
}

describe.each(Object.entries(METRICS))('%s with weights', (_, metric) => {
  const of = (weights?: number[]) => metric(labels, scores, others, groups, weights);

  it('equals that of the other rows where half of the weights are 0', () => {
    const kept = labels.flatMap((_, i) => (i % 2 === 0 ? [i] : []));
    const take = (values: number[]) => kept.map(i => values[i]);
    expectEqual(
      of(labels.map((_, i) => (i % 2 === 0 ? 1 : 0))),
      metric(take(labels), take(scores), take(others), take(groups)),
    );
  });

  it('is that without weights where all are equal, whatever their size', () => {
    expectEqual(of(labels.map(() => 3.5)), of());
  });

  it('changes with the weights', () => {
    expect(numbersOf(of(labels.map((_, i) => 1 + (i % 5))))).not.toEqual(numbersOf(of()));
  });
});

describe('standard errors with weights', () => {
  it('tell by how much the differences vary from sample to sample', () => {
    const draw = () => {
      const y = Array.from({length: 300}, () => (random() < 0.4 ? 1 : 0));
      const noise = y.map(() => random());
      const w = y.map(() => (random() < 0.3 ? 5 : 0.5));
      const a = y.map((label, i) => 0.05 + 0.3 * label + 0.6 * noise[i]);
      const b = y.map((label, i) => 0.1 + 0.2 * label + 0.4 * noise[i] + 0.2 * random());
      // Rows that a group has three times say no more than once.
      const [ys, as, bs, ws, gs] = [y, a, b, w, [...y.keys()]].map(values => values.flatMap(x => [x, x, x]));
      const grouped = [aucDifference(ys, as, bs, ws, gs), loglossDifference(ys, as, bs, ws, gs)];
      return [aucDifference(y, a, b, w), loglossDifference(y, a, b, w), ...grouped];
    };
    const draws = Array.from({length: 400}, draw);
    const mean = (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length;
    for (const k of [0, 1, 2, 3]) {
      const centre = mean(draws.map(draw => draw[k].difference));
      const spread = Math.sqrt(mean(draws.map(draw => (draw[k].difference - centre) ** 2)));
      const ratio = mean(draws.map(draw => draw[k].standardError)) / spread;
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  });
});

describe('auc with weights', () => {
  it('is the weighted share of pairs in order, ties one half', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({y: fc.constantFrom(0, 1), s: fc.integer({min: 0, max: 4}), w: fc.integer({min: 1, max: 9})}),
          {minLength: 1, maxLength: 25},
        ),
        drawn => {
          const all = [{y: 0, s: 2, w: 1}, {y: 1, s: 3, w: 2}, ...drawn];
          let won = 0;
          let pairs = 0;
          for (const p of all)
            for (const n of all)
              if (p.y === 1 && n.y === 0) {
                pairs += p.w * n.w;
                won += p.w * n.w * ((1 + Math.sign(p.s - n.s)) / 2);
              }
          expect(
            auc(
              all.map(({y}) => y),
              all.map(({s}) => s),
              all.map(({w}) => w),
            ),
          ).toBeCloseTo(won / pairs, 12);
        },
      ),
      {seed: 3, numRuns: 100},
    );
  });

  it.each<[string, number[], string]>([
    ['too few weights', [1, 1], 'auc: needs a weight for each row. Received: 2 weights and 3 rows.'],
    ['a negative weight', [1, -1, 1], 'auc: weights must be finite numbers >= 0. Received: -1 in row 1.'],
    ['a weight of NaN', [1, NaN, 1], 'auc: weights must be finite numbers >= 0. Received: NaN in row 1.'],
    ['an infinite weight', [1, 1, Infinity], 'auc: weights must be finite numbers >= 0. Received: Infinity in row 2.'],
    ['weights of 0 only', [0, 0, 0], 'auc: at least one weight must be above 0. Received: 3 times 0.'],
    [
      'a class without weight',
      [0, 1, 1],
      'auc: needs rows of both classes with weights above 0. Received: 0 positive and 2 negative rows.',
    ],
  ])('refuses %s', (_, weights, message) => {
    expect(() => auc([1, 0, 0], [3, 2, 1], weights)).toThrow(new Error(message));
  });
});

describe('MetricAccumulator with weights', () => {
  const names = ['auc', 'gauc', 'logloss', 'ece', 'calibration'] as const;
  const weights = labels.map((_, i) => i % 3);

  it.each([7, 1000])('gives the metrics of all rows in pieces of %i', size => {
    const sum = new MetricAccumulator();
    for (let start = 0; start < rows; start += size) {
      const part = <T>(values: T[]) => values.slice(start, start + size);
      sum.add(part(labels), part(scores), part(groups), part(weights));
    }
    expectEqual(sum.compute(names, {bins: 7}), [
      auc(labels, scores, weights),
      gauc(labels, scores, groups, weights),
      logloss(labels, scores, undefined, weights),
      expectedCalibrationError(labels, scores, 7, weights),
      calibration(labels, scores, weights),
    ]);
  });

  it('refuses weights for a part of the rows', () => {
    const sum = new MetricAccumulator();
    sum.add([1, 0], [0.5, 0.4]);
    expect(() => sum.add([1], [0.5], undefined, [2])).toThrow(
      new Error(
        'MetricAccumulator.add: give `weights` for all rows or for none. ' +
          'Received: 1 weights for 1 rows, after 0 weights for 2 rows.',
      ),
    );
    const other = new MetricAccumulator();
    other.add([1, 0], [0.5, 0.4], undefined, [1, 2]);
    expect(() => other.add([1], [0.5])).toThrow('Received: 0 weights for 1 rows, after 2 weights for 2 rows.');
  });
});

describe('evaluateMetrics with weights', () => {
  it('weighs rows in memory and in a dataset', async () => {
    const planted = plantedRows(40, fields, [[0, 1]], 3);
    const model = gatedModel({});
    const {xs, ys, dispose} = asTensors(planted);
    const values = planted.labels.map((_, i) => i % 3);
    const weights = tf.tensor1d(values);
    await expectNoLeak(async () => {
      const output = model.predict(xs) as tf.Tensor;
      const predicted = Array.from(output.dataSync());
      output.dispose();
      const close = (a: object, b: object) => numbersOf(a).forEach((x, i) => expect(x).toBeCloseTo(numbersOf(b)[i], 6));
      const expected = {
        auc: auc(planted.labels, predicted, values),
        logloss: logloss(planted.labels, predicted, undefined, values),
      };
      close(await evaluateMetrics(model, {data: {xs, ys, weights}, batchSize: 7}), expected);
      // Predictions of batches of other sizes differ in their last bits.
      const parts = [
        [0, 25],
        [25, 15],
      ].map(([start, count]) => ({start, count}));
      const dataset = {
        iterator: async () => {
          let next = 0;
          return {
            next: async () => {
              if (next === parts.length) return {done: true as const, value: null};
              const {start, count} = parts[next++];
              return {
                done: false as const,
                value: {
                  xs: tf.slice(xs, [start, 0], [count, -1]),
                  ys: tf.slice(ys, [start, 0], [count, 1]),
                  weights: next === 1 ? tf.slice(weights, start, count) : values.slice(start, start + count),
                },
              };
            },
          };
        },
      };
      close(await evaluateMetrics(model, {data: dataset}), expected);
    });
    model.dispose();
    weights.dispose();
    dispose();
  });
});
