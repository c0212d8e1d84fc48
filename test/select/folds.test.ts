import {seededRandom} from '../../src/random';
import {effortPlan} from '../../src/select/effort';
import {decisionRows, type Evidence} from '../../src/select/folds';

const random = seededRandom(2);
const ROWS = 1000;
const table = {
  ids: Int32Array.from({length: ROWS}, (_, row) => row),
  labels: Float32Array.from({length: ROWS}, () => (random() < 0.2 ? 1 : 0)),
};
const all = [...Array(ROWS).keys()];
const sorted = (...parts: Int32Array[]) => parts.flatMap(part => [...part]).sort((a, b) => a - b);

it('deals each label evenly into folds and fresh rows, which nothing else sees', () => {
  const {folds, choosing, fresh} = decisionRows(table, {by: 'folds', folds: 4}, 1);
  expect(sorted(...folds.map(({held}) => held), fresh)).toEqual(all);
  expect(sorted(choosing, fresh)).toEqual(all);
  const positives = (rows: Int32Array) => rows.filter(row => table.labels[row] === 1).length;
  const counts = folds.map(({held}) => positives(held));
  expect(Math.abs(positives(fresh) - positives(choosing) / 9)).toBeLessThanOrEqual(1);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  for (const {fitted, held} of folds) expect(sorted(fitted, held, fresh)).toEqual(all);
});

it('one held-out part needs no folds', () => {
  const {folds, choosing, fresh} = decisionRows(table, {by: 'held-out part', share: 0.2}, 1);
  expect(folds).toHaveLength(1);
  expect([folds[0].fitted.length, folds[0].held.length, fresh.length]).toEqual([720, 180, 100]);
  expect(sorted(folds[0].fitted, folds[0].held)).toEqual([...choosing]);
  expect(sorted(choosing, fresh)).toEqual(all);
});

it.each<Evidence>([
  {by: 'folds', folds: 4},
  {by: 'held-out part', share: 0.2},
])('rows of a group stay together, %p', evidence => {
  const groups = Float64Array.from(all, row => -(2 ** 40) * Math.floor(row ** 0.7));
  const {folds, fresh} = decisionRows({...table, groups}, evidence, 1);
  const parts = [...folds.map(({held}) => held), fresh, ...(folds.length === 1 ? [folds[0].fitted] : [])];
  const groupsOf = parts.map(rows => new Set(Array.from(rows, row => groups[row])));
  expect(groupsOf.reduce((sum, {size}) => sum + size, 0)).toBe(new Set(groups).size);
  expect(Math.abs(fresh.length - ROWS / 10)).toBeLessThan(20);
  if (folds.length > 1) for (const {held} of folds) expect(Math.abs(held.length - 225)).toBeLessThan(20);
});

it('there may be fewer groups than folds', () => {
  const groups = all.map(row => row % 3);
  expect(decisionRows({...table, groups}, {by: 'folds', folds: 4}, 1).folds).toHaveLength(2);
});

it('folds judge tables of up to 50,000 rows, with `thorough` 300,000', () => {
  const by = (effort: 'normal' | 'thorough', rows: number) => effortPlan(effort, [], rows).evidence.by;
  expect([by('normal', 50_000), by('normal', 50_001)]).toEqual(['folds', 'held-out part']);
  expect([by('thorough', 300_000), by('thorough', 300_001)]).toEqual(['folds', 'held-out part']);
});
