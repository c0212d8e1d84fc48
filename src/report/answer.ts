import type {ModelComparison, ModelRecord, RunRecord} from '../record/run_record';
import {isUncertain} from '../select/decision';
import {copiesWords, hasCopies} from './copies';
import {listed, say, Text} from './text';
import {figuresOf} from './figures';

/** Where fewer test rows than these have the rarer label, the headline says so. */
const FEW = 100;

/** The position of the one model of a role; -1 where there is none. */
export function modelIndex(run: RunRecord, role: Exclude<ModelRecord['role'], 'other'>): number {
  return run.models.findIndex(model => model.role === role);
}

/** "pairs of fields", or "pairs and triples of fields". */
export function kindOf(run: RunRecord): string {
  const orders = new Set(run.interactions.map(({order}) => order));
  if (orders.size !== 1) return orders.size === 0 ? 'interactions' : 'pairs and triples of fields';
  return orders.has(2) ? 'pairs of fields' : 'triples of fields';
}

/** "The only pair of fields", where there is one interaction. */
function onlyOne(run: RunRecord): string {
  return `The only ${kindOf(run).replace('s of', ' of')}`;
}

/** "day × destination". */
export function nameOf(run: RunRecord, path: string): Text {
  const f = figuresOf(run);
  const length = f(`${path}/fields/length`).value as number;
  return Array.from({length}, (_, k) => [...(k === 0 ? [] : [' × ']), f(`${path}/fields/${k}`)]).flat();
}

/** Positions of the kept interactions, the strongest first. */
export function keptOf({interactions}: RunRecord): number[] {
  return [...interactions.keys()]
    .filter(i => interactions[i].kept)
    .sort((a, b) => interactions[b].evidence.gain - interactions[a].evidence.gain || a - b);
}

const COMPARED: Record<ModelComparison['verdict'], string> = {
  better: 'is better than',
  worse: 'is worse than',
  undecided: 'cannot be told apart from',
};

/** The answer in one sentence, and how far to trust it where test rows are copies or few have one of the labels. */
export function answerOf(run: RunRecord): Text {
  return [...copiesWords(run), ...(run.selection.length === 0 ? noneWords(run) : someWords(run)), ...fewWords(run)];
}

/** Interactions that the headline names. */
const NAMED = 3;

function someWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const kept = f('/selection/length', 'count');
  const count = run.selection.length;
  const one = count === 1;
  const named = count > NAMED ? aboveAll(run) : say`: ${namesOf(run, keptOf(run))}`;
  const auc = f(`/models/${modelIndex(run, 'after')}/auc`, 'auc');
  const model = one ? say`a model of it` : say`a model of these ${kept}`;
  return say`${countWords(run)} to predict ${f('/positive')}${named}; on the test rows ${model} (AUC ${auc})
    ${beside(run, wholeWords(run))}.`;
}

/** State the number of kept interactions. */
function countWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const all = f('/interactions/length', 'count');
  const count = run.selection.length;
  if (count < run.interactions.length)
    return say`Of ${all} ${kindOf(run)}, ${f('/selection/length', 'count')} ${count === 1 ? 'is' : 'are'} kept`;
  return count === 1 ? say`${onlyOne(run)} is kept` : say`All ${all} ${kindOf(run)} are kept`;
}

/** The strongest of many, of those that held-out rows show to help by themselves. */
function aboveAll(run: RunRecord): Text {
  const shown = hasCopies(run) ? [] : keptOf(run).filter(i => !isUncertain(run.interactions[i].evidence));
  return shown.length === 0 ? [] : say`, above all ${namesOf(run, shown.slice(0, NAMED))}`;
}

function namesOf(run: RunRecord, positions: readonly number[]): Text {
  return listed(positions.map(i => nameOf(run, `/interactions/${i}`)));
}

/** "one of all 45". */
function wholeWords(run: RunRecord): Text {
  const isLess = hasTriplesBeside(run);
  const path = isLess ? `/models/${modelIndex(run, 'before')}/interactions/open` : '/interactions/length';
  return say`one of all ${figuresOf(run)(path, 'count')}${isLess ? ' pairs' : ''}`;
}

/** Tell whether the model of all interactions has all pairs, but none of the triples with evidence. */
function hasTriplesBeside(run: RunRecord): boolean {
  const open = run.models[modelIndex(run, 'before')]?.interactions?.open;
  return open !== undefined && open < run.interactions.length;
}

function noneWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const auc = f(`/models/${modelIndex(run, 'after')}/auc`, 'auc');
  if (run.interactions.length === 0) {
    return say`There are too few rows to tell interactions from chance: logistic regression alone predicts
      ${f('/positive')}, with AUC ${auc} on the test rows.`;
  }
  const all = f('/interactions/length', 'count');
  const one = run.interactions.length === 1;
  const none = one ? say`${onlyOne(run)} is not` : say`None of the ${all} ${kindOf(run)} is`;
  const them = one ? say`a model with it` : say`a model of them all`;
  return say`${none} shown to help predict ${f('/positive')}; on the test rows logistic regression alone (AUC ${auc})
    ${beside(run, hasTriplesBeside(run) ? wholeWords(run) : them)}.`;
}

/** The chosen model compared with another one: such as "is better than", and that one's name with its AUC. */
interface Beside {
  phrase: string;
  rival: Text;
}

/** The chosen model compared with all interactions, logistic regression and LightGBM. */
function beside(run: RunRecord, all: Text): Text {
  const rivals = [
    testedBeside(run, 'before', all),
    testedBeside(run, 'linear', ['logistic regression']),
    testedBeside(run, 'trees', ['LightGBM']),
  ].flatMap(rival => (rival === null ? [] : [rival]));
  if (rivals.length === 0) return ['was compared with no other'];
  const same = rivals.every(({phrase}) => phrase === rivals[0].phrase);
  return same
    ? say`${rivals[0].phrase} ${listed(rivals.map(({rival}) => rival))}`
    : listed(rivals.map(({phrase, rival}) => say`${phrase} ${rival}`));
}

/** By the paired test on the test rows; without one, only the two AUCs. */
function testedBeside(run: RunRecord, role: 'before' | 'linear' | 'trees', name: Text): Beside | null {
  const at = modelIndex(run, role);
  if (at < 0) return null;
  const {comparison} = run.models[at];
  return {
    phrase: comparison === null ? 'stands beside' : COMPARED[comparison.verdict],
    rival: say`${name} (${figuresOf(run)(`/models/${at}/auc`, 'auc')})`,
  };
}

function fewWords(run: RunRecord): Text {
  const at = run.data.parts.findIndex(({name}) => name === 'test');
  const {positives, negatives} = run.data.parts[at];
  if (Math.min(positives, negatives) >= FEW) return [];
  const rarer = positives <= negatives ? 'positive' : 'negative';
  return say` Only ${figuresOf(run)(`/data/parts/${at}/${rarer}s`, 'count')} test rows are ${rarer}: small differences
    cannot be seen.`;
}
