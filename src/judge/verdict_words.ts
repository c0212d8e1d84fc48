import type {Scores} from '../training/evaluation';
import type {Duel, Standing, Verdict} from './verdict';

/** Differences with a smaller p-value than this are called differences. */
const SIGNIFICANT = 0.05;

const digits = (auc: number) => auc.toFixed(4);
const inForm = ({form}: Standing) =>
  form === 'gated' ? 'with normalised products and alpha' : 'without normalisation and alpha';

/** The verdict for a reader who sees no table. */
export function verdictInWords(
  {search, standings, duels, betterRandomSets}: Omit<Verdict, 'words'>,
  {kept, total, own, randomSets}: {kept: number; total: number; own: Standing; randomSets: number},
): string {
  const find = (opponent: Duel['opponent']) => duels.find(duel => duel.opponent === opponent);
  const random = find('random');
  const all = find('all');
  const top = find('top-K');
  const parts = [
    ...(random === undefined
      ? []
      : [
          `${against(random, 'random sets of its size')} (${numbers(random)}; ` +
            `${betterRandomSets} of ${randomSets} sets are better than it)`,
        ]),
    ...(all === undefined ? [] : [`${against(all, 'all interactions together')} (${numbers(all)})`]),
  ];
  const sentences = [
    `The selection of ${kept} of ${total} interactions, test AUC ${digits(own.auc.mean)}, ${parts.join(', and ')}.`,
    ...(search === null ? [] : [searchInWords(search, own)]),
    ...(top === undefined ? [] : [`It ${against(top, 'the top-K by |alpha| of a plain training')} (${numbers(top)}).`]),
    `By validation AUC it is best retrained ${inForm(own)}; ${otherForm(standings, own)}`,
  ];
  if (own.auc.runs === 1) sentences.push('One seed cannot tell a difference from chance: judge with three or more.');
  return sentences.join(' ');
}

function searchInWords(search: Scores, own: Standing): string {
  const [before, after] = [digits(search.auc), digits(own.auc.mean)];
  if (before === after) return `The model at the end of the search is as good: ${before}.`;
  return search.auc > own.auc.mean
    ? `The model at the end of the search was itself better than the retrained one: ${before} against ${after}.`
    : `The retrained model is better than the one at the end of the search: ${after} against ${before}.`;
}

/** Phrase the comparison of the selection with an opponent; claim no more than the p-value allows. */
function against({difference, p}: Duel, opponent: string): string {
  if (p === null) return `${{[-1]: 'is below', 0: 'equals', 1: 'is above'}[Math.sign(difference)]} ${opponent}`;
  if (p >= SIGNIFICANT) return `does not beat ${opponent} by more than chance allows`;
  return `${difference > 0 ? 'beats' : 'is worse than'} ${opponent}`;
}

function numbers({other, difference, p}: Duel): string {
  const chance = p !== null && p < 0.001 ? ', p < 0.001' : `, p = ${p?.toFixed(3)}`;
  return `${digits(other)}, difference ${difference >= 0 ? '+' : ''}${digits(difference)}${p === null ? '' : chance}`;
}

function otherForm(standings: readonly Standing[], own: Standing): string {
  const other = standings.find(s => s.contestant === 'selection' && s.form !== own.form)!;
  return `${inForm(other)} its test AUC is ${digits(other.auc.mean)}.`;
}
