import type {RunRecord} from '../record/run_record';
import {judgesChosen, kindOf, modelIndex, nameOf} from './answer';
import {listed, say, Text} from './text';
import {figuresOf, Figure} from './figures';
import {gatesOf} from './pictures/gates_of';

/** Most interactions that are named where they are not kept. */
const MOST_NAMED = 40;

export function glossary(run: RunRecord): ReadonlyArray<readonly [string, Text]> {
  const f = figuresOf(run);
  return [
    [
      'Interaction',
      say`Two fields (or three) whose combination says more than each of them alone: the hour may matter on one weekday
        and not on another.`,
    ],
    ...(run.recipe === null ? [SEARCH_GATE] : RECIPE_TERMS),
    [
      'AUC',
      say`The probability that the model puts a positive row (${f('/positive')}) above a negative one: 0.5 is chance, 1
        perfect. Logloss also rewards correct probabilities; smaller is better.`,
    ],
    [
      'Better, worse',
      say`Used where the 95 % interval of the difference in AUC on the same test rows (DeLong) does not contain 0; else
        the two cannot be told apart.`,
    ],
  ];
}

const SEARCH_GATE: readonly [string, Text] = [
  'Gate and alpha',
  say`During the search each interaction has a gate, whose weight is alpha. Useless gates close: their alpha becomes
    exactly zero. The larger |alpha|, the more the model relies on the interaction; the sign alone says nothing.`,
];

const RECIPE_TERMS: ReadonlyArray<readonly [string, Text]> = [
  [
    'Gate and alpha',
    say`A model with all interactions is trained; then each of them gets a gate, whose weight alpha is fitted to rows
      that the model has not seen. 1 keeps the interaction as it is, more makes it count more, 0 closes it.`,
  ],
  [
    'Gain',
    say`How much the logloss rises when this interaction alone is removed, on rows that trained neither model nor gates,
      with a 95 % interval.`,
  ],
  [
    'Half-samples',
    say`The gates are fitted again to random halves of their rows. An interaction that fewer than 60 % of them keep is
      called uncertain.`,
  ],
  ['Logistic regression', say`One weight for each value of each field, and no interactions.`],
  [
    'GA2M',
    say`Logistic regression with a table for each pair or triple that it keeps: a weight for each combination of values,
      with numbers in groups.`,
  ],
  [
    'FM, FFM',
    say`Logistic regression with vectors for the values. A combination of values adds the product of their vectors, so
      that rare ones are guessed from others. In FFM a value has a vector for each pair of its field.`,
  ],
  [
    'FFM + GA2M',
    say`The mean of two models, saved as one: the GA2M knows frequent combinations, FFM guesses rare ones.`,
  ],
  [
    'Names of models',
    say`“Ridge” and a number: the penalty on the vectors; the larger, the closer they stay to zero. Without it the
      penalty is on those of each batch. “d” and a number: how many numbers a vector has. “On LR”: the vectors are
      trained on top of logistic regression, which stays as it is. “With crosses”: combinations of values that several
      training rows have also get a weight each. “By folds”: cross-validation on training rows found the
      interactions.`,
  ],
  [
    'Parameters',
    say`Numbers of the saved model. With tables there is one for each combination of values, though groups of values
      share a fitted weight; with the effort “thorough” all trainings count whose mean is saved.`,
  ],
];

/** How to read the pictures of alpha. */
export function mapWords(run: RunRecord): Text {
  const orders = new Set(run.interactions.map(({order}) => order));
  const how = run.recipe === null ? 'how much the model relies on it' : 'how many times what was learnt of it counts';
  const parts = [
    ...(orders.has(2)
      ? [
          `Each cell of the map is a pair of fields, and its alpha says ${how}: the stronger the colour, the more. ` +
            'A grey cell is a pair that is not kept.',
        ]
      : []),
    ...(gatesOf(run).some(({order, isPart}) => order === 2 && isPart) ? ['It has only the fields of kept pairs.'] : []),
    ...(orders.has(3)
      ? [
          `The bars are the triples with the largest alpha, which says ${how}: the longer, the more. A triple whose ` +
            'gate is closed has no bar.',
        ]
      : []),
  ];
  return [parts.join(' ')];
}

