import type {Entry} from '../../../benchmarks/experiments/journal';
import type {Plan} from '../../../benchmarks/experiments/plan';
import {recipe} from '../../../benchmarks/experiments/plans/recipe';
import {regularise} from '../../../benchmarks/experiments/plans/regularise';

const entry = (seed: number, result: unknown): Entry => ({
  key: `adult ${seed}`,
  data: 'adult',
  seed,
  backend: 'tfjs-node',
  wall: 1,
  result,
});

describe('regularise', () => {
  it("compares each form with today's gates on the same set", () => {
    const form = (set: string, name: string, auc: number) => ({
      set,
      form: name,
      kept: 9,
      test: {auc: auc - 0.01},
      run: {validation: {auc}, bestEpoch: 7, seconds: 12},
    });
    const [table] = regularise.report([
      entry(1, [
        form('selection', 'gated', 0.8),
        form('selection', 'alpha fixed', 0.81),
        form('all', 'gated', 0.79),
        form('all', 'plain', 0.78),
      ]),
    ]);
    expect(table).toMatchObject({
      title: 'adult',
      rows: [
        ['selection, gated', '9', '.8000 (1)', '.0000 (1)', '.7900 (1)', '7', '12 (1)'],
        ['selection, alpha fixed', '9', '.8100 (1)', '.0100 (1)', '.8000 (1)', '7', '12 (1)'],
        ['all, gated', '9', '.7900 (1)', '.0000 (1)', '.7800 (1)', '7', '12 (1)'],
        ['all, plain', '9', '.7800 (1)', '-.0100 (1)', '.7700 (1)', '7', '12 (1)'],
      ],
    });
  });
});

describe('recipe', () => {
  const chosen = {name: 'LR', selection: [], parameters: 9, choice: {auc: 0.9, logloss: 0.3}, seconds: 1};
  const selected = (seed: number, auc: number) =>
    entry(seed, {chosen, candidates: [chosen], kept: [], test: {auc, logloss: 0.3}, rivals: []});
  const grown = (seed: number, auc: number) => ({
    ...entry(seed, {trees: {seconds: 30}, test: {auc, logloss: 0.3}}),
    key: `LightGBM adult ${seed}`,
  });
  const besideTrees = (entries: Entry[]) =>
    recipe.report(entries).find(section => section.kind === 'table' && section.title.includes('LightGBM'));

  it('compares the choice with a tuned LightGBM on the same seeds', () => {
    expect(besideTrees([selected(1, 0.91), selected(2, 0.93), grown(1, 0.9105)])).toMatchObject({
      rows: [['adult', '.9100 (1)', '.9105 (1)', '-.0005 (1)', '30 (1)', 'holds']],
    });
    expect(besideTrees([selected(1, 0.91), grown(1, 0.9125)])).toMatchObject({
      rows: [['adult', '.9100 (1)', '.9125 (1)', '-.0025 (1)', '30 (1)', 'does not hold']],
    });
  });

  it('has no row for data without LightGBM', () => {
    expect(besideTrees([selected(1, 0.91)])).toMatchObject({rows: []});
  });
});

const own = ['adult 1', 'adult 2', 'flights 1', 'flights 2'];
const besideLightGbm = [...own.map(key => `LightGBM ${key}`), ...own];

describe.each<[string, Plan, string[]]>([
  ['recipe', recipe, [...besideLightGbm, ...besideLightGbm.map(key => `drawn ${key}`)].sort()],
  ['regularise', regularise, own],
])('%s', (_, plan, expected) => {
  it('runs once for each data set and seed, and each split', () => {
    const keys = plan.jobs({data: ['adult', 'flights'], seeds: [1, 2]}).map(({key}) => key);
    expect([...keys].sort()).toEqual(expected);
  });
});
