import type {Entry} from '../../../benchmarks/experiments/journal';
import {phases} from '../../../benchmarks/experiments/phases';
import type {Plan} from '../../../benchmarks/experiments/plan';
import {cost} from '../../../benchmarks/experiments/plans/cost';
import {regularise} from '../../../benchmarks/experiments/plans/regularise';

const entry = (seed: number, result: unknown): Entry => ({key: `adult ${seed}`, data: 'adult', seed, backend: 'tfjs-node', wall: 1, result});

describe('cost', () => {
  it('compares each way with the first of its own run, and says where that one\'s time went', () => {
    const way = (name: string, auc: number, kept: number, each: number) => ({
      way: name, chosen: {form: 'plain', kept, validation: {auc}, test: {auc: auc - 0.01}, crossAuc: name === 'as it is' ? 0.9 : null},
      seconds: Object.fromEntries(phases.map(phase => [phase, phase === 'searches' ? 5 * each : each])),
    });
    const [table, shares] = cost.report([
      entry(1, [way('as it is', 0.91, 20, 10), way('one search', 0.9, 10, 5)]), entry(2, [way('as it is', 0.92, 22, 10), way('one search', 0.93, 10, 10)]),
    ]);
    expect(table).toMatchObject({title: 'adult', rows: [
      ['as it is', '20-22', 'plain', '.9150 ± .0071 (2)', '.0000 ± .0000 (2)', '.9000 ± .0000 (2)', '.9050 ± .0071 (2)', '.0000 ± .0000 (2)', '100 ± 0 (2)', '1.00 ± .00 (2)'],
      ['one search', '10', 'plain', '.9150 ± .0212 (2)', '.0000 ± .0141 (2)', '-', '.9050 ± .0212 (2)', '.0000 ± .0141 (2)', '75 ± 35 (2)', '.75 ± .35 (2)'],
    ]});
    expect(shares).toMatchObject({rows: [['adult', '50 %', '10 %', '10 %', '10 %', '10 %', '10 %']]});
  });
});

describe('regularise', () => {
  it('compares each form with today\'s gates on the same set', () => {
    const form = (set: string, name: string, auc: number) => ({set, form: name, kept: 9, test: {auc: auc - 0.01}, run: {validation: {auc}, bestEpoch: 7, seconds: 12}});
    const [table] = regularise.report([
      entry(1, [form('selection', 'gated', 0.8), form('selection', 'alpha fixed', 0.81), form('all', 'gated', 0.79), form('all', 'plain', 0.78)]),
    ]);
    expect(table).toMatchObject({title: 'adult', rows: [
      ['selection, gated', '9', '.8000 (1)', '.0000 (1)', '.7900 (1)', '7', '12 (1)'],
      ['selection, alpha fixed', '9', '.8100 (1)', '.0100 (1)', '.8000 (1)', '7', '12 (1)'],
      ['all, gated', '9', '.7900 (1)', '.0000 (1)', '.7800 (1)', '7', '12 (1)'],
      ['all, plain', '9', '.7800 (1)', '-.0100 (1)', '.7700 (1)', '7', '12 (1)'],
    ]});
  });
});

describe.each<[string, Plan]>([['cost', cost], ['regularise', regularise]])('%s', (_, plan) => {
  it('runs once for each data set and seed', () => {
    const keys = plan.jobs({data: ['adult', 'flights'], seeds: [1, 2]}).map(({key}) => key);
    expect([...keys].sort()).toEqual(['adult 1', 'adult 2', 'flights 1', 'flights 2']);
  });
});
