import type {RunRecord} from '../record/run_record';
import {figuresOf} from './figures';
import {say, type DefinedTerm, type Text, toPlain} from './text';

/** The words of a report, and what they mean. */
export function glossary(run: RunRecord): ReadonlyArray<readonly [string, Text]> {
  const f = figuresOf(run);
  return [
    [
      'Interaction',
      say`Two fields (or three) whose combination says more than each of them alone: the hour may matter on one weekday
        and not on another.`,
    ],
    ...COMPONENT_TERMS,
    [
      'AUC',
      say`The probability that the model puts a positive row (${f('/positive')}) above a negative one: 0.5 is chance, 1
        perfect.`,
    ],
    ['Logloss', say`The mean of −log of the probability that the model gave to each row’s label; smaller is better.`],
    [
      'Better, worse, undecided',
      say`Undecided where the 95 % interval of a difference on the same test rows contains 0 (AUC: DeLong). All
        intervals treat rows as independent: where one user or one day has many rows, they are too narrow.`,
    ],
  ];
}

/** A word with the meaning that the glossary has under `name`, for the place where it first occurs. */
export function term(run: RunRecord, word: string, name = word): DefinedTerm {
  const [, meaning] = glossary(run).find(([entry]) => entry.toLowerCase() === name.toLowerCase())!;
  return {word, meaning: toPlain(meaning)};
}

const COMPONENT_TERMS: ReadonlyArray<readonly [string, Text]> = [
  [
    'Logistic regression',
    say`One weight for each value of each field, and no interactions. It is the base: everything else is added to it.`,
  ],
  [
    'Component',
    say`One thing that an interaction can add. Products: each value has a vector, and two values together add the
      product of theirs, so that rare combinations are guessed (FFM). Tables: a weight for each combination of groups of
      values. Cells: a weight by how often a combination of values occurs, and how often it is positive.`,
  ],
  [
    'Gate and alpha',
    say`Each component has a gate, whose weight alpha is fitted to rows that the component has not seen. Alpha
      multiplies it: one keeps it as it is, zero leaves it out. An interaction is kept if one of its gates is open.`,
  ],
  [
    'Gain',
    say`How much the logloss rises when this interaction alone is removed, on rows that trained neither components nor
      gates, with a 95 % interval. If that reaches down to 0, the gain may be chance, and is called uncertain.`,
  ],
  [
    'Helps in folds',
    say`The folds whose logloss rises without the interaction. One that helps in fewer than 60 % of them is called
      uncertain.`,
  ],
  [
    'Parameters',
    say`The numbers in the saved model. A table and a cell have one for each combination of values, also where many
      share one fitted weight.`,
  ],
];
