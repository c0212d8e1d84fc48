import {AutofisError} from '../../errors';
import type {ColumnFacts} from './column_facts';
import type {Split} from '../split';

const NAMES = ['split', 'part', 'set', 'subset', 'fold'];
const TRAIN = ['train', 'training'], VALID = ['valid', 'validation', 'val', 'dev', 'eval'], TEST = ['test', 'testing'];
/** Of the rows, or of the training rows. */
const SHARE = 0.1;
const DRAWN = `${SHARE * 100} % of`;

/**
 * How rows are parted: by a column with words for the parts, or with the numbers of folds, whose greatest is test; else drawn.
 * Validation rows are drawn from the training rows where no word names them.
 */
export function inferSplit(
    where: string, facts: readonly ColumnFacts[], {label, seed, splitColumn}: {label: string, seed: number, splitColumn?: string | null},
): {split: {split: Split, note: string}, column: string | null} {
  const candidates = splitColumn == null ?
    facts.filter(({name}) => name !== label && NAMES.includes(name.toLowerCase())) : facts.filter(({name}) => name === splitColumn);
  for (const facts of candidates) {
    const found = byWords(facts) ?? byFolds(facts);
    if (found === null) continue;
    const column = facts.name;
    if (splitColumn === null) return {column, split: byChance(seed, `${column}, which parts the rows, is left out`)};
    const validOfTrain = found.valid.length === 0 ? {validOfTrain: {fraction: SHARE, seed}} : {};
    return {column, split: {
      split: {by: 'column', column, ...found, ...validOfTrain},
      note: `${column} parts the rows: test is ${found.test.join(' or ')}` +
        `${found.valid.length === 0 ? `, ${DRAWN} the training rows, drawn by seed ${seed}, are for validation` : `, validation is ${found.valid.join(' or ')}`}.`,
    }};
  }
  if (splitColumn != null) {
    const {examples} = candidates[0];
    throw new AutofisError(`${where}: \`splitColumn\` must hold words such as train, valid and test, or the numbers of folds. ` +
      `${splitColumn} holds ${examples.slice(0, 5).join(', ')}.`);
  }
  return {column: null, split: byChance(seed, 'No column parts the rows')};
}

function byChance(seed: number, reason: string): {split: Split, note: string} {
  return {
    split: {by: 'fraction', valid: SHARE, test: SHARE, seed},
    note: `${reason}: ${DRAWN} them, drawn by seed ${seed}, are for validation and as many for the test.`,
  };
}

type Parts = {train: string[], valid: string[], test: string[]};

function byWords({examples, distinct}: ColumnFacts): Parts | null {
  const of = (words: readonly string[]) => examples.filter(value => words.includes(value.toLowerCase()));
  const parts = {train: of(TRAIN), valid: of(VALID), test: of(TEST)};
  if (parts.train.length === 0 || Object.values(parts).flat().length !== distinct) return null;
  // In a file that is sorted by parts the first rows may be of one of them.
  return parts.test.length > 0 ? parts : {...parts, test: TEST};
}

function byFolds({examples, distinct, present, integers}: ColumnFacts): Parts | null {
  if (integers < present || distinct < 2 || distinct > 20) return null;
  const folds = [...examples].sort((a, b) => Number(a) - Number(b));
  return {train: folds.slice(0, -1), valid: [], test: folds.slice(-1)};
}
