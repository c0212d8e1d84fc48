import {coarseRows} from '../../src/record/coarse_rows';
import {scoredAlone} from '../../src/record/scored_alone';
import type {InteractionRecord} from '../../src/record/run_record';

const BINS = 40;
/** Two numbers of 40 bins each, whose signs alone make the label: 1,600 combinations of one row each. */
const rows = Array.from({length: BINS * BINS}, (_, i) => [Math.floor(i / BINS), i % BINS]);
const train = {ids: rows.flatMap(pair => pair.map(bin => bin + 1)), labels: rows.map(([a, b]) => +(a < 20 === b < 20))};
const fields = ['a', 'b'].map(name => ({name, size: BINS + 1, ordered: true}));
const names = fields.map(() => ['missing', ...Array.from({length: BINS}, (_, bin) => `bin ${bin}`)]);

it('puts the bins of numbers into 16, 8 and 4 groups of neighbours, and a missing value into one of its own', () => {
  const levels = [2, 1, 0].map(level => coarseRows({fields, train, names}, level));
  expect(levels.map(level => level.fields.map(({size}) => size))).toEqual([
    [17, 17],
    [9, 9],
    [5, 5],
  ]);
  const [ids] = levels.slice(-1).map(level => Array.from(level.train.ids).slice(0, 4));
  expect(ids).toEqual([1, 1, 1, 1]);
  expect(levels[2].names![1]).toEqual([
    'missing',
    'bin 0 … bin 9',
    'bin 10 … bin 19',
    'bin 20 … bin 29',
    'bin 30 … bin 39',
  ]);
});

it('leaves a multi-hot field of ordered ids as it is', () => {
  const several = [{name: 'a', size: BINS + 1, ordered: true, width: 2}];
  const ids = train.ids.map((id, k) => (k % 4 === 3 ? -1 : id));
  const coarse = coarseRows({fields: several, train: {...train, ids}, names}, 0);
  expect([coarse.fields, Array.from(coarse.train.ids), coarse.names]).toEqual([several, ids, [names[0]]]);
});

it('shows where two numbers interact whose combinations of bins have too few rows each', () => {
  const record = {
    fields: ['a', 'b'],
    alpha: 1,
    kept: true,
    evidence: null,
    examples: [],
  } as unknown as InteractionRecord;
  const [{examples}] = scoredAlone('test', [record], {fields, train, test: train, valueNames: names, ridge: 10});
  expect(examples).toHaveLength(3);
  for (const {rate, rows: count, expected, values} of examples) {
    expect(count).toBe(25);
    expect([0, 1]).toContain(rate);
    expect(expected).toBeCloseTo(0.5, 2);
    expect(values[0]).toMatch(/^bin \d+ … bin \d+$/);
  }
});
