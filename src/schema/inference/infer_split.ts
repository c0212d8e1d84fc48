import {AutofisError, show} from '../../errors';
import type {Split} from '../split';
import {assume, type Assumption} from './assumption';
import type {ColumnFacts} from './column_facts';
import {nameWords} from './name_words';

/** Values of a column that belong to each part. */
type Parts = {train: string[]; valid: string[]; test: string[]};

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
/** Share of all rows, or of the training rows, that is drawn for a part. */
const SHARE = 0.1;
const PERCENT = `${SHARE * 100} %`;

/** Which rows go to which part, by which column, and what is assumed about it. */
export interface InferredSplit {
  split: Extract<Split, {by: 'fraction' | 'column' | 'group'}>;
  column: string | null;
  assumption: Assumption;
}

interface SplitOptions {
  label: string;
  seed: number;
  /** The column, null for none. Default: one whose name or words say so. */
  splitColumn?: string | null;
  /** True if the facts are of all rows of the table. */
  complete: boolean;
}

/**
 * Infer how rows are split: by a column with words for the parts or numbers of folds, else at random. The greatest fold
 * is test. Validation rows are drawn from the training rows where no word names them.
 *
 * @throws AutofisError if the column that was asked for names no parts.
 */
export function inferSplit(
  where: string,
  facts: readonly ColumnFacts[],
  {label, seed, splitColumn, complete}: SplitOptions,
): InferredSplit {
  const asked = facts.find(({name}) => name === splitColumn);
  const others = facts.filter(({name}) => name !== label).sort((a, b) => +isNamedAsParts(b) - +isNamedAsParts(a));
  const [found] = (asked === undefined ? others : [asked]).flatMap(candidate => {
    const parts =
      partsByWords(candidate, complete, candidate === asked) ??
      (candidate === asked || isNamedAsParts(candidate) ? partsByFolds(candidate) : null);
    return parts === null ? [] : [{column: candidate.name, parts}];
  });
  if (asked !== undefined && found === undefined)
    throw new AutofisError(
      `${where}: \`splitColumn\` must hold words such as train, valid and test, or numbers of three folds or more. ` +
        `${asked.name} holds ${asked.examples.slice(0, 5).map(show).join(', ')}. Name another column, or none.`,
    );
  // A column of parts does not describe a row, whether it is used or not.
  const column = found?.column ?? null;
  if (splitColumn !== null && found !== undefined) return {...byColumn(found, seed), column};
  return {
    split: {by: 'fraction', valid: SHARE, test: SHARE, seed},
    column,
    assumption: assume(
      null,
      `${PERCENT} are drawn for validation and ${PERCENT} for the test, by seed ${seed}`,
      column === null ? 'no column names parts' : `${column}, which names parts, is excluded`,
      column === null ? null : {reading: `parts by ${column}`, option: 'splitColumn', value: column},
    ),
  };
}

/** Return the split that keeps all rows of a group, which a column names, in one part. */
export function groupSplit(column: string, seed: number): InferredSplit {
  const reading = `groups: about ${PERCENT} of them are validation and ${PERCENT} test, by seed ${seed}`;
  const split = {by: 'group', column, valid: SHARE, test: SHARE, seed} as const;
  return {split, column, assumption: assume(column, reading, 'it was named')};
}

function byColumn({column, parts}: {column: string; parts: Parts}, seed: number): Omit<InferredSplit, 'column'> {
  const {valid, test} = parts;
  const isDrawn = valid.length === 0;
  const validation = isDrawn
    ? `validation is ${PERCENT} of the training rows, drawn by seed ${seed}`
    : `validation is ${valid.join(' or ')}`;
  return {
    split: {by: 'column', column, ...parts, ...(isDrawn ? {validOfTrain: {fraction: SHARE, seed}} : {})},
    assumption: assume(column, `parts: test is ${test.join(' or ')}, ${validation}`, 'its values name parts or folds', {
      reading: 'rows are drawn',
      option: 'splitColumn',
      value: 'none',
    }),
  };
}

/** Tell whether a column has a name of columns of parts, such as split or cv_fold. */
function isNamedAsParts({name}: ColumnFacts): boolean {
  return NAMES.includes(name.toLowerCase()) || LAST_WORDS.includes(nameWords(name).at(-1) ?? '');
}

/**
 * Parts by words such as train and test. Without a word for test, validation is the test.
 * @param complete Whether all rows of the table were looked at.
 * @param isAsked Whether a person named the column: rows of other words are then left out.
 */
function partsByWords({examples, distinct}: ColumnFacts, complete: boolean, isAsked: boolean): Parts | null {
  const of = (part: keyof Parts) => examples.filter(value => partOfValue(value) === part);
  const [train, valid, test] = PARTS.map(of);
  const hasOthers = train.length + valid.length + test.length < distinct;
  if (train.length === 0 || (hasOthers && !isAsked)) return null;
  if (test.length > 0) return {train, valid, test};
  // In a file that is sorted by parts the first rows may be of one of them.
  return complete && valid.length > 0 ? {train, valid: [], test: valid} : {train, valid, test: [...WORDS.test]};
}

/** Parts by the numbers of folds, the greatest of which is test. */
function partsByFolds({examples, distinct, number}: ColumnFacts): Parts | null {
  if (number?.rows !== 0 || !number.areIntegers || distinct < LEAST_FOLDS || distinct > MOST_FOLDS) return null;
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
