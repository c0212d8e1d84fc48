import {AutofisError, show} from '../../errors';
import {labelReader, parseComparison, positiveInWords} from '../label';
import {parseNumber} from '../rules/numeric';
import type {LabelRule} from '../schema';
import type {Assumption} from './assumption';
import {columnsText} from './check_name';
import type {ColumnFacts} from './column_facts';
import {guessPositive} from './guess_positive';
import {sqlName} from './sql_name';

const LABELS = ['label', 'click', 'clicked', 'target', 'y'];
/** Values that messages list. */
const SHOWN = 5;
/** Numbers of which one may be a class of its own. */
const SEVERAL = 10;
/** Most rows with neither of two values that are taken for mistakes, as a share and where rows are few. */
const STRAY = {share: 0.01, rows: 1};

export interface LabelOptions {
  /**
   * The column to predict, a comparison such as "rating >= 4", or a rule. Default: the one that is called label, click,
   * clicked, target or y.
   */
  label?: string | LabelRule;
  /** The value that counts as 1. Default: the one that reads as a yes, the larger number, or the rarer one. */
  positiveLabel?: string;
  /** True if values other than the labels may occur, since the reader of the rows reports each of them. */
  allowWrongLabels?: boolean;
}

/**
 * Find the label among the columns, and which of its values is positive.
 *
 * @throws AutofisError if no column can be the label, or the options do not fit it.
 */
export function inferLabel(
  where: string,
  facts: readonly ColumnFacts[],
  {label, positiveLabel, allowWrongLabels = false}: LabelOptions,
): {rule: LabelRule; assumption: Assumption} {
  const names = facts.map(({name}) => name);
  const named = labelOfTable(where, label, names);
  const column = facts.find(({name}) => name === named.column)!;
  if (column.rows === 0) throw new AutofisError(`${where}: the table has no rows, only names of columns.`);
  const why = label === undefined ? `it is called ${column.name}` : 'it was named';
  if ('comparison' in named) {
    if (positiveLabel !== undefined)
      throw new AutofisError(
        `${where}: \`positiveLabel\` does not go with the comparison ${positiveInWords(named)}. Give one of the two.`,
      );
    checkComparison(where, named, column, allowWrongLabels);
    return {
      rule: named,
      assumption: {column: column.name, reading: `label: ${positiveInWords(named)}`, why, alternative: null},
    };
  }
  if ('positive' in named)
    return {
      rule: named,
      assumption: {column: column.name, reading: `label: ${positiveInWords(named)}`, why, alternative: null},
    };
  const {rule, because, other, own} = labelValues(where, column, positiveLabel, allowWrongLabels);
  return {
    rule,
    assumption: {
      column: column.name,
      reading: `label: ${own === undefined ? positiveInWords(rule) : `${column.name} = ${own}`}`,
      why: because === null ? why : `${why}; ${because}`,
      alternative:
        other === null ? null : {reading: `label: ${column.name} = ${other}`, option: 'positiveLabel', value: other},
    },
  };
}

/** The column of the label, as it is asked for or by its name. */
function labelOfTable(where: string, given: string | LabelRule | undefined, names: readonly string[]): LabelRule {
  if (given === undefined) {
    const found = names.find(name => LABELS.includes(name.toLowerCase()));
    if (found !== undefined) return {column: found};
    throw new AutofisError(
      `${where}: no column is called ${LABELS.join(', ')}. Name the \`label\`. ` +
        `${columnsText(names)}${headerHint(names)}`,
    );
  }
  if (typeof given === 'string' && names.includes(given)) return {column: given};
  const comparison = typeof given === 'string' ? parseComparison(given) : given;
  if (comparison !== undefined && names.includes(comparison.column)) return comparison;
  throw new AutofisError(
    `${where}: \`label\` must be a column. Received: ${show(given)}. ` +
      `${columnsText(names, comparison?.column ?? String(given))}${headerHint(names)}`,
  );
}

/** Check that a comparison meets numbers, some of which are positive and some are not. */
function checkComparison(
  where: string,
  rule: LabelRule,
  {name, numbers, number, examples}: ColumnFacts,
  allowWrong: boolean,
): void {
  const text = positiveInWords(rule);
  const wrong = examples.find(value => parseNumber(value) === undefined);
  if (wrong !== undefined && !(allowWrong && numbers > 0))
    throw new AutofisError(`${where}: the label ${text} must compare numbers. ${name} holds ${show(wrong)}.`);
  if (number === undefined) return;
  const {least, greatest} = number;
  const read = labelReader(rule);
  const label = read(String(least));
  if (label !== read(String(greatest))) return;
  const range = least === greatest ? `always ${least}` : `from ${least} to ${greatest}`;
  throw new AutofisError(
    `${where}: the label ${text} is ${label} in each row, since ${name} is ${range}. A model needs 0 and 1. ` +
      'Compare it with another number, or name another column.',
  );
}

/** Return a hint where the names of the columns look like values, or like a title above the names. */
function headerHint(names: readonly string[]): string {
  const named = names.filter((name, i) => name !== `column ${i + 1}`).length;
  if (named > 0 && 2 * named <= names.length)
    return (
      ` The first line names only ${named} of ${names.length} columns: ` +
      'if it is a title, remove the lines above the names.'
    );
  return 2 * names.filter(name => parseNumber(name) !== undefined).length <= names.length
    ? ''
    : ' The first line seems to be a row: files without a header need `columns`, the names of the columns.';
}

/**
 * Which values of the label are positive, why, and the one that could be positive as well; `own` is the positive one as
 * the table writes it where the rule does not.
 */
