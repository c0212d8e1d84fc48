import {allInteractions} from '../../src/interactions';
import {type Gates, gatesInWords, selectionsOf} from '../../src/select/fit_gates';
import type {Selection} from '../../src/stages/selection';

const all: Selection = allInteractions(3, 2).map((interaction, p) => ({
  gate: 0,
  order: 2,
  interaction,
  fields: interaction.map(String),
  alpha: 1,
  rank: p + 1,
}));

/** Gates with sets of these alphas, of which some are not needed. */
function gatesWith(...sets: Array<{alpha: number[]; needless?: number[]}>): Gates {
  return {
    base: 'FFM',
    path: [],
    chosen: 0,
    sets: sets.map(({alpha, needless = []}, point) => ({
      point,
      interactions: alpha.map((own, p) => ({
        ...all[p],
        alpha: own,
        stability: {kept: 20, samples: 20},
        held: {gain: 0, standardError: 0},
        kept: own > 0 && !needless.includes(p),
      })),
    })),
  };
}

describe('selectionsOf', () => {
  it('has what each set keeps, the largest alpha first, without empty sets and those that are the same', () => {
    const found = selectionsOf(
      all,
      gatesWith(
        {alpha: [0.3, 0.9, 0.5]},
        {alpha: [0.2, 0.4, 0.1], needless: [2]},
        {alpha: [0.1, 0.3, 0]},
        {alpha: [0, 0.1, 0], needless: [1]},
      ),
    );
    expect(found.map(selection => selection.map(({fields, alpha, rank}) => [fields.join(), alpha, rank]))).toEqual([
      [
        ['0,2', 0.9, 1],
        ['1,2', 0.5, 2],
        ['0,1', 0.3, 3],
      ],
      [
        ['0,2', 0.4, 1],
        ['0,1', 0.2, 2],
      ],
    ]);
  });
});

describe('gatesInWords', () => {
  it('says how many gates are open, and how many of them are needed', () => {
    expect(gatesInWords('FM', gatesWith({alpha: [1, 0, 1]}))).toBe('gates on FM leave 2 open');
    expect(gatesInWords('FM', gatesWith({alpha: [1, 0, 1], needless: [2]}))).toBe('gates on FM leave 2 open, 1 needed');
  });
});
