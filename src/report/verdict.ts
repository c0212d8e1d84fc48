import type {ModelComparison, RunRecord} from '../record/run_record';
import {mayBeChance} from '../select/decision';
import {figuresOf, formats} from './figures';
import {term} from './glossary';
import {certainOf, hasCopies, modelIndex, testIndex} from './lookups';
import {say, type Text, toPlain} from './text';

/** Where fewer test rows than these have the rarer label, the report says so. */
const FEW = 100;
/** An estimate of more than this many times the present test rows is not given. */
const MOST_TIMES = 100;

type Metric = 'auc' | 'logloss';
type Verdict = ModelComparison['verdict'];

/** Say in one sentence of at most twenty words how the chosen model compares with the simplest other one. */
export function verdictOf(run: RunRecord): Text {
  const f = figuresOf(run);
  const auc = f(`/models/${modelIndex(run, 'after')}/auc`, 'auc');
  const linear = term(run, 'logistic regression');
  if (hasCopies(run))
    return say`${f('/copied/share', 'percent')} of the test rows are copies of training rows, so nothing here is
      certain.`;
  if (run.interactions.length === 0)
    return say`Too few rows to tell ${term(run, 'interactions', 'Interaction')} from chance: ${linear} remains, with
      ${term(run, 'AUC')} ${auc}.`;
  if (run.selection.length > 0) return say`${rivalWords(run)}${doubtWords(run)}.`;
  const shown =
    run.interactions.length === 1
      ? say`The only ${term(run, 'interaction')} is not`
      : say`None of ${f('/interactions/length', 'count')} ${term(run, 'interactions', 'Interaction')} is`;
  return say`${shown} shown to help: ${linear} remains, with ${term(run, 'AUC')} ${auc}.`;
}

/** Write the verdict as plain text, without the rest of the report. */
export function headline(run: RunRecord): string {
  return toPlain(verdictOf(run));
}

/** The chosen model and the simplest other one that it was compared with, by AUC and by logloss. */
function rivalWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const rival = simplestRival(run);
  const at = `/models/${modelIndex(run, 'after')}/auc`;
  if (rival < 0) return say`The ${withWords(run)} has ${term(run, 'AUC')} ${f(at, 'auc')}, compared with no other`;
  const name = rivalName(run, rival, term(run, 'logistic regression'));
  const {auc, logloss} = verdictsOn(run, rival);
  if (auc === 'undecided' && logloss === 'undecided')
    return say`Neither ${term(run, 'AUC')} nor ${term(run, 'logloss')} tells the ${withWords(run)} from ${name}`;
  if (auc === 'undecided')
    return say`The ${withWords(run)} has ${logloss} ${term(run, 'logloss')} than ${name}; ${term(run, 'AUC')} is
      undecided`;
  if (logloss !== 'undecided' && logloss !== auc)
    return say`The ${withWords(run)} has ${auc} ${term(run, 'AUC')} than ${name}, but ${logloss}
      ${term(run, 'logloss')}`;
  return say`The ${withWords(run)} is ${auc} than ${name}: ${term(run, 'AUC')} ${f(at, 'auc')} against
    ${f(`/models/${rival}/auc`, 'auc')}`;
}

/** "model with 9 of 34 interactions". */
function withWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const [count, all] = [run.selection.length, run.interactions.length];
  const words = (name: string) => term(run, name, 'Interaction');
  if (count < all)
    return say`model with ${f('/selection/length', 'count')} of ${f('/interactions/length', 'count')}
      ${words('interactions')}`;
  return count === 1
    ? say`model with the only ${words('interaction')}`
    : say`model with all ${f('/selection/length', 'count')} ${words('interactions')}`;
}

/** Say that no kept interaction is certain; nothing where one is. */
function doubtWords(run: RunRecord): Text {
  if (certainOf(run).length > 0) return [];
  return [run.selection.length === 1 ? '; it is uncertain' : '; none is certain'];
}

/** The position of logistic regression, or else of another model that was compared; -1 without any. */
function simplestRival(run: RunRecord): number {
  return (
    (['linear', 'before', 'trees'] as const)
      .map(role => modelIndex(run, role))
      .find(i => i >= 0 && run.models[i].comparison !== null) ?? -1
  );
}

function rivalName(run: RunRecord, i: number, linear: Text[number] = 'logistic regression'): Text[number] {
  return run.models[i].role === 'linear' ? linear : figuresOf(run)(`/models/${i}/name`);
}

/** Conclude from the intervals of both differences how the chosen model compares with another one. */
export function verdictsOn({models}: RunRecord, i: number): Record<Metric, Verdict> {
  const {verdict, logloss} = models[i].comparison!;
  const {difference, standardError} = logloss;
  if (!mayBeChance({gain: -difference, standardError})) return {auc: verdict, logloss: 'better'};
  return {auc: verdict, logloss: mayBeChance({gain: difference, standardError}) ? 'undecided' : 'worse'};
}