function labelValues(
  where: string,
  facts: ColumnFacts,
  positiveLabel: string | undefined,
  allowWrong: boolean,
): {rule: LabelRule; because: string | null; other: string | null; own?: string} {
  const {name, present, rows} = facts;
  // "+" and "-" are labels, though "-" alone stands for a missing value elsewhere.
  const dash = facts.distinct === 1 && facts.missing.length === 1;
  const values = dash ? [...facts.examples, ...facts.missing] : facts.examples;
  const distinct = dash ? 2 : facts.distinct;
  const isLabel = (value: string) => labelReader({column: name})(value) !== undefined;
  const plain = allowWrong ? values.slice(0, 2).every(isLabel) && hasFew(facts, isLabel) : values.every(isLabel);
  if (values.length < 2) throw oneLabel(where, facts);
  if (!dash && present < rows && !allowWrong) {
    throw new AutofisError(
      `${where}: the label ${name} is missing in ${rows - present} of the first ${rows} rows. Leave these rows out.`,
    );
  }
  if (positiveLabel !== undefined) return askedFor(where, name, values, distinct, positiveLabel);
  if (plain)
    return {
      rule: {column: name},
      because: null,
      other: values.find(value => labelReader({column: name})(value) === 0) ?? null,
      own: values.find(value => labelReader({column: name})(value) === 1),
    };
  if (distinct > 2)
    throw new AutofisError(
      `${where}: the label ${name} must hold two values. It holds ${listed(values)}. ${cure(facts)}`,
    );
  const {positive, because} = guessPositive(values, facts.exampleRows);
  const other = values.find(value => value !== positive)!;
  return {rule: {column: name, positive: [positive], negative: [other]}, because, other};
}

/** Tell whether so few rows have other values that these can be mistakes. A third class has more rows. */
function hasFew({present, examples, exampleRows}: ColumnFacts, isLabel: (value: string) => boolean): boolean {
  const labels = exampleRows.reduce((sum, rows, i) => sum + (isLabel(examples[i]) ? rows : 0), 0);
  return present - labels <= Math.max(STRAY.rows, STRAY.share * present);
}

/** The error for a label that has less than two values. */
function oneLabel(where: string, {name, present, rows, examples: [value]}: ColumnFacts): AutofisError {
  if (value === undefined || present === rows)
    return new AutofisError(
      `${where}: the label ${name} is ${value ?? 'missing'} in each of the first ${rows} rows. A model needs 0 and 1.`,
    );
  const column = sqlName(name);
  const other = parseNumber(value) === 0 ? 1 : 0;
  return new AutofisError(
    `${where}: the label ${name} is ${value} or missing, the latter in ${rows - present} of the first ${rows} rows. ` +
      `A model needs 0 and 1. If no value means ${other}, say so in a query: ` +
      `SELECT * REPLACE (coalesce(${column}::VARCHAR, '${other}') AS ${column}) FROM 'FILE'.`,
  );
}

function askedFor(
  where: string,
  name: string,
  values: readonly string[],
  distinct: number,
  asked: string,
): {rule: LabelRule; because: string | null; other: string | null} {
  const positive = values.includes(asked) ? asked : sameOfBooleans(values, asked);
  if (positive === undefined)
    throw new AutofisError(
      `${where}: \`positiveLabel\` must be a value of ${name}. Received: ${show(asked)}. ` +
        `It holds ${listed(values)}.`,
    );
  if (values.length < distinct)
    throw new AutofisError(
      `${where}: the label ${name} holds ${distinct} values, too many for \`positiveLabel\`. ` +
        `Name a comparison, such as ${name} >= 4.`,
    );
  const negative = values.filter(value => value !== positive);
  return {
    rule: {column: name, positive: [positive], negative},
    because: `${positive} was named as positive${othersText(positive, negative)}`,
    other: negative.length === 1 ? negative[0] : null,
  };
}

/** Describe the values that count as 0, where they are several or look like the positive one. */
function othersText(positive: string, negative: readonly string[]): string {
  const same = negative.filter(value => value.toLowerCase() === positive.toLowerCase());
  if (negative.length === 1 && same.length === 0) return '';
  const ofCase =
    same.length === 0
      ? ''
      : `, though ${listed(same)} ${same.length === 1 ? 'differs' : 'differ'} from it only in case`;
  return `; ${listed(negative)} ${negative.length === 1 ? 'counts' : 'count'} as 0${ofCase}`;
}

/** Return false or true, whichever means the same as `asked`: a query turns no and yes, or N and Y, into them. */
function sameOfBooleans(values: readonly string[], asked: string): string | undefined {
  if (values.length !== 2 || !values.every(value => /^(true|false)$/i.test(value))) return undefined;
  const meaning = /^(1|t|true|y|yes)$/i.test(asked) ? /^t/i : /^f/i;
  return /^(1|0|t|f|true|false|y|n|yes|no)$/i.test(asked) ? values.find(value => meaning.test(value)) : undefined;
}

function listed(values: readonly string[]): string {
  return `${values
    .slice(0, SHOWN)
    .map(each => show(each))
    .join(', ')}${values.length > SHOWN ? ' and more' : ''}`;
}

function cure({name, number, distinct, examples}: ColumnFacts): string {
  return number === undefined
    ? `Say which of them is positive by \`positiveLabel\`, such as ${examples[0]}, or name another column.`
    : `Compare it, such as "${name} >= ${[...examples].map(Number).sort((a, b) => a - b)[examples.length >> 1]}", ` +
        (distinct > SEVERAL ? '' : `set one apart from the others by \`positiveLabel\`, such as ${examples[0]}, `) +
        'or name another column.';
}
