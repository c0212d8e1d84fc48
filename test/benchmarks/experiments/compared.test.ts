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

describe.each<[string, Plan]>([
  ['recipe', recipe],
  ['regularise', regularise],
])('%s', (_, plan) => {
  it('runs once for each data set and seed', () => {
    const keys = plan.jobs({data: ['adult', 'flights'], seeds: [1, 2]}).map(({key}) => key);
    expect([...keys].sort()).toEqual(['adult 1', 'adult 2', 'flights 1', 'flights 2']);
  });
});
