import {AutofisError} from '../../errors';
import type {Split} from '../split';
import type {Assumption} from './assumption';
import type {ColumnFacts} from './column_facts';

const NAMES = ['split', 'part', 'partition', 'set', 'subset', 'fold'];
const TRAIN = ['train', 'training', 'tr', 'trn'];
const VALID = ['valid', 'validation', 'val', 'va', 'dev', 'development', 'eval'];
const TEST = ['test', 'testing', 'te', 'tst', 'holdout', 'hold-out', 'hold_out', 'heldout', 'held-out', 'held_out'];
/** Of the rows, or of the training rows. */
const SHARE = 0.1;
const MOST_FOLDS = 20;

/** Which rows go to which part, by which column, and what is assumed about it. */
export interface InferredSplit {
  split: Extract<Split, {by: 'fraction' | 'column'}>;
  column: string | null;
  assumptions: Assumption[];
}

interface SplitOptions {
  label: string;
  seed: number;
  /** The column, null for none. Default: one whose name or words say so. */
  splitColumn?: string | null;
  /** Whether all rows of the table were looked at. */
  complete: boolean;
}

type Parts = {train: string[]; valid: string[]; test: string[]};

/**
 * How rows are split: by a column with words for the parts, or with the numbers of folds, whose greatest is test; else
 * drawn. Validation rows are drawn from the training rows where no word names them.
 */
export function inferSplit(
  where: string,
  facts: readonly ColumnFacts[],
  {label, seed, splitColumn, complete}: SplitOptions,
): InferredSplit {
  const isNamed = ({name}: ColumnFacts) => NAMES.includes(name.toLowerCase());
  const others = facts.filter(({name}) => name !== label);
  const named = others.filter(isNamed);
  const candidates =
    splitColumn == null
      ? [...named, ...others.filter(each => !isNamed(each))]
      : facts.filter(({name}) => name === splitColumn);
  const usable = candidates.flatMap(each => {
    const parts = byWords(each, complete) ?? (isNamed(each) || each.name === splitColumn ? byFolds(each) : null);
    return parts === null ? [] : [{column: each.name, parts}];
  });
  if (splitColumn != null && usable.length === 0) {
    throw new AutofisError(
      `${where}: \`splitColumn\` must hold words such as train, valid and test, or the numbers of folds. ` +
        `${splitColumn} holds ${candidates[0].examples.slice(0, 5).join(', ')}.`,
    );
  }
  const used = splitColumn === null ? undefined : usable[0];
  const unused = named.filter(({name}) => name !== used?.column).map(({name}) => name);
  return {
    split: used === undefined ? {by: 'fraction', valid: SHARE, test: SHARE, seed} : byColumn(used, seed),
    // A column of parts does not describe a row, whether it is used or not.
    column: used?.column ?? usable[0]?.column ?? null,
    assumptions: [
      used === undefined ? drawn(seed, usable[0]?.column) : usedColumn(used, seed),
      ...(usable.length > 1 || unused.length > 0
        ? unusedColumns([...usable.slice(1).map(({column}) => column), ...unused], used?.column ?? usable[0]?.column)
        : []),
    ],
  };
}

function byColumn({column, parts}: {column: string; parts: Parts}, seed: number): InferredSplit['split'] {
  return {by: 'column', column, ...parts, ...(parts.valid.length === 0 ? {validOfTrain: {fraction: SHARE, seed}} : {})};
}

function usedColumn({column, parts: {valid, test}}: {column: string; parts: Parts}, seed: number): Assumption {
  const validation =
    valid.length === 0
      ? `validation is ${SHARE * 100} % of the training rows, drawn by seed ${seed}`
      : `validation is ${valid.join(' or ')}`;
  return {
    column,
    reading: `parts: test is ${test.join(' or ')}, ${validation}`,
    why: 'its values name parts or folds',
    alternative: {reading: 'rows are drawn', option: 'splitColumn', value: 'none'},
  };
}

function drawn(seed: number, column: string | undefined): Assumption {
  return {
    column: null,
    reading: `${SHARE * 100} % are drawn for validation and ${SHARE * 100} % for the test, by seed ${seed}`,
    why: column === undefined ? 'no column names parts' : `${column}, which names parts, is excluded`,
    alternative: column === undefined ? null : {reading: `parts by ${column}`, option: 'splitColumn', value: column},
  };
}

/** What is said of columns that could hold parts and are not used as such. */
function unusedColumns(columns: readonly string[], used: string | undefined): Assumption[] {
  return [...new Set(columns)]
    .filter(column => column !== used)
    .map(column => ({
      column,
      reading: 'no parts',
      why: used === undefined ? 'its values are not words for parts' : `${used} is used`,
      alternative: {reading: 'parts', option: 'splitColumn', value: column},
    }));
}

function byWords({examples, distinct}: ColumnFacts, complete: boolean): Parts | null {
  const of = (words: readonly string[]) => examples.filter(value => words.includes(value.toLowerCase()));
  const {train, valid, test} = {train: of(TRAIN), valid: of(VALID), test: of(TEST)};
  if (train.length === 0 || train.length + valid.length + test.length !== distinct) return null;
  if (test.length > 0) return {train, valid, test};
  // In a file that is sorted by parts the first rows may be of one of them.
  if (!complete || valid.length === 0) return {train, valid, test: TEST};
  return {train, valid: [], test: valid};
}

function byFolds({examples, distinct, present, integers}: ColumnFacts): Parts | null {
  if (integers < present || distinct < 2 || distinct > MOST_FOLDS) return null;
  const folds = [...examples].sort((a, b) => Number(a) - Number(b));
  return {train: folds.slice(0, -1), valid: [], test: folds.slice(-1)};
}
