import type {RunRecord} from '../record/run_record';
import {figuresOf, Figure, listed, say, Text} from './text';

/** A difference of AUC below this is called none: other seeds differ by more. */
const NOTICEABLE = 0.001;
/** Differences with a smaller p-value than this are called differences. */
const SIGNIFICANT = 0.05;
/** Closed interactions are named up to so many. */
const MOST_NAMED = 40;

/** The places of the models that are held against each other. */
export function rolesOf(run: RunRecord): {before: number; after: number} {
  return {
    before: run.models.findIndex(({role}) => role === 'before'),
    after: run.models.findIndex(({role}) => role === 'after'),
  };
}

/** "pairs of fields", or "interactions" where there are triples, too. */
export function kindOf(run: RunRecord): string {
  const orders = new Set(run.search.alpha.gates.map(({order}) => order));
  return orders.size > 1 ? 'interactions' : orders.has(2) ? 'pairs of fields' : 'triples of fields';
}

/** "day × destination". */
export function nameOf(run: RunRecord, path: string): Text {
  const f = figuresOf(run);
  const length = f(`${path}/fields/length`).value as number;
  return Array.from({length}, (_, k) => [...(k === 0 ? [] : [' × ']), f(`${path}/fields/${k}`)]).flat();
}

/** One of three, by how much better the model is after than before. */
function byDifference<T>(run: RunRecord, better: T, same: T, worse: T): T {
  const {before, after} = rolesOf(run);
  const difference = run.models[after].auc - run.models[before].auc;
  return difference >= NOTICEABLE ? better : difference <= -NOTICEABLE ? worse : same;
}

/** Whether the small model is the search's own, trained on; only then its training tells of alpha. */
function wentOn(run: RunRecord): boolean {
  return run.retrain !== null && run.retrain.alpha !== null;
}

/** The answer in one sentence. */
export function answerOf(run: RunRecord): Text {
  const f = figuresOf(run);
  const {before, after} = rolesOf(run);
  const all = f('/interactions/length', 'count');
  const kept = f('/selection/length', 'count');
  const strongest = listed(run.selection.slice(0, 3).map((_, i) => nameOf(run, `/selection/${i}`)));
  const aucs = say`(test AUC ${f(`/models/${after}/auc`, 'auc')} instead of ${f(`/models/${before}/auc`, 'auc')})`;
  if (run.selection.length === run.interactions.length) {
    return say`All ${all} ${kindOf(run)} help to predict ${f('/positive')}, above all ${strongest}; the search closed none ${aucs}.`;
  }
  return say`Of ${all} ${kindOf(run)}, ${kept} help to predict ${f('/positive')}, above all ${strongest}; with only these ${kept} ${wentOn(run) ? "the search's model" : 'a model'} is ${byDifference(
    run,
    'better than',
    'about as good as',
    'worse than',
  )} ${wentOn(run) ? 'a fresh one with all' : 'with all'} ${aucs}.`;
}

/** Whether the selection beats its opponents, in one sentence; null without a verdict. */
export function verdictWords(run: RunRecord): Text | null {
  const {verdict} = run;
  const f = figuresOf(run);
  const own = verdict?.standings.findIndex(({contestant}) => contestant === 'selection') ?? -1;
  const opponents = {all: 'all interactions together', random: 'random sets of its size'};
  const said = (['all', 'random'] as const).flatMap(name =>
    (verdict?.duels ?? [])
      .filter(({opponent}) => opponent === name)
      .map(({difference, p}): Text => say`${outcome(difference, p)} ${opponents[name]}`),
  );
  if (own < 0 || said.length === 0) return null;
  return say`Judged over ${f(`/verdict/standings/${own}/auc/runs`, 'count')} trainings of each, the selection ${listed(said)}.`;
}

/** No more than the p-value allows. */
function outcome(difference: number, p: number | null): string {
  if (p !== null && p >= SIGNIFICANT) return 'cannot be told apart from';
  if (difference === 0) return 'equals';
  return difference > 0 ? (p === null ? 'is above' : 'beats') : p === null ? 'is below' : 'is worse than';
}

export function glossary(run: RunRecord): ReadonlyArray<readonly [string, Text]> {
  const f = figuresOf(run);
  const {before, after} = rolesOf(run);
  return [
    [
      'Interaction',
      say`Two fields (or three) whose combination says more than each of them: the hour may matter on one weekday and not on another.`,
    ],
    [
      'Gate and alpha',
      say`During the search each interaction has a gate, whose weight is alpha. Useless gates close: their alpha becomes exactly zero. The larger |alpha|, the more the model relies on the interaction; the sign alone says nothing.`,
    ],
    [
      'AUC',
      say`The probability that the model puts a positive row (${f('/positive')}) above a negative one: 0.5 is chance, 1 perfect. Logloss also asks for right probabilities; smaller is better.`,
    ],
    [
      'Before and after',
      say`“${f(`/models/${before}/name`)}” has all interactions; “${f(`/models/${after}/name`)}” has only those that matter, and was trained ${wentOn(run) ? 'on from the search' : 'afresh'}.`,
    ],
  ];
}

