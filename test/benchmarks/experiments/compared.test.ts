import type {Entry} from '../../../benchmarks/experiments/journal';
import {aboveBest, recipe} from '../../../benchmarks/experiments/plans/recipe';
import type {TreeLibrary} from '../../../benchmarks/experiments/trees/rival_trees';

const entry = (seed: number, result: unknown): Entry => ({
  key: `adult ${seed}`,
  data: 'adult',
  seed,
  backend: 'tfjs-node',
  wall: 1,
  result,
});
const compared = (difference: number, standardError: number) => ({
  scores: {auc: 0.9, logloss: 0.3},
  auc: {difference, standardError},
  words: 'better',
});
const selected = (seed: number, auc: number, pairs = ['age x sex']) =>
  entry(seed, {
    chosen: `${pairs.length} of 91 pairs`,
    selected: pairs,
    heldOut: {
      linear: {auc: 0.9, logloss: 0.3},
      selection: {auc, logloss: 0.3},
      all: null,
      random: [{auc: 0.89, logloss: 0.3}],
    },
    test: {auc, logloss: 0.3},
    weights: 900,
    rivals: [
      {role: 'linear', test: compared(0.01, 0.002), weights: 100},
      {role: 'all', test: compared(-0.001, 0.002), weights: 9000},
    ],
  });
const grown = (seed: number, library: TreeLibrary, auc: number) => ({
  ...entry(seed, {library, trees: {seconds: 30}, test: {auc, logloss: 0.3}}),
  key: `${library} adult ${seed}`,
});
const tableOf = (entries: Entry[], title: string) =>
  recipe.report(entries).find(section => section.kind === 'table' && section.title.startsWith(title));
const besideTrees = (entries: Entry[]) => tableOf(entries, 'Test AUC beside trees');

describe('recipe', () => {
  it('compares the selection with the better library of trees, and with the former recipe', () => {
    const former = expect.stringMatching(/^\.929\d ± \.000\d \(3\)$/);
    const both = [selected(1, 0.91), grown(1, 'LightGBM', 0.9105), grown(1, 'CatBoost', 0.905)];
    expect(besideTrees(both)).toMatchObject({
      rows: [['adult', '.9100 (1)', former, '.9105 (1)', '.9050 (1)', 'holds']],
    });
    expect(besideTrees([selected(1, 0.91), grown(1, 'CatBoost', 0.9125)])).toMatchObject({
      rows: [['adult', '.9100 (1)', former, '-', '.9125 (1)', 'does not hold']],
    });
  });

  it('shows trees before there is a selection, and a selection before there are trees', () => {
    expect(recipe.report([grown(1, 'LightGBM', 0.9)])).toHaveLength(1);
    expect(besideTrees([selected(1, 0.91)])).toMatchObject({
      rows: [['adult', '.9100 (1)', expect.anything(), '-', '-', '-']],
    });
  });

  it('has what held-out rows say, the weights, and how alike two seeds are', () => {
    const entries = [selected(1, 0.91), selected(2, 0.93, ['age x sex', 'age x race'])];
    expect(tableOf(entries, 'AUC on held-out rows')).toMatchObject({
      rows: [['adult', '.9200 ± .0141 (2)', '.9000 ± .0000 (2)', '-', '.8900 ± .0000 (2)']],
    });
    expect(tableOf(entries, 'Weights')).toMatchObject({rows: [['adult', '900', '9000']]});
    expect(tableOf(entries, 'Do the selections')).toMatchObject({
      rows: [['adult', 'age x sex; age x sex, age x race', '.50 (1)', '0.6: does not hold']],
    });
    expect(tableOf(entries, 'The selection and the better')).toMatchObject({
      rows: [['adult', '-0.50, -0.50', 'holds']],
    });
  });

  it('runs once for each data set, seed and split, beside each library of trees', () => {
    const own = ['adult 1', 'adult 2', 'flights 1', 'flights 2'];
    const all = ['', 'LightGBM ', 'CatBoost '].flatMap(model => own.map(key => `${model}${key}`));
    const keys = recipe.jobs({data: ['adult', 'flights'], seeds: [1, 2]}).map(({key}) => key);
    expect([...keys].sort()).toEqual([...all, ...all.map(key => `drawn ${key}`)].sort());
  });
});

it('aboveBest is against the rival with the higher AUC, in its standard errors', () => {
  const rivals = (linear: number, all: number) => [
    {test: {auc: {difference: linear, standardError: 0.01}}},
    {test: {auc: {difference: all, standardError: 0.001}}},
  ];
  expect(aboveBest(rivals(0.02, 0.003))).toBeCloseTo(3);
  expect(aboveBest(rivals(-0.005, 0.003))).toBeCloseTo(-0.5);
  expect(aboveBest(rivals(0.02, 0))).toBe(0);
});
