import type {ColumnFacts} from './column_facts';
import {nameWords} from './name_words';

/** Values of a column that belong to each part. */
export type Parts = {train: string[]; valid: string[]; test: string[]};

/** Names of columns of parts, and last words of longer ones: data_split, cv_fold. */
const NAMES = ['split', 'part', 'partition', 'set', 'subset', 'fold'];
const LAST_WORDS = ['split', 'partition', 'subset', 'fold'];
const PARTS = ['train', 'valid', 'test'] as const;
const WORDS: Record<keyof Parts, readonly string[]> = {
  train: ['train', 'training', 'tr', 'trn'],
  valid: ['valid', 'validation', 'val', 'va', 'dev', 'development', 'eval'],
  test: ['test', 'testing', 'te', 'tst', 'holdout', 'hold-out', 'hold_out', 'heldout', 'held-out', 'held_out'],
};
/** Words beside one for a part: PublicTest, test set. */
const FILLERS = ['set', 'data', 'rows', 'sample', 'split', 'part', 'public', 'private'];
/** Flags of two values, such as is_test, are not folds. */
const LEAST_FOLDS = 3;
const MOST_FOLDS = 20;

/** Tell whether a column has a name of columns of parts, such as split or cv_fold. */
export function isNamedAsParts({name}: ColumnFacts): boolean {
  return NAMES.includes(name.toLowerCase()) || LAST_WORDS.includes(nameWords(name).at(-1) ?? '');
}

/**
 * Parts by words such as train and test. Without a word for test, validation is the test.
 * @param complete Whether all rows of the table were looked at.
 * @param isAsked Whether a person named the column: rows of other words are then left out.
 */
export function partsByWords({examples, distinct}: ColumnFacts, complete: boolean, isAsked: boolean): Parts | null {
  const of = (part: keyof Parts) => examples.filter(value => partOfValue(value) === part);
  const [train, valid, test] = PARTS.map(of);
  const hasOthers = train.length + valid.length + test.length < distinct;
  if (train.length === 0 || (hasOthers && !isAsked)) return null;
  if (test.length > 0) return {train, valid, test};
  // In a file that is sorted by parts the first rows may be of one of them.
  return complete && valid.length > 0 ? {train, valid: [], test: valid} : {train, valid, test: [...WORDS.test]};
}

/** Parts by the numbers of folds, the greatest of which is test. */
export function partsByFolds({examples, distinct, number}: ColumnFacts): Parts | null {
  if (number?.rows !== 0 || !number.whole || distinct < LEAST_FOLDS || distinct > MOST_FOLDS) return null;
  const folds = [...examples].sort((a, b) => Number(a) - Number(b));
  return {train: folds.slice(0, -1), valid: [], test: folds.slice(-1)};
}

/** The part that a value speaks of, and of nothing else. */
function partOfValue(value: string): keyof Parts | undefined {
  const words = nameWords(value).filter(word => !FILLERS.includes(word));
  return PARTS.find(
    part =>
      WORDS[part].includes(value.toLowerCase()) ||
      (words.length > 0 && words.every(word => WORDS[part].includes(word))),
  );
}
