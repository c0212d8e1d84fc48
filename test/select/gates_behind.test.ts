import type {Candidate} from '../../src/select/candidate';
import type {Gates} from '../../src/select/fit_gates';
import {evidenceOf, gatesBehind, mostInteractions} from '../../src/select/gates_behind';
import {allInteractions} from '../../src/interactions';

const pairs = allInteractions(3, 2).map(interaction => ({
  gate: 0,
  order: 2 as const,
  interaction,
  fields: interaction.map(String),
  alpha: 1,
  rank: 1,
}));

/** Gates whose chosen penalty has this logloss on V2. */
function gatesWith(base: string, logloss: number, sets: number[][]): Gates {
  const behind = {difference: 0, standardError: 0};
  return {
    base,
    by: 'V2',
    path: [{lambda: 0, open: 3, alpha: [1, 1, 1], logloss, behind}],
    chosen: 0,
    sets: sets.map((open, point) => ({
      point,
      interactions: pairs.map((pair, p) => ({
        ...pair,
        alpha: open.includes(p) ? 1 + point : 0,
        stability: {kept: 20, samples: 20},
        held: {gain: 0, standardError: 0},
        kept: open.includes(p),
      })),
    })),
  };
}

describe('gatesBehind', () => {
  const gates = [gatesWith('FM', 0.5, [[0, 1], [1]]), gatesWith('FFM', 0.4, [[0, 2]])];
  const behind = (...positions: number[]) => {
    const selection = positions.map(p => pairs[p]);
    const form = positions.length === 0 ? 'LR' : 'FM';
    const [{gates: own, set}] = gatesBehind(gates, {form, selection, tables: null, mean: null});
    return `${own.base} ${set.point}`;
  };

  it('are those that left the selection open, in whatever order it has its interactions', () => {
    expect(behind(1, 0)).toBe('FM 0');
    expect(behind(1)).toBe('FM 1');
    expect(behind(2, 0)).toBe('FFM 0');
  });

  it('are those on tables for a candidate with tables, and no others', () => {
    const both = [gatesWith('FM', 0.5, [[0, 1]]), gatesWith('GA2M', 0.4, [[0, 1]])];
    const baseBehind = (tables: Candidate['tables']) =>
      gatesBehind(both, {form: 'GA2M', selection: pairs.slice(0, 2), tables, mean: null})[0].gates.base;
    expect(baseBehind({fields: [], interactions: [], lightness: 1})).toBe('GA2M');
    expect(baseBehind(null)).toBe('FM');
  });

  it('are those of the folds that found it, though gates with a lower logloss on V2 leave the same set open', () => {
    const inFolds: Gates = {...gatesWith('FFM', 0.6, [[0, 1]]), by: 'folds'};
    const own = {form: 'FFM, d 32', selection: pairs.slice(0, 2), tables: null, mean: null};
    expect(gatesBehind([...gates, inFolds], own)[0].gates).toBe(inFolds);
  });

  it('are those that keep it, though they leave more open', () => {
    const [own, ...others] = gates;
    const [open] = own.sets;
    const interactions = open.interactions.map((each, p) => (p === 1 ? {...each, kept: false} : each));
    const [{gates: found}] = gatesBehind([{...own, sets: [{...open, interactions}]}, ...others], {
      form: 'FM',
      selection: [pairs[0]],
      tables: null,
      mean: null,
    });
    expect(found.base).toBe('FM');
  });

  it('are those of its own form for all interactions, and those that V2 prefers for none', () => {
    expect([behind(0, 1, 2), behind()]).toEqual(['FM 0', 'FFM 0']);
    const other = {form: 'FM, firm penalty', selection: pairs, tables: null, mean: null};
    expect(gatesBehind(gates, other)[0].gates.base).toBe('FFM');
  });

  it('are those of both models of a mean, of which the first that has an interaction open speaks for it', () => {
    const both = [gatesWith('FM', 0.5, [[0], [1]]), gatesWith('GA2M', 0.4, [[0, 1]])];
    const tables = {fields: [], interactions: [], lightness: 1};
    const mean = [
      {form: 'FM', selection: [pairs[1]], tables: null, mean: null},
      {form: 'GA2M', selection: pairs.slice(0, 2), tables, mean: null},
    ] as unknown as Candidate[];
    const own = {form: 'FM + GA2M', selection: pairs.slice(0, 2), tables: null, mean} as unknown as Candidate;
    const found = gatesBehind(both, own);
    expect(found.map(({gates: {base}, set: {point}}) => [base, point])).toEqual([
      ['FM', 1],
      ['GA2M', 0],
    ]);
    expect(evidenceOf(found).map(({alpha}) => alpha)).toEqual([1, 2, 0]);
    expect(mostInteractions(own, mean, both)).toBe(3);
  });
});
