import {AutofisError} from '../../errors';
import type {Split} from '../split';
import type {Assumption} from './assumption';
import type {ColumnFacts} from './column_facts';
import {isNamedAsParts, type Parts, partsByFewWords, partsByFlag, partsByFolds, partsByWords} from './parts_of_rows';

/** Share of all rows, or of the training rows, that is drawn for a part. */
const SHARE = 0.1;

/** Which rows go to which part, by which column, and what is assumed about it. */
export interface InferredSplit {
  split: Extract<Split, {by: 'fraction' | 'column' | 'group'}>;
  column: string | null;
  assumptions: Assumption[];
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
 */
export function inferSplit(
  where: string,
  facts: readonly ColumnFacts[],
  {label, seed, splitColumn, complete}: SplitOptions,
): InferredSplit {
  const others = facts.filter(({name}) => name !== label);
  const named = others.filter(isNamedAsParts);
  const candidates =
    splitColumn == null
      ? [...named, ...others.filter(each => !isNamedAsParts(each))]
      : facts.filter(({name}) => name === splitColumn);
  const usable = candidates.flatMap(each => {
    const isAsked = each.name === splitColumn;
    const parts =
      partsByWords(each, complete) ??
      (isAsked || isNamedAsParts(each) ? partsByFolds(each) : null) ??
      (isAsked ? (partsByFlag(each) ?? partsByFewWords(each)) : null);
    return parts === null ? [] : [{column: each.name, parts}];
  });
  if (splitColumn != null && usable.length === 0) {
    throw new AutofisError(
      `${where}: \`splitColumn\` must hold words such as train, valid and test, or the numbers of folds. ` +
        `${splitColumn} holds ${candidates[0].examples.slice(0, 5).join(', ')}.`,
    );
  }
  const used = splitColumn === null ? undefined : usable[0];
  return {
    split: used === undefined ? {by: 'fraction', valid: SHARE, test: SHARE, seed} : byColumn(used, seed),
    // A column of parts does not describe a row, whether it is used or not.
    column: used?.column ?? usable[0]?.column ?? null,
    assumptions: [
      used === undefined ? drawn(seed, usable[0]?.column) : usedColumn(used, seed),
      ...unusedColumns(others, {usable: usable.map(({column}) => column), used: used?.column}),
    ],
  };
}

/** Return the split that keeps all rows of a group, which a column names, in one part. */
export function groupSplit(column: string, seed: number): InferredSplit {
  return {
    split: {by: 'group', column, valid: SHARE, test: SHARE, seed},
    column,
    assumptions: [
      {
        column,
        reading: `groups: about ${SHARE * 100} % of them are validation and ${SHARE * 100} % test, by seed ${seed}`,
        why: 'it was named',
        alternative: null,
      },
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

/** Return an assumption for each column that looks like parts and is not used as such. */
function unusedColumns(
  facts: readonly ColumnFacts[],
  {usable, used}: {usable: readonly string[]; used: string | undefined},
): Assumption[] {
  // The first one that could be used is spoken of where rows are drawn.
  const said = used ?? usable[0];
  return facts.flatMap(each => {
    const few = partsByFewWords(each);
    const can = usable.includes(each.name) || few !== null || partsByFlag(each) !== null;
    if (each.name === said || !(can || isNamedAsParts(each))) return [];
    return [
      {
        column: each.name,
        reading: 'not used as parts',
        why: whyUnused(each, few, used),
        alternative: can ? {reading: 'parts', option: 'splitColumn', value: each.name} : null,
      },
    ];
  });
}

function whyUnused(each: ColumnFacts, few: Parts | null, used: string | undefined): string {
  if (used !== undefined) return `${used} is used`;
  if (few !== null) return 'it has other values beside words for parts, and their rows would be left out';
  return partsByFlag(each) === null ? 'its values are not words for parts' : 'its name may mean something else';
}
