import {AutofisError, show} from '../../errors';
import {labelReader, parseComparison, positiveInWords} from '../label';
import {parseNumber} from '../rules/numeric';
import type {LabelRule} from '../schema';
import type {Assumption} from './assumption';
import {columnsText} from './check_name';
import type {ColumnFacts} from './column_facts';
import {identifier} from '../../sql_literals';

const LABELS = ['label', 'click', 'clicked', 'target', 'y'];
/** Values that messages list. */
const SHOWN = 5;
/** Numbers of which one may be a class of its own. */
const SEVERAL = 10;
/** Most rows with neither of two values that are taken for mistakes, as a share and where rows are few. */
const STRAY = {share: 0.01, rows: 1};

/** Pairs of words for yes and no, in any case. */
const PAIRS = ['yes no', 'y n', 'true false', 't f', 'on off', '+ -', 'positive negative', 'pos neg', 'pass fail'];
/** Beginnings that make a word its opposite: "not clicked", "non-smoker", "unpaid", "inactive". */
const DENIALS = /^(no|not|non|un|in)[ _-]?$/;

export interface LabelOptions {
  /**
   * The column to predict, a comparison such as "rating >= 4", or a rule. Default: the one that is called label, click,
   * clicked, target or y.
   */
  label?: string | LabelRule;
  /** The value that counts as 1. Default: the one that reads as a yes, the larger number, or the rarer one. */
  positiveLabel?: string;
}

/** A label's rule, how it is shown and why, and the value that could be positive as well. */
interface FoundLabel {
  rule: LabelRule;
  /** The rows with label 1, as the table writes them. */
  text: string;
  because?: string;
  other?: string;
  isDoubtful?: boolean;
}

/**
 * Find the label among the columns, and which of its values is positive. Rows with other values are for the encoder to
 * name or to leave out.
 *
 * @throws AutofisError if no column can be the label, or the options do not fit it.
 */
export function inferLabel(
  where: string,
  facts: readonly ColumnFacts[],
  {label, positiveLabel}: LabelOptions,
): {rule: LabelRule; assumption: Assumption} {
  const names = facts.map(({name}) => name);
  const named = labelOfTable(where, label, names);
  const column = facts.find(({name}) => name === named.column)!;
  const {name} = column;
  if (column.rows === 0) throw new AutofisError(`${where}: the table has no rows, only names of columns.`);
  if ('comparison' in named && positiveLabel !== undefined)
    throw new AutofisError(
      `${where}: \`positiveLabel\` does not go with the comparison ${positiveInWords(named)}. Give one of the two.`,
    );
  if ('comparison' in named) checkComparison(where, named, column);
  const {
    rule,
    text,
    because,
    other,
    isDoubtful = false,
  }: FoundLabel = 'comparison' in named || 'positive' in named
    ? {rule: named, text: positiveInWords(named)}
    : labelValues(where, column, positiveLabel);
  const why = label === undefined ? `it is called ${name}` : 'it was named';
  return {
    rule,
    assumption: {
      column: name,
      reading: `label: ${text}`,
      why: because === undefined ? why : `${why}; ${because}`,
      alternative:
        other === undefined ? null : {reading: `label: ${name} = ${other}`, option: 'positiveLabel', value: other},
      isDoubtful: isDoubtful || label === undefined,
    },
  };
}

/** The column of the label, as it is asked for or by its name. */
function labelOfTable(where: string, given: string | LabelRule | undefined, names: readonly string[]): LabelRule {
  if (given === undefined) {
    const found = names.find(name => LABELS.includes(name.toLowerCase()));
    if (found !== undefined) return {column: found};
    throw new AutofisError(
      `${where}: no column is called ${LABELS.join(', ')}. Name the \`label\`. ${columnsText(names)}`,
    );
  }
  if (typeof given === 'string' && names.includes(given)) return {column: given};
  const comparison = typeof given === 'string' ? parseComparison(given) : given;
  if (comparison !== undefined && names.includes(comparison.column)) return comparison;
  throw new AutofisError(
    `${where}: \`label\` must be a column. Received: ${show(given)}. ` +
      columnsText(names, comparison?.column ?? String(given)),
  );
}