/** Where nothing is kept: what was looked at. */
export function noneKeptWords(run: RunRecord): Text {
  if (run.interactions.length === 0)
    return say`Gates were not fitted, since too few held-out rows have the rarer label. More rows may show
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
  const trees = run.models.some(({role}) => role === 'trees')
    ? ' LightGBM was tuned by AUC alone and is not calibrated, so its logloss may be larger than it need be.'
    : '';
  const once = judgesChosen(run)
    ? ''
    : ' Each model was trained once: other seeds may differ by more than the interval.';
  return say`The ${f(`/data/parts/${test}/rows`, 'count')} test rows took no part in any choice.
    “${f(`/models/${after}/name`)}” is the chosen model.${columns}${trees}${once}`;
}

/** How the recipe made its choice. */
export function choiceWords(run: RunRecord): Text {
  const who =
    run.recipe!.gates.length > 0
      ? 'Gates were fitted to the products of each base model on one half; the other half, V2,'
      : 'One half, V2,';
  const fewer = run.recipe!.gates.some(({by}) => by === 'folds')
    ? ' That preferred all interactions, and fewer were enough, since they add at least nine tenths of what all add ' +
      'to logistic regression.'
    : '';
  return say`The validation rows were split into two halves. ${who} made every choice: it takes, of the models below,
    the simplest that suffices. A model suffices if it is at most one standard error behind the best one, by AUC and by
    logloss: half of the interval that is shown. Logistic regression suffices unless another model is ahead of it by
    more than two and a half standard errors of AUC and one of logloss, or by four of logloss. Where V2 has too
    few rows for that, a warning says that cross-validation on training rows chose.${fewer} The logloss is that of
    calibrated predictions.`;
}

/** How to read the path of the gates. */
export function pathWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const {best, gates} = run.recipe!;
  const at = `/recipe/gates/${best}`;
  const {chosen, path, by} = gates[best!];
  const own = path.map(({behind: {difference, standardError}}) => difference <= standardError).lastIndexOf(true);
  const lambda = (i: number) => f(`${at}/path/${i}/lambda`, 'short');
  const open = (i: number) => say`${f(`${at}/path/${i}/open`, 'count')} gate${path[i].open === 1 ? '' : 's'} open`;
  const larger: Text =
    chosen === own
      ? []
      : say` The interactions of the chosen model come from ${lambda(chosen)}, which leaves ${open(chosen)}.`;
  const who = by === 'folds' ? 'Rows of the folds choose' : 'V2 chooses';
  return say`The larger the penalty, the more gates close. ${who} the largest penalty whose logloss is at most one
    standard error above the least: ${lambda(own)} for ${f(`${at}/base`)}, which leaves ${open(own)}.${larger}`;
}

export function calibrationWords(): Text {
  return say`Are the predicted rates right? Of the rows that a model gives a rate of 20 %, a fifth should be positive:
    then its point lies on the dashed line; above it the model predicts too little, below it too much.`;
}

export function searchWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const took = say`The search took ${f('/search/steps', 'count')} steps and ${f('/search/seconds', 'seconds')}.`;
  if (run.constants === null) return took;
  const last = run.search!.alpha.points.length - 1;
  return say`${took} Alpha was frozen for the first ${f('/constants/warmupSteps', 'count')} steps. After that a
    threshold grew to ${f(`/search/alpha/points/${last}/threshold`, 'alpha')}. Alpha is what is left of a gate's signal
    once the threshold is subtracted: a gate whose alpha is below the dashed line stays open as long as alpha is not
    zero, and a gate whose signal does not outgrow the threshold closes.`;
}

export function aloneWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const strength = run.recipe === null ? '|alpha|' : 'gain';
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

export function trainingWords(run: RunRecord): Text {
  const stages =
    run.retrain === null
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
