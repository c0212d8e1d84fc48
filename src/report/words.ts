import type {RunRecord, SelectedBy} from '../record/run_record';
import {judgesChosen, kindOf, modelIndex, nameOf} from './answer';
import {listed, say, Text} from './text';
import {figuresOf, Figure} from './figures';
import {shownGates} from './pictures/shown_gates';

/** Most interactions that are named where they are not kept. */
const MOST_NAMED = 40;

/** A search with its retraining. */
type SearchSelection = Extract<SelectedBy, {type: 'search'}>;

/** Explain how to read the pictures of interactions. */
export function mapWords(run: RunRecord): Text {
  const gates = shownGates(run);
  const [measure, meaning] =
    run.selectedBy.type === 'search'
      ? ['alpha', 'says how much the model relies on it']
      : ['gain', 'is how much the logloss of held-out rows rises without it'];
  const parts = [
    ...(gates.some(({order}) => order === 2)
      ? [
          `Each cell of the map is a pair of fields. Its ${measure} ${meaning}; the stronger the colour, the larger ` +
            `${measure}. A grey cell is a pair that is not kept.`,
        ]
      : []),
    ...(gates.some(({order, isPart}) => order === 2 && isPart) ? ['It has only the fields of kept pairs.'] : []),
    ...(gates.some(({order}) => order === 3)
      ? [
          `Each bar is a triple; the longer it is, the larger is its ${measure}, which ${meaning}. A triple whose ` +
            'gate is closed has no bar.',
        ]
      : []),
  ];
  return [parts.join(' ')];
}

/** Where nothing is kept: what was looked at. */
export function noneKeptWords(run: RunRecord): Text {
  if (run.interactions.length === 0)
    return say`Gates were not fitted, since too few rows have the rarer label. More rows may show
      interactions.`;
  if (run.interactions.length === 1)
    return say`Held-out rows do not confirm it. The table at the end shows what it adds.`;
  return say`Held-out rows confirm none of the ${figuresOf(run)('/interactions/length', 'count')} ${kindOf(run)}. The
    table at the end shows what each of them adds.`;
}

/** The interactions that are not kept, by name if they are few. */
export function leftOutWords(run: RunRecord): Text[] {
  const left = [...run.interactions.keys()].filter(i => !run.interactions[i].kept);
  if (left.length === 0 || left.length > MOST_NAMED) return [];
  return [say`Left out: ${listed(left.map(i => nameOf(run, `/interactions/${i}`)))}.`];
}

/** "day is 4 June and destination is STL: 98.3 % instead of 16.9 %, 60 rows". */
export function exampleWords(run: RunRecord, path: string, e: number): Text {
  const f = figuresOf(run);
  const at = `${path}/examples/${e}`;
  const fields = f(`${path}/fields/length`).value as number;
  const widths = new Map(run.data.fields.map(({name, width}) => [name, width]));
  const values = Array.from({length: fields}, (_, k) => {
    const field: Figure = f(`${path}/fields/${k}`);
    const value = f(`${at}/values/${k}`);
    const isItem = (widths.get(String(field.value)) ?? 1) > 1 && value.value !== 'missing';
    return say`${field} ${isItem ? 'has' : 'is'} ${value}`;
  });
  return say`${listed(values)}: ${f(`${at}/rate`, 'percent')} instead of ${f(`${at}/expected`, 'percent')},
    ${f(`${at}/rows`, 'count')} rows`;
}

/** The chosen model beside the others on the test rows. */
export function comparedWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const after = modelIndex(run, 'after');
  const test = run.data.parts.findIndex(({name}) => name === 'test');
  const compared = [...run.models.keys()].filter(i => run.models[i].comparison !== null);
  const columns =
    compared.length === 0
      ? ''
      : say` The second table shows the difference between its AUC and logloss and those of each other model, with
          95 % intervals over the test rows, and which is better by AUC. A lower logloss is better.`;
  const once = judgesChosen(run)
    ? ''
    : ' Each model was trained once: other seeds may differ by more than the interval.';
  return say`The ${f(`/data/parts/${test}/rows`, 'count')} test rows took no part in any choice.
    “${f(`/models/${after}/name`)}” is the chosen model.${columns}${once}`;
}

export function calibrationWords(): Text {
  return say`Are the predicted rates right? Where a model predicts a rate of 20 %, a fifth should be positive: then its
    point lies on the dashed line. Above the line the model predicts too little, below it too much.`;
}

export function searchWords(run: RunRecord, {search, constants}: SearchSelection): Text {
  const f = figuresOf(run);
  const at = '/selectedBy';
  const steps = f(`${at}/search/steps`, 'count');
  const took = say`The search took ${steps} steps and ${f(`${at}/search/seconds`, 'seconds')}.`;
  if (constants === null) return took;
  const last = search.alpha.points.length - 1;
  return say`${took} Alpha was frozen for the first ${f(`${at}/constants/warmupSteps`, 'count')} steps. After that a
    threshold grew to ${f(`${at}/search/alpha/points/${last}/threshold`, 'alpha')}. Alpha is what is left of a gate's
    signal once the threshold is subtracted: a gate whose alpha is below the dashed line stays open as long as alpha is
    not zero, and a gate whose signal does not outgrow the threshold closes.`;
}

export function aloneWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const strength = run.selectedBy.type === 'search' ? '|alpha|' : 'gain';
  const agreement =
    run.correlation === null
      ? ''
      : say`Over ${f('/correlation/interactions', 'count')} interactions this AUC and the ${strength} have a correlation
          of ${f('/correlation/pearson', 'alpha')}, their ranks of ${f('/correlation/spearman', 'alpha')}: 1 would be
          full agreement, 0 none. `;
  return say`How well does one interaction predict by itself? Each test row is scored with the training rate of its
    values, smoothed. ${agreement}An interaction may score high alone only because one of its fields does; the
    ${strength} measures what it adds to the rest of the model.`;
}

export function trainingWords({retrain}: SearchSelection): Text {
  const stages =
    retrain === null
      ? 'Training begins with the search.'
      : 'Two trainings: the search, in which gates close, and the retraining of the open interactions from fresh ' +
        'weights.';
  return say`${stages} Where the loss on other rows rises while that on the training rows falls, the model memorises
    its training rows.`;
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