/** Say what to do next: which model to use, which other one is better, and how many rows would decide. */
export function nextOf(run: RunRecord): Text {
  if (hasCopies(run))
    return say`Split the rows so that copies stay in one part (--group), or drop them (--unique), and run again.`;
  const advice = run.selection.length === 0 ? stayWords(run) : useWords(run);
  return [...advice, ...betterWords(run), ...fewWords(run)];
}

function stayWords(run: RunRecord): Text {
  const more = run.interactions.length === 0 ? ' More rows with the rarer label may show interactions.' : '';
  return [`Stay with logistic regression.${more}`];
}

function useWords(run: RunRecord): Text {
  const rival = simplestRival(run);
  if (rival < 0) return ['Compare the model with logistic regression before you use it.'];
  const name = rivalName(run, rival);
  const {auc, logloss} = verdictsOn(run, rival);
  const certain = certainOf(run).length;
  if (auc === 'better' && logloss === 'worse')
    return say`Use the model to rank rows; for probabilities stay with ${name}.`;
  if (auc === 'worse' && logloss === 'better')
    return say`Use the model for probabilities; to rank rows stay with ${name}.`;
  if (auc === 'better')
    return say`Use the model${certain === 0 ? ', but rely on no single interaction' : certainWords(run)}.`;
  if (logloss === 'better')
    return say`Use the model where probabilities count; for ranks it is undecided.${rowsWords(run, rival, ['auc'])}`;
  const isOpen = auc === 'undecided' && logloss === 'undecided';
  return say`Stay with ${name}.${isOpen ? rowsWords(run, rival, ['auc', 'logloss']) : ''}`;
}

/** "; 7 of its 9 interactions are certain". */
function certainWords(run: RunRecord): Text {
  const certain = certainOf(run).length;
  const count = run.selection.length;
  if (certain === count)
    return [count === 1 ? '; its interaction is certain' : '; each of its interactions is certain'];
  return say`; ${formats.count(certain)} of its ${figuresOf(run)('/selection/length', 'count')} interactions
    ${certain === 1 ? 'is' : 'are'} certain`;
}

/** Estimate how many test rows would decide; nothing where that cannot be said. */
function rowsWords(run: RunRecord, rival: number, metrics: readonly Metric[]): Text {
  const needed = metrics
    .map(metric => ({metric, rows: rowsToDecide(run, rival, metric)}))
    .filter(({rows}) => rows !== null)
    .sort((a, b) => a.rows! - b.rows!)[0];
  if (needed === undefined) return [];
  const now = figuresOf(run)(`/data/parts/${testIndex(run)}/rows`, 'count');
  return say` About ${formats.count(needed.rows!)} test rows instead of ${now} would show a difference in
    ${needed.metric === 'auc' ? 'AUC' : 'logloss'} as large as this one.`;
}

/**
 * Estimate the test rows at which the standard error of a difference, which shrinks as 1 / sqrt(rows), is half of the
 * difference, in two digits. Null where the chosen model is not ahead, or the estimate is far beyond the rows.
 */
function rowsToDecide(run: RunRecord, rival: number, metric: Metric): number | null {
  const {difference, standardError} = run.models[rival].comparison![metric];
  const ahead = metric === 'auc' ? difference : -difference;
  const times = (2 * standardError) ** 2 / ahead ** 2;
  if (ahead <= 0 || times <= 1 || times > MOST_TIMES) return null;
  return Number((times * run.data.parts[testIndex(run)].rows).toPrecision(2));
}

/** Name the other models that are better than the chosen one. */
function betterWords(run: RunRecord): Text {
  const simplest = run.selection.length === 0 ? -1 : simplestRival(run);
  return [...run.models.keys()]
    .filter(i => i !== simplest && run.models[i].comparison !== null)
    .filter(i => {
      const {auc, logloss} = verdictsOn(run, i);
      return auc === 'worse' || (auc === 'undecided' && logloss === 'worse');
    })
    .flatMap(i => say` ${figuresOf(run)(`/models/${i}/name`)} is better on the test rows.`);
}

function fewWords(run: RunRecord): Text {
  const at = testIndex(run);
  const {positives, negatives} = run.data.parts[at];
  if (Math.min(positives, negatives) >= FEW) return [];
  const rarer = positives <= negatives ? 'positive' : 'negative';
  return say` Only ${figuresOf(run)(`/data/parts/${at}/${rarer}s`, 'count')} test rows are ${rarer}: small differences
    cannot be seen.`;
}
