import type {NamedFile} from '../../../examples/browser/protocol';
import {finishedOf} from '../../../examples/browser/worker/finished';
import {pairCount} from '../../../examples/browser/view/pairs';
import {shapedSelection} from '../../helpers/shaped_selection';

const files: NamedFile[] = [{name: 'run.json', bytes: new Uint8Array(3)}];

/** Values that a browser copies one by one: all but the numbers of typed arrays. */
function parts(value: unknown): number {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 1;
  return 1 + Object.values(value).reduce((sum: number, each) => sum + parts(each), 0);
}

it('has the figures of every pair, the selected ones by falling gain', () => {
  const run = shapedSelection({kept: 4});
  const {answer, models, figures, selected, examples} = finishedOf(run, pairCount(5), files);
  expect(answer).toBe(
    'Neither AUC nor probability error tells the model with 4 of 10 interactions from logistic regression.',
  );
  expect(models.map(({name, comparison}) => [name, comparison?.verdict])).toEqual([
    ['logistic regression', 'undecided'],
    ['all 10 pairs', 'better'],
    [expect.any(String), undefined],
  ]);
  run.interactions.forEach(({kept, evidence}, p) => {
    expect(figures.selected[p]).toBe(Number(kept));
    expect(figures.gain[p]).toBe(Math.fround(evidence!.gain));
    expect(figures.helpedFolds[p]).toBe(evidence!.stability.kept);
  });
  const gains = Array.from(selected, p => figures.gain[p]);
  expect(gains).toEqual([...gains].sort((a, b) => b - a));
  expect([...selected].sort()).toEqual([0, 1, 2, 3]);
  expect(examples).toHaveLength(4);
});

it('has sets of three and of four fields behind the pairs', () => {
  const run = shapedSelection({orders: [2, 3, 4], kept: 3});
  const {larger, selected} = finishedOf(run, pairCount(5), files);
  expect(larger.map(({length}) => length)).toEqual([3, 4]);
  expect([...selected].sort((a, b) => a - b)).toEqual([0, 10, 11]);
});

it('calls every kept pair uncertain where test rows are copies', () => {
  const uncertain = (copied: number) =>
    Array.from(finishedOf(shapedSelection({copied}), pairCount(5), files).figures.uncertain);
  expect(uncertain(0)).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  expect(uncertain(0.2)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});

it('has the figures of a pair at its place, where only some fields have gates', () => {
  const run = shapedSelection({kept: 4});
  // Fields 1, 2 and 4 of five: their pairs are 1-2, 1-4 and 2-4.
  const some = run.interactions.filter(({interaction}) => interaction.every(field => [1, 2, 4].includes(field)));
  const records = some.map((record, k) => ({
    ...record,
    kept: k > 0,
    evidence: {...record.evidence!, gain: k + 1},
  }));
  const {figures, selected, examples} = finishedOf({...run, interactions: records}, pairCount(5), files);
  expect(Array.from(figures.gain)).toEqual([0, 0, 0, 0, 1, 0, 2, 0, 3, 0]);
  expect(Array.from(figures.selected)).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 1, 0]);
  expect([...selected].sort()).toEqual([6, 8]);
  expect(examples).toHaveLength(2);
});

it('without gates no pair has a figure', () => {
  const {figures, selected} = finishedOf(shapedSelection({kept: null}), pairCount(5), files);
  expect(figures.folds).toBe(0);
  expect(Array.from(figures.gain)).toEqual(new Array(10).fill(0));
  expect(selected).toHaveLength(0);
});

it('is copied as quickly for 1,770 pairs as for ten', () => {
  const fields = Array.from({length: 60}, (_, i) => ({name: `field ${i}`, size: 3}));
  const wide = finishedOf(shapedSelection({fields, kept: 4, rows: 100}), pairCount(60), files);
  expect(wide.figures.gain).toHaveLength(1770);
  expect(parts(wide)).toBe(parts(finishedOf(shapedSelection({kept: 4}), pairCount(5), files)));
});
