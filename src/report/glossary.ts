import type {RunRecord} from '../record/run_record';
import {modelIndex} from './answer';
import {figuresOf} from './figures';
import {say, Text} from './text';

/** The words of a report, and what they mean. */
export function glossary(run: RunRecord): ReadonlyArray<readonly [string, Text]> {
  const f = figuresOf(run);
  return [
    ...(modelIndex(run, 'before') < 0 ? [] : [ARROWS]),
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
        the two cannot be told apart. All intervals treat rows as independent: where one user or one day has many rows,
        they are too narrow.`,
    ],
  ];
}

const ARROWS: readonly [string, Text] = [
  'Numbers with an arrow',
  say`Before the arrow: the model with all pairs or interactions. After it: the chosen model.`,
];

const SEARCH_GATE: readonly [string, Text] = [
  'Gate and alpha',
  say`During the search each interaction has a gate, whose weight is alpha. Useless gates close: their alpha becomes
    exactly zero. The larger |alpha|, the more the model relies on the interaction; the sign alone says nothing.`,
];

const RECIPE_TERMS: ReadonlyArray<readonly [string, Text]> = [
  [
    'Gate and alpha',
    say`A model with all interactions is trained; then each of them gets a gate, whose weight alpha is fitted to rows
      that the model has not seen. 1 keeps the interaction as it is, a larger alpha makes it count more, and 0 closes
      the gate: the interaction is left out.`,
  ],
  [
    'Gain',
    say`How much the logloss rises when this interaction alone is removed, on rows that trained neither model nor gates,
      with a 95 % interval. If that reaches down to 0, the gain may be chance, and is called uncertain.`,
  ],
  [
    'Half-samples',
    say`The gates are fitted again on random halves of the rows that they were fitted on. An interaction that fewer than
      60 % of them keep is called uncertain.`,
  ],
  ['Logistic regression', say`One weight for each value of each field, and no interactions.`],
  [
    'GA2M',
    say`Logistic regression with a table for each pair or triple that it keeps: a weight for each combination of values.
      Numbers are divided into groups first.`,
  ],
  [
    'FM, FFM',
    say`Factorisation machines: logistic regression plus products of vectors (embeddings). Each value has a vector, and
      two values together add the product of theirs, so the model can guess rare combinations. In FFM a value has one
      vector for each pair that its field is part of.`,
  ],
  [
    'FFM + GA2M',
    say`The mean of two models, saved as one: the GA2M knows frequent combinations, FFM guesses rare ones.`,
  ],
  [
    'Names of models',
    say`“x of y”: the model has x of the y pairs. “Ridge” and a number: the penalty on all vectors; the larger, the
      closer they stay to zero. Without it, the penalty is on the vectors of each batch; a “firm” one is larger, a
      “light” one smaller. “d” and a number: the length of a vector, if it is not the usual one. “On LR”: logistic
      regression is fitted first and stays as it is. “With crosses”: each combination of values that several training
      rows have also gets a weight. “By folds”: cross-validation on training rows found the interactions.`,
  ],
  [
    'Parameters',
    say`The numbers in the saved model. A table has one for each combination of values, also where groups of values
      share one fitted weight. With effort “thorough” the saved model is the mean of several trainings, and has the
      numbers of all of them.`,
  ],
];