/** How to read the pictures of alpha. */
export function mapWords(run: RunRecord): Text {
  const orders = new Set(run.search.alpha.gates.map(({order}) => order));
  return say`${
    orders.has(2)
      ? 'Each cell of the map is a pair of fields, and its alpha says how much the model relies on it: the stronger the colour, red or blue, the more. In an empty cell the gate is closed: alpha is exactly zero, and the pair is of no use. '
      : ''
  }${orders.has(3) ? 'The bars are the strongest triples of fields: the longer, the more the model relies on it. A triple of no use has a closed gate, its alpha exactly zero, and no bar.' : ''}`;
}

/** The interactions whose gates closed, by name if they are few. */
export function uselessWords(run: RunRecord): Text[] {
  const closed = [...run.interactions.keys()].filter(i => !run.interactions[i].kept);
  if (closed.length === 0 || closed.length > MOST_NAMED) return [];
  return [say`Of no use beside these: ${listed(closed.map(i => nameOf(run, `/interactions/${i}`)))}.`];
}

/** "day is 4 June and destination is STL: 98.3 % instead of 16.9 %, 60 rows". */
export function exampleWords(run: RunRecord, path: string, e: number): Text {
  const f = figuresOf(run);
  const at = `${path}/examples/${e}`;
  const fields = f(`${path}/fields/length`).value as number;
  const widths = new Map(run.data.fields.map(({name, width}) => [name, width]));
  const values = Array.from({length: fields}, (_, k) => {
    const field: Figure = f(`${path}/fields/${k}`);
    return say`${field} ${(widths.get(String(field.value)) ?? 1) > 1 ? 'has' : 'is'} ${f(`${at}/values/${k}`)}`;
  });
  return say`${listed(values)}: ${f(`${at}/rate`, 'percent')} instead of ${f(`${at}/expected`, 'percent')}, ${f(`${at}/rows`, 'count')} rows`;
}

export function pruningWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const {before, after} = rolesOf(run);
  return say`Leaving out the closed interactions ${byDifference(run, 'gained accuracy', 'changed accuracy little', 'cost accuracy')}: test AUC ${f(
    `/models/${after}/auc`,
    'auc',
  )} with ${f('/selection/length', 'count')} interactions, ${f(`/models/${before}/auc`, 'auc')} with all ${f(
    '/interactions/length',
    'count',
  )}.${
    wentOn(run)
      ? say` But “${f(`/models/${after}/name`)}” comes from the search and “${f(
          `/models/${before}/name`,
        )}” from a fresh start, so they differ in more than what is left out.`
      : ''
  }${run.verdict === null ? ' This is one training of each; differences of a few thousandths may be chance.' : ''}`;
}

export function calibrationWords(): Text {
  return say`Are the predicted rates right? Of the rows that a model gives a rate of 20 %, a fifth should be positive: then its point lies on the dashed line; above it the model predicts too little, below it too much.`;
}

export function searchWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const {points} = run.search.alpha;
  const last = points.length - 1;
  return say`The search took ${f('/search/steps', 'count')} steps and ${f('/search/seconds', 'seconds')}. ${
    run.constants === null
      ? ''
      : say`Alpha stayed as it was for the first ${f('/constants/warmupSteps', 'count')} steps. After that a threshold grew to ${f(
          `/search/alpha/points/${last}/threshold`,
          'alpha',
        )}. Alpha is what is left of a gate's signal once the threshold is taken off it: an alpha below the dashed line is open as long as it is not zero, and a gate whose signal does not outgrow the threshold closes.`
  }`;
}

export function aloneWords(run: RunRecord): Text {
  const f = figuresOf(run);
  return say`How well does one interaction predict by itself? Each test row scores the training rate of its values, smoothed. ${
    run.correlation === null
      ? ''
      : say`Over ${f('/correlation/interactions', 'count')} interactions this AUC and |alpha| have a correlation of ${f('/correlation/pearson', 'alpha')}, their ranks of ${f(
          '/correlation/spearman',
          'alpha',
        )}: 1 would be full agreement, 0 none. `
  }An interaction may score high alone only because one of its fields does; alpha measures what it adds to the rest of the model.`;
}

export function trainingWords(run: RunRecord): Text {
  const stages =
    run.retrain === null
      ? 'Training begins with the search.'
      : `Two trainings: the search, in which gates close, and ${
          wentOn(run)
            ? 'that of its model, which goes on with what is left.'
            : 'the retraining of what is left, from a fresh start.'
        }`;
  return say`${stages} Where the loss on other rows rises while that on the training rows falls, the model learns its training rows by heart.`;
}

const rowsOf: {[prefix: string]: string} = {val: 'validation', test: 'test', train: 'training'};

/** "val_auc" as people say it: "validation AUC". */
export function logName(name: string): string {
  if (name === 'loss') return 'training loss';
  const [, prefix, rest] = /^(val|test|train)_(.+)$/.exec(name) ?? [undefined, undefined, name];
  const measure =
    rest.toLowerCase() === 'auc'
      ? 'AUC'
      : rest.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return prefix === undefined ? measure : `${rowsOf[prefix]} ${measure}`;
}