/** Check that a comparison meets numbers, some of which are positive and some are not. */
function checkComparison(where: string, rule: LabelRule, {name, number, examples}: ColumnFacts): void {
  const text = positiveInWords(rule);
  if (number === undefined) {
    const word = examples.find(value => parseNumber(value) === undefined);
    const held = word === undefined ? 'no value' : show(word);
    throw new AutofisError(`${where}: the label ${text} must compare numbers. ${name} holds ${held}.`);
  }
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

/** Which values of the label are positive: the one that is asked for, 1, or the one that reads as a yes. */
function labelValues(where: string, facts: ColumnFacts, positiveLabel: string | undefined): FoundLabel {
  const {name} = facts;
  // "+" and "-" are labels, though "-" alone stands for a missing value elsewhere.
  const hasDash = facts.distinct === 1 && facts.missing.length === 1;
  const values = hasDash ? [...facts.examples, ...facts.missing] : facts.examples;
  if (values.length < 2) throw oneLabel(where, facts);
  if (positiveLabel !== undefined) return askedFor(where, facts, values, positiveLabel);
  const label = labelReader({column: name});
  const isLabel = (value: string) => label(value) !== undefined;
  if (values.slice(0, 2).every(isLabel) && hasFew(facts, isLabel))
    return {
      rule: {column: name},
      text: `${name} = ${values.find(value => label(value) === 1) ?? 1}`,
      other: values.find(value => label(value) === 0),
    };
  if (values.length > 2)
    throw new AutofisError(
      `${where}: the label ${name} must hold two values. It holds ${listed(values)}. ${cure(facts)}`,
    );
  const {positive, ...reason} = guessPositive(values);
  return {...ruleOf(name, values, positive), ...reason};
}

/** Choose the positive one of two values, the more frequent first. A choice by frequency alone is doubtful. */
function guessPositive([frequent, rare]: readonly string[]): {positive: string} & Pick<
  FoundLabel,
  'because' | 'isDoubtful'
> {
  const [a, b] = [parseNumber(frequent), parseNumber(rare)];
  if (a !== undefined && b !== undefined) {
    const larger = a > b ? frequent : rare;
    return {positive: larger, because: `${larger} is the larger number`};
  }
  for (const [value, other] of [
    [rare, frequent],
    [frequent, rare],
  ])
    if (isYesBeside(value.toLowerCase(), other.toLowerCase()))
      return {positive: value, because: `${value} reads as a yes beside ${other}`};
  return {
    positive: rare,
    because: `neither reads as a yes, and ${rare} is not more frequent than ${frequent}`,
    isDoubtful: true,
  };
}

function isYesBeside(value: string, other: string): boolean {
  if (PAIRS.includes(`${value} ${other}`)) return true;
  return other.endsWith(value) && DENIALS.test(other.slice(0, -value.length));
}

/** Tell whether so few rows have other values that these can be mistakes. A third class has more rows. */
function hasFew({present, examples, exampleRows}: ColumnFacts, isLabel: (value: string) => boolean): boolean {
  const labels = exampleRows.reduce((sum, rows, i) => sum + (isLabel(examples[i]) ? rows : 0), 0);
  return present - labels <= Math.max(STRAY.rows, STRAY.share * present);
}

/** The error for a label that has less than two values. */
function oneLabel(where: string, {name, present, rows, examples: [value]}: ColumnFacts): AutofisError {
  const label = `${where}: the label ${name} is ${value ?? 'missing'}`;
  const need = 'A model needs 0 and 1.';
  if (value === undefined || present === rows)
    return new AutofisError(`${label} in each of the first ${rows} rows. ${need}`);
  const column = identifier(name);
  const other = parseNumber(value) === 0 ? 1 : 0;
  return new AutofisError(
    `${label} or missing, the latter in ${rows - present} of the first ${rows} rows. ${need} ` +
      `If no value means ${other}, say so in a query: ` +
      `SELECT * REPLACE (coalesce(${column}::VARCHAR, '${other}') AS ${column}) FROM 'FILE'.`,
  );
}

function askedFor(where: string, {name, distinct}: ColumnFacts, values: readonly string[], asked: string): FoundLabel {
  if (!values.includes(asked))
    throw new AutofisError(
      `${where}: \`positiveLabel\` must be a value of ${name}. Received: ${show(asked)}. It holds ${listed(values)}.`,
    );
  if (values.length < distinct)
    throw new AutofisError(
      `${where}: the label ${name} holds ${distinct} values, too many for \`positiveLabel\`. ` +
        `Name a comparison, such as ${name} >= 4.`,
    );
  const others = values.filter(value => value !== asked);
  const counts = others.length === 1 ? '' : `; ${listed(others)} count as 0`;
  return {...ruleOf(name, values, asked), because: `${asked} was named as positive${counts}`};
}

/** The label of which one value is positive, all others negative. */
function ruleOf(name: string, values: readonly string[], positive: string): FoundLabel {
  const negative = values.filter(value => value !== positive);
  return {
    rule: {column: name, positive: [positive], negative},
    text: `${name} = ${positive}`,
    other: negative.length === 1 ? negative[0] : undefined,
  };
}

function listed(values: readonly string[]): string {
  return `${values.slice(0, SHOWN).map(show).join(', ')}${values.length > SHOWN ? ' and more' : ''}`;
}

function cure({name, number, distinct, examples}: ColumnFacts): string {
  const positive = `by \`positiveLabel\`, such as ${examples[0]}`;
  if (number?.rows !== 0) return `Say which of them is positive ${positive}, or name another column.`;
  const middle = [...examples].map(Number).sort((a, b) => a - b)[examples.length >> 1];
  const apart = distinct > SEVERAL ? '' : `set one apart from the others ${positive}, `;
  return `Compare it, such as "${name} >= ${middle}", ${apart}or name another column.`;
}
