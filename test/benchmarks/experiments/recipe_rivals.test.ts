import type {Entry} from '../../../benchmarks/experiments/journal';
import {
  aboveBest,
  besideBest,
  kinds,
  type Result,
  type RivalResult,
  weights,
} from '../../../benchmarks/experiments/plans/recipe_rivals';
import {candidate} from '../../helpers/candidate';

const rival = (difference: number, standardError: number): RivalResult =>
  ({name: 'rival', test: {auc: {difference, standardError}}}) as RivalResult;
const both = (linear: number, whole: number) => ({rivals: [rival(linear, 0.01), rival(whole, 0.001)]});

const candidates = [
  candidate('LR', 0, 0.6, {ridge: 1}),
  candidate('FFM', 10, 0.7, {parameters: 80, schedule: {} as never}),
  candidate('FFM, d 32', 3, 0.8, {parameters: 40, schedule: {} as never}),
  candidate('GA2M', 2, 0.75, {tables: {} as never}),
];
const group = (data: string, runs: ReadonlyArray<Pick<Result, 'rivals'>>): Entry[] =>
  runs.map(({rivals}, i) => ({
    key: `${data} ${i}`,
    data,
    seed: i + 1,
    backend: 'tfjs-node',
    wall: 1,
    result: {chosen: candidates[2], candidates, kept: [], test: {auc: 0.8, logloss: 0.3}, rivals},
  }));

describe('aboveBest', () => {
  it('is against the rival with the higher AUC, in its standard errors', () => {
    expect(aboveBest(both(0.02, 0.003))).toBeCloseTo(3);
    expect(aboveBest(both(-0.005, 0.003))).toBeCloseTo(-0.5);
  });

  it('is 0 where the choice is itself the better rival', () => {
    expect(aboveBest({rivals: [rival(0.02, 0.01)]})).toBe(0);
    expect(aboveBest({rivals: [rival(-0.02, 0.01)]})).toBe(-2);
  });
});

describe('besideBest', () => {
  it('says on which data the choice is below by more than one standard error, and that the bar then fails', () => {
    const groups = [
      group('frappe', [both(0.02, 0.003), both(0.02, 0.004)]),
      group('adult', [both(0.02, -0.0025), both(0.02, 0.0005)]),
    ];
    const [table, words, why] = besideBest(groups);
    expect(table).toMatchObject({
      rows: [
        ['frappe', '3.00, 4.00', '0 of 2', '2 of 2', 'never below: holds'],
        ['adult', '-2.50, 0.50', '1 of 2', '0 of 2', 'never below: does not hold'],
      ],
    });
    expect(words).toMatchObject({
      text: expect.stringMatching(
        /It does not hold: in 1 of 4 runs .* the worst by 2\.50\. .* it does not hold \(frappe\)/,
      ),
    });
    expect(why).toMatchObject({text: expect.stringMatching(/^Why it does not hold: /)});
  });

  it('gives no reason where the bar holds', () => {
    const groups = ['frappe', 'flights'].map(data => group(data, [both(0.02, 0.003)]));
    const [, words, why] = besideBest(groups);
    expect(words).toMatchObject({text: expect.stringMatching(/It holds: in 0 of 2 .* it holds \(frappe, flights\)/)});
    expect(why).toBeUndefined();
  });
});

it('shows the weights of the choice beside those of FFM with all pairs, and the bar of MovieLens', () => {
  const groups = ['movielens', 'frappe'].map(data => group(data, [both(0.02, 0.003)]));
  expect(weights(groups)).toMatchObject({
    rows: [
      ['movielens', '40', '80', '.50 of these', 'fewer: holds'],
      ['frappe', '40', '80', '.50 of these', ''],
    ],
  });
});

it('has the best candidate of each kind, so that forms and selections can be told apart', () => {
  const [table] = kinds([group('frappe', [both(0.02, 0.003)])]);
  expect(table).toMatchObject({
    head: ['data', 'all pairs', 'some pairs', 'tables', 'a mean'],
    rows: [['frappe', '.7000 (1)', '.8000 (1)', '.7500 (1)', '-']],
  });
});
