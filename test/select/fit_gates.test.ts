import {type Gates, gatesBehind} from '../../src/select/fit_gates';
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
  const interactions = pairs.map(pair => ({
    ...pair,
    stability: {kept: 20, samples: 20},
    held: {gain: 0, standardError: 0},
  }));
  const behind = {difference: 0, standardError: 0};
  return {base, path: [{lambda: 0, open: 3, alpha: [1, 1, 1], logloss, behind}], chosen: 0, interactions, sets};
}

describe('gatesBehind', () => {
  const gates = [gatesWith('FM', 0.5, [[0, 1], [1]]), gatesWith('FFM', 0.4, [[0, 2]])];
  const behind = (...positions: number[]) =>
    gatesBehind(
      gates,
      positions.map(p => pairs[p]),
    ).base;

  it('are those that left the selection open, in whatever order it has its interactions', () => {
    expect(behind(1, 0)).toBe('FM');
    expect(behind(1)).toBe('FM');
    expect(behind(2, 0)).toBe('FFM');
  });

  it('are those that V2 prefers, for all interactions and for none', () => {
    expect([behind(0, 1, 2), behind()]).toEqual(['FFM', 'FFM']);
  });
});
