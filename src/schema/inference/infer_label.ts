import {AutofisError, show} from '../../errors';
import {labelReader, parseComparison, positiveInWords} from '../label';
import {parseNumber} from '../rules/numeric';
import type {LabelRule} from '../schema';
import type {Assumption} from './assumption';
import type {ColumnFacts} from './column_facts';

const LABELS = ['label', 'click', 'clicked', 'target', 'y'];
const YES =
  /^(y|yes|t|true|on|\+|pos|positive|click(ed)?|bought|success|won|win|accepted|approved|churn(ed)?|default(ed)?|fraud|spam|malignant)$/i;
const NO =
  /^(n|no|f|false|off|-|neg|negative|fail(ed|ure)?|lost|loss|rejected|denied|normal|none|legit|ham|benign|<.*)$/i;
/** Values that messages list. */
const SHOWN = 5;

export interface LabelOptions {
  /**
   * The column to predict, a comparison such as "rating >= 4", or a rule. Default: the one that is called label, click,
   * clicked, target or y.
   */
  label?: string | LabelRule;
  /** The value that counts as 1. Default: the one that reads as a yes, the larger number, or the rarer one. */
  positiveLabel?: string;
  /** Whether other values may occur beside the labels, since the reader of the rows reports each of them. */
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
    const wrong = column.examples.find(value => parseNumber(value) === undefined);
    if (wrong !== undefined && !allowWrongLabels)
      throw new AutofisError(
        `${where}: the label ${positiveInWords(named)} must compare numbers. ${column.name} holds ${show(wrong)}.`,
      );
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
      `${where}: no column is called ${LABELS.join(', ')}. Name the \`label\`. The columns are: ` +
        `${names.join(', ')}.${headerHint(names)}`,
    );
  }
  if (typeof given === 'string' && names.includes(given)) return {column: given};
  const comparison = typeof given === 'string' ? parseComparison(given) : given;
  if (comparison !== undefined && names.includes(comparison.column)) return comparison;
  throw new AutofisError(
    `${where}: \`label\` must be a column. Received: ${show(given)}. The columns are: ` +
      `${names.join(', ')}.${headerHint(names)}`,
  );
}

/** What is said where the names of the columns look like values. */
function headerHint(names: readonly string[]): string {
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
  const plain = allowWrong ? values.slice(0, 2).every(isLabel) : values.every(isLabel);
  if (!dash && present < rows && !(allowWrong && values.length >= 2 && (plain || distinct === 2))) {
    throw new AutofisError(
      `${where}: the label ${name} is missing in ${rows - present} of the first ${rows} rows. Leave these rows out.`,
    );
  }
  if (values.length < 2)
    throw new AutofisError(
      `${where}: the label ${name} is ${values[0] ?? 'missing'} in each of the first ${rows} rows. ` +
        'A model needs 0 and 1.',
    );
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
  const {positive, because} = guess(values);
  const other = values.find(value => value !== positive)!;
  return {rule: {column: name, positive: [positive], negative: [other]}, because, other};
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
    because: `${positive} was named as positive`,
    other: negative.length === 1 ? negative[0] : null,
  };
}

/** Of false and true the one that means the same: a query has made them of a file's no and yes, or N and Y. */
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

function cure({name, number, examples}: ColumnFacts): string {
  return number === undefined
    ? `Say which of them is positive by \`positiveLabel\`, such as ${examples[0]}, or name another column.`
    : `Compare it, such as "${name} >= ${[...examples].map(Number).sort((a, b) => a - b)[examples.length >> 1]}", ` +
        'or name another column.';
}

/** The positive one of two values, the more frequent first. */
function guess([frequent, rare]: readonly string[]): {positive: string; because: string} {
  const [a, b] = [parseNumber(frequent), parseNumber(rare)];
  if (a !== undefined && b !== undefined) {
    const larger = a > b ? frequent : rare;
    return {positive: larger, because: `${larger} is the larger number`};
  }
  for (const [value, other] of [
    [rare, frequent],
    [frequent, rare],
  ]) {
    if (
      (YES.test(value) && !YES.test(other)) ||
      (NO.test(other) && !NO.test(value)) ||
      other.toLowerCase().endsWith(value.toLowerCase())
    ) {
      return {positive: value, because: `${value} reads as a yes beside ${other}`};
    }
  }
  return {positive: rare, because: `${rare} is rarer than ${frequent}`};
}
