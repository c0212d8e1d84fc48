import {scoredAlone} from '../../src/record/scored_alone';
import type {InteractionRecord} from '../../src/record/run_record';

const BINS = 40;
/** Two numbers of 40 bins each, whose signs alone make the label: 1,600 combinations of one row each. */
const rows = Array.from({length: BINS * BINS}, (_, i) => [Math.floor(i / BINS), i % BINS]);
const train = {ids: rows.flatMap(pair => pair.map(bin => bin + 1)), labels: rows.map(([a, b]) => +(a < 20 === b < 20))};
const fields = ['a', 'b'].map(name => ({name, size: BINS + 1, ordered: true}));
const names = fields.map(() => ['missing', ...Array.from({length: BINS}, (_, bin) => `bin ${bin}`)]);

/** A kept pair before its values are sought. */
const record = {fields: ['a', 'b'], kept: true} as unknown as InteractionRecord;

it('shows where two numbers interact whose combinations of bins have too few rows each', () => {
  const [{examples}] = scoredAlone('test', [record], {fields, train, test: train, valueNames: names, ridge: 10});
  expect(examples).toHaveLength(3);
  for (const {rate, rows: count, expected, values} of examples) {
    expect(count).toBe(25);
    expect([0, 1]).toContain(rate);
    expect(expected).toBeCloseTo(0.5, 2);
    expect(values[0]).toMatch(/^bin \d+ … bin \d+$/);
  }
});

it('shows nothing where two fields say the same: their effects together are not twice the effect of one', () => {
  // The rate follows a, .4 or .8, and b equals a in nine of ten rows. Added up, both would predict .26 and .89.
  const ids = Array.from({length: 2000}, (_, i) => [i % 2, (i % 2) ^ +(i % 20 > 17)]);
  const labels = ids.map(([a], i) => +(Math.floor(i / 20) % 5 < (a === 1 ? 2 : 4)));
  const copied = {ids: ids.flat(), labels};
  const plain = ['a', 'b'].map(name => ({name, size: 2}));
  const [{examples}] = scoredAlone('test', [record], {fields: plain, train: copied, test: copied, ridge: 10});
  expect(examples).toEqual([]);
});
