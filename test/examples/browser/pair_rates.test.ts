import type {FittedSchema} from 'tfjs-autofis';
import type {Dataset, Part} from '../../../examples/browser/worker/dataset';
import {PairRates} from '../../../examples/browser/worker/pair_rates';

const none: Part = {ids: new Int32Array(0), labels: new Float32Array(0), rows: 0, numbers: new Int32Array(0)};
const field = (name: string, values: string[]) => ({
  name,
  size: values.length + 2,
  missingId: 0,
  unseenId: 1,
  values,
  training: {missing: 0, unseen: 0},
});

/** Two fields and a list of two values; ids from 2 on. */
function dataset(rows: ReadonlyArray<readonly [number, number, number, number, label: number]>): Dataset {
  const values = Array.from({length: 12}, (_, i) => `b${i}`);
  const fitted: FittedSchema = {
    version: 1,
    rows: rows.length,
    schema: {
      version: 1,
      fields: [
        {name: 'a', column: 'a', type: 'categorical'},
        {name: 'b', column: 'b', type: 'categorical'},
        {name: 'c', column: 'c', type: 'multiValued', separator: ',', width: 2},
      ],
    } as FittedSchema['schema'],
    fields: [field('a', ['a0', 'a1']), field('b', values), field('c', ['c0', 'c1'])],
  };
  return {
    name: 'rows',
    positive: 'x = 1',
    assumptions: [],
    fitted,
    width: 4,
    train: {
      ids: Int32Array.from(rows.flatMap(row => row.slice(0, 4))),
      labels: Float32Array.from(rows, row => row[4]),
      rows: rows.length,
      numbers: Int32Array.from(rows.keys(), row => row + 1),
    },
    valid: none,
    test: none,
  };
}

it('counts the rows of each two values, and what both alone predict', () => {
  const rates = new PairRates(
    dataset([
      [2, 3, -1, -1, 1],
      [2, 3, -1, -1, 1],
      [2, 2, -1, -1, 0],
      [3, 3, -1, -1, 0],
      [3, 3, -1, -1, 1],
    ]),
  );
  const {values, rows, positives, expected, cut} = rates.of(0, [0, 1]);
  // The more frequent value stands first.
  expect(values).toEqual([
    ['a0', 'a1'],
    ['b1', 'b0'],
  ]);
  expect(Array.from(rows)).toEqual([2, 1, 2, 0]);
  expect(Array.from(positives)).toEqual([2, 0, 1, 0]);
  expect(cut).toBe(false);
  const logit = (p: number) => Math.log(p / (1 - p));
  const smoothed = (n: number, all: number) => (n + 0.6) / (all + 1);
  const z = logit(smoothed(2, 3)) + logit(smoothed(3, 4)) - logit(0.6);
  expect(expected[0]).toBeCloseTo(1 / (1 + Math.exp(-z)), 6);
  expect(expected[3]).toBeNaN();
});

it('a row of several values counts for each of them, once', () => {
  const {values, rows} = new PairRates(
    dataset([
      [2, 2, 2, 3, 1],
      [2, 2, 2, 2, 0],
      [3, 2, -1, -1, 0],
    ]),
  ).of(1, [0, 2]);
  expect(values[1]).toEqual(['c0', 'c1']);
  expect(Array.from(rows)).toEqual([2, 1, 0, 0]);
});

it('shows the ten most frequent values, and says that there are more', () => {
  const rows = Array.from({length: 78}, (_, i) => {
    const b = 2 + Math.floor((Math.sqrt(8 * i + 1) - 1) / 2);
    return [2, b, -1, -1, i % 2] as const;
  });
  const {values, cut} = new PairRates(dataset(rows)).of(0, [0, 1]);
  expect(values[1]).toEqual(Array.from({length: 10}, (_, k) => `b${11 - k}`));
  expect(cut).toBe(true);
});
