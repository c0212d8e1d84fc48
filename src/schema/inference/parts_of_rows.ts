import type {ColumnFacts} from './column_facts';
import {nameWords} from './name_words';

/** Which values of a column belong to which part. */
export type Parts = {train: string[]; valid: string[]; test: string[]};
type Part = keyof Parts;

const NAMES = ['split', 'part', 'partition', 'set', 'subset', 'fold'];
/** Last words of longer names that columns of parts have: data_split, cv_fold. */
const LAST_WORDS = ['split', 'partition', 'subset', 'fold'];
const WORDS: Record<Part, readonly string[]> = {
  train: ['train', 'training', 'tr', 'trn'],
  valid: ['valid', 'validation', 'val', 'va', 'dev', 'development', 'eval'],
  test: ['test', 'testing', 'te', 'tst', 'holdout', 'hold-out', 'hold_out', 'heldout', 'held-out', 'held_out'],
};
/** Beside a word for a part, in a value (PublicTest) or in the name of a flag (is_test, training_set). */
const FILLERS = ['is', 'in', 'set', 'data', 'row', 'rows', 'sample', 'split', 'part', 'flag', 'public', 'private'];
/** Words that a flag's name has; others have more meanings there, as in is_valid. */
const FLAG_WORDS: Parts = {train: ['train', 'training'], valid: ['validation'], test: ['test', 'testing', 'holdout']};
const YES = ['1', 'true', 'yes', 't', 'y'];
const NO = ['0', 'false', 'no', 'f', 'n'];
const MOST_FOLDS = 20;

/** Tell whether a column has a name of columns of parts, such as split or cv_fold. */
export function isNamedAsParts({name}: ColumnFacts): boolean {
  return NAMES.includes(name.toLowerCase()) || LAST_WORDS.includes(nameWords(name).at(-1) ?? '');
}

/**
 * Parts by words such as train and test, which all values must be. Without a word for test, validation is the test.
 * @param complete Whether all rows of the table were looked at.
 */
export function partsByWords(facts: ColumnFacts, complete: boolean): Parts | null {
  const parts = wordsOf(facts.examples);
  const {train, valid, test} = parts;
  if (train.length === 0 || train.length + valid.length + test.length !== facts.distinct) return null;
  if (test.length > 0) return parts;
  // In a file that is sorted by parts the first rows may be of one of them.
  if (!complete || valid.length === 0) return {train, valid, test: [...WORDS.test]};
  return {train, valid: [], test: valid};
}

/** Parts by words among other values, whose rows are left out. Words of two letters are codes of countries, too. */
export function partsByFewWords({examples}: ColumnFacts): Parts | null {
  const {train, valid, test} = wordsOf(examples.filter(value => value.length > 2));
  if (train.length === 0 || valid.length + test.length === 0) return null;
  return test.length > 0 ? {train, valid, test} : {train, valid: [], test: valid};
}

/** Parts by the numbers of folds, the greatest of which is test. */
export function partsByFolds({examples, distinct, present, integers}: ColumnFacts): Parts | null {
  if (integers < present || distinct < 2 || distinct > MOST_FOLDS) return null;
  const folds = [...examples].sort((a, b) => Number(a) - Number(b));
  return {train: folds.slice(0, -1), valid: [], test: folds.slice(-1)};
}

/** Parts by a yes or no, of which the name says what it means: is_test, training_set. */
export function partsByFlag({name, examples, distinct, present, rows}: ColumnFacts): Parts | null {
  const words = nameWords(name);
  const part = partOf(words, FLAG_WORDS);
  if (part === null || words.length < 2 || distinct !== 2 || present < rows) return null;
  const yes = examples.filter(value => YES.includes(value.toLowerCase()));
  const no = examples.filter(value => NO.includes(value.toLowerCase()));
  if (yes.length !== 1 || no.length !== 1) return null;
  return part === 'train' ? {train: yes, valid: [], test: no} : {train: no, valid: [], test: yes};
}

function wordsOf(values: readonly string[]): Parts {
  const of = (part: Part) => values.filter(value => partOfValue(value) === part);
  return {train: of('train'), valid: of('valid'), test: of('test')};
}

function partOfValue(value: string): Part | null {
  const whole = value.toLowerCase();
  return (
    (['train', 'valid', 'test'] as const).find(part => WORDS[part].includes(whole)) ?? partOf(nameWords(value), WORDS)
  );
}

/** The part that some words speak of, and of nothing else. */
function partOf(words: readonly string[], known: Record<Part, readonly string[]>): Part | null {
  const telling = words.filter(word => !FILLERS.includes(word));
  if (telling.length === 0) return null;
  return (['train', 'valid', 'test'] as const).find(part => telling.every(word => known[part].includes(word))) ?? null;
}
