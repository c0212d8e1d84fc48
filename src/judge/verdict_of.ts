import {compare, estimatedScores, mean} from '../statistics';
import type {Scores} from '../training/evaluation';
import {cutShort, type TrainingArgs} from '../training/train_to_best';
import {type Form, forms, type Retraining} from './contestants';
import type {ContestantName, Duel, Standing, Verdict} from './verdict';
import {verdictInWords} from './verdict_words';

/** The verdict on finished runs. */
export function verdictOf({
  runs,
  kept,
  total,
  search,
  training,
}: {
  runs: ReadonlyArray<Retraining & {contestant: ContestantName}>;
  kept: number;
  total: number;
  search: Scores | null;
  training: Required<TrainingArgs>;
}): Verdict {
  const names: ContestantName[] = ['selection', 'all', 'top-K', 'random'];
  const standings = names.flatMap(contestant =>
    forms.flatMap(form => {
      const own = runs.filter(run => run.contestant === contestant && run.form === form);
      return own.length === 0 ? [] : [standing(contestant, form, contestant === 'all' ? total : kept, own)];
    }),
  );
  const best = (contestant: ContestantName) =>
    standings
      .filter(s => s.contestant === contestant)
      .reduce<Standing | null>((a, b) => (a === null || b.validationAuc > a.validationAuc ? b : a), null);
  const own = best('selection')!;
  const duels = (['random', 'all', 'top-K'] as const).flatMap(opponent => {
    const other = best(opponent);
    return other === null ? [] : [duel(opponent, own, other)];
  });
  const betterRandomSets = best('random')?.runs.filter(run => run.test.auc > own.auc.mean).length ?? 0;
  const verdict = {keptShare: kept / total, search, standings, duels, betterRandomSets};
  const words = [
    verdictInWords(verdict, {kept, total, own, randomSets: best('random')?.runs.length ?? 0}),
    ...cutShort(runs, training),
  ];
  return {words: words.join(' '), ...verdict};
}
function standing(contestant: ContestantName, form: Form, kept: number, runs: Retraining[]): Standing {
  const means = (of: (run: Retraining) => number) => mean(runs.map(of));
  return {
    contestant,
    form,
    kept,
    ...estimatedScores(runs.map(({test}) => test)),
    validationAuc: means(run => run.validation.auc),
    parameters: Math.round(means(run => run.parameters)),
    trainingSeconds: means(run => run.trainingSeconds),
    inferenceSeconds: means(run => run.inferenceSeconds),
    runs,
  };
}
function duel(opponent: Duel['opponent'], own: Standing, other: Standing): Duel {
  const seeds = [...new Set(own.runs.map(run => run.seed))];
  const bySeed = ({runs}: Standing, score: keyof Scores) =>
    seeds.map(seed => mean(runs.filter(run => run.seed === seed).map(run => run.test[score])));
  const compared = (score: keyof Scores) => compare(bySeed(own, score), bySeed(other, score));
  return {opponent, own: own.auc.mean, other: other.auc.mean, ...compared('auc'), logloss: compared('logloss')};
}
