import {verdictOf} from '../../src/judge/verdict_of';
import type {ContestantName} from '../../src/judge/verdict';
import {Form, Retraining} from '../../src/judge/contestants';

/** A finished run with the given AUCs. */
function run(
  contestant: ContestantName,
  form: Form,
  seed: number,
  test: number,
  validation = test,
): Retraining & {contestant: ContestantName} {
  return {
    contestant,
    form,
    seed,
    validation: {auc: validation, logloss: 0.5},
    test: {auc: test, logloss: 1.2 - test},
    bestEpoch: 3,
    epochs: 6,
    trainingSeconds: seed,
    inferenceSeconds: 0.5,
    parameters: 100,
  };
}

const seeds = [1, 2, 3];
const each = (contestant: ContestantName, form: Form, aucs: number[], validation?: number) =>
  aucs.map((auc, i) => run(contestant, form, seeds[i % 3], auc, validation));

const selection = [
  ...each('selection', 'gated', [0.81, 0.812, 0.814], 0.8),
  ...each('selection', 'plain', [0.82, 0.82, 0.82], 0.79),
];
const all = each('all', 'gated', [0.8, 0.803, 0.804]);
const random = each('random', 'gated', [0.79, 0.78, 0.8, 0.77, 0.79, 0.82]);
const search = {auc: 0.805, logloss: 0.41};
const training = {batchSize: 60, epochs: 6, patience: 3, leastEpochs: 1};

describe('verdictOf', () => {
  it('compares by seed, in the forms that validation chose, not in those that the test rows favour', () => {
    const {duels, standings, betterRandomSets, keptShare} = verdictOf({
      runs: [...selection, ...all, ...random],
      kept: 2,
      total: 6,
      search,
      training,
    });
    expect(keptShare).toBeCloseTo(1 / 3);
    expect(standings.map(s => [s.contestant, s.form, s.kept])).toEqual([
      ['selection', 'gated', 2],
      ['selection', 'plain', 2],
      ['all', 'gated', 6],
      ['random', 'gated', 2],
    ]);
    const [againstRandom, againstAll] = duels;
    expect(againstRandom).toMatchObject({opponent: 'random', pairs: 3});
    // Means of random sets by seed: .78, .785, .81; SciPy gives p = .13171.
    expect(againstRandom.difference).toBeCloseTo((0.03 + 0.027 + 0.004) / 3, 10);
    // Differences .01, .009, .01: t = 29.
    expect(againstAll.difference).toBeCloseTo(0.029 / 3, 10);
    expect(againstAll.p).toBeCloseTo(0.0011863, 5);
    // Each run's logloss is 1.2 - its AUC.
    expect(againstAll.logloss.difference).toBeCloseTo(-againstAll.difference, 12);
    expect(againstAll.logloss.p).toBeCloseTo(againstAll.p!, 10);
    expect(betterRandomSets).toBe(1);
    expect(standings[0].trainingSeconds).toBe(2);
  });

  const words = (runs: Array<Retraining & {contestant: ContestantName}>, auc = 0.805) =>
    verdictOf({runs, kept: 2, total: 6, search: {auc, logloss: 0.4}, training}).words;

  it('says first whether the selection beats random sets and all interactions', () => {
    expect(words([...selection, ...all, ...random])).toBe(
      'The selection of 2 of 6 interactions, test AUC 0.8120, does not beat random sets of its size by more ' +
        'than chance ' +
        'allows (0.7917, difference +0.0203, p = 0.132; 1 of 6 sets are better than it), ' +
        'and beats all interactions together ' +
        '(0.8023, difference +0.0097, p = 0.001). ' +
        'The retrained model is better than the one at the end of the search: 0.8120 against 0.8050. ' +
        'By validation AUC it is best retrained with normalised products and alpha; ' +
        'without normalisation and alpha its test AUC is 0.8200.',
    );
  });

  it('says nothing of a search where the model was not searched', () => {
    const runs = [...selection, ...all];
    const {words: said, search: none} = verdictOf({runs, kept: 2, total: 6, search: null, training});
    expect(none).toBeNull();
    expect(said).not.toContain('the end of the search');
    expect(said).toMatch(/^The selection of 2 of 6 interactions, test AUC 0\.8120, beats all interactions together/);
  });

  it('says when the selection is worse, and when the search model was better', () => {
    const better = [...each('all', 'gated', [0.83, 0.833, 0.834]), ...each('random', 'gated', [0.82, 0.823, 0.824])];
    expect(words([...selection, ...better], 0.9)).toMatch(
      /^The selection .* is worse than random sets .* and is worse than all interactions/,
    );
    expect(words([...selection, ...better], 0.9)).toContain(
      'The model at the end of the search was itself better than the retrained one: 0.9000 against 0.8120.',
    );
    expect(words([...selection, ...better], 0.81204)).toContain(
      'The model at the end of the search is as good: 0.8120. ',
    );
  });

  it('claims nothing from one seed', () => {
    const one = [...selection, ...all, ...random].filter(({seed}) => seed === 1);
    expect(words(one)).toMatch(
      /is above random sets of its size \(0\.7800, difference \+0\.0300; .* One seed cannot tell a difference from chance/,
    );
  });

  it('says when trainings could have gone on', () => {
    const [first, ...others] = [...selection, ...all, ...random];
    const ended = (bestEpoch: number, form: Form = 'gated') => words([{...first, bestEpoch, form}, ...others]);
    expect(ended(3)).not.toContain('epochs');
    expect(ended(4)).toMatch(
      / 1 of 15 retrained models were still improving in the last of 6 epochs\. More `epochs` may change the comparison\.$/,
    );
    expect(ended(6, 'plain')).toContain(
      '1 of 15 retrained models, all without normalisation and alpha, which take longer, were still',
    );
    expect(words([...selection, ...all, ...random].map(r => ({...r, bestEpoch: 6})))).toContain(
      '15 of 15 retrained models, 3 of them without normalisation and alpha, which take longer, were',
    );
  });

  it('leaves out who did not take part', () => {
    const {words: said, duels} = verdictOf({runs: [...selection, ...all], kept: 2, total: 6, search, training});
    expect(duels.map(d => d.opponent)).toEqual(['all']);
    expect(said).toMatch(/^The selection of 2 of 6 interactions, test AUC 0\.8120, beats all interactions together \(/);
    expect(said).not.toContain('random');
  });
});
