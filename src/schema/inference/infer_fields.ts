import {AutofisError, show} from '../../errors';
import type {FieldRule, Schema} from '../schema';
import type {Split} from '../split';
import {assume, type Assumption, type Reading} from './assumption';
import {checkName} from './check_name';
import type {ColumnFacts} from './column_facts';
import {inferColumn} from './infer_column';
import {inferLabel, type LabelOptions} from './infer_label';
import {groupSplit, inferSplit} from './infer_split';

/** A first schema, for people to read and correct. */
export interface Inferred {
  schema: Schema;
  split: Exclude<Split, {by: 'file' | 'order'}>;
  /** All that was assumed: the label, the parts, and each other column. */
  assumptions: Assumption[];
}

/** Choices of the user that replace inferred ones. */
export interface InferenceOptions extends LabelOptions {
  /** The column that holds the weights of rows, which is then not a field. Default: none. */
  weight?: string;
  /**
   * The column that says which part a row belongs to. Default: one called split, part, partition, set, subset or fold,
   * or one whose values are words such as train and test; null for none, so that rows are drawn.
   */
  splitColumn?: string | null;
  /**
   * The column of times that rows are split by, in place of `splitColumn`: the month of its dates is not a field, since
   * that of tomorrow has not been seen, and numbers are none.
   */
  timeColumn?: string;
  /**
   * The column of groups, such as users, that are never in two parts, in place of `splitColumn`. It is a field only
   * where `as` names it, since test rows have new groups.
   */
  group?: string;
  /** Readings of columns by name: category, number, list, date, date:FORMAT; drop leaves one out. */
  as?: {readonly [column: string]: Reading};
  /** Seed of what is drawn where no column names the parts. */
  seed: number;
  /** True if the facts are of all rows. Default false. */
  complete?: boolean;
}

/** Values that messages list. */
const SHOWN = 5;

const READINGS = ['category', 'number', 'list', 'date', 'drop'];

/**
 * Infer how the columns of a table become fields, from the facts about each column. For `inferSchema` of
 * 'tfjs-autofis/data' DuckDB counts the values; `columnFacts` reads columns in memory.
 *
 * @throws AutofisError if there is not a label with two values, a column cannot be read as asked, or fewer than two
 *     fields are left.
 */
export function inferFields(where: string, facts: readonly ColumnFacts[], options: InferenceOptions): Inferred {
  const {weight, as = {}, seed, complete = false, timeColumn, group} = options;
  for (const [name, reading] of Object.entries(as)) checkReading(where, name, reading, facts);
  const label = inferLabel(where, facts, options);
  if (weight !== undefined) checkWeight(where, weight, facts);
  if (typeof options.splitColumn === 'string') checkName(where, 'splitColumn', options.splitColumn, facts);
  if (group !== undefined) checkName(where, 'group', group, facts);
  if (Object.hasOwn(as, label.rule.column))
    throw new AutofisError(
      `${where}: \`as\` must not name the label ${label.rule.column}. Name another label, or leave it out of \`as\`.`,
    );
  // A column that a person has named a reading or a role for does not hold parts.
  const free = facts.filter(({name}) => name === options.splitColumn || (name !== weight && !Object.hasOwn(as, name)));
  const splitColumn = timeColumn === undefined && group === undefined ? options.splitColumn : null;
  const named = inferSplit(where, free, {label: label.rule.column, seed, splitColumn, complete});
  const parts = group === undefined ? named : groupSplit(group, seed);
  const assumptions = [label.assumption, ...(timeColumn === undefined ? [parts.assumption] : [])];
  if (weight !== undefined) assumptions.push(assume(weight, 'weights of rows', 'it was named'));
  const fields: FieldRule[] = [];
  for (const column of facts) {
    if ([label.rule.column, weight, named.column].includes(column.name)) continue;
    if (column.name === group && !Object.hasOwn(as, group)) continue;
    const {rules, assumption} = inferColumn(where, column, {
      asked: Object.hasOwn(as, column.name) ? as[column.name] : undefined,
      isTime: column.name === timeColumn,
    });
    fields.push(...rules);
    assumptions.push(assumption);
  }
  if (fields.length < 2) {
    const leftOut = assumptions
      .filter(({reading}) => reading === 'left out')
      .map(({column, why}) => ` ${column} is left out: ${why}.`);
    throw new AutofisError(
      `${where}: a model of interactions needs two fields; the table has ${fields.length}.${leftOut.join('')}`,
    );
  }
  const roles = {label: label.rule, ...(weight === undefined ? {} : {weight: {column: weight}})};
  return {schema: {version: 1, ...roles, fields}, split: parts.split, assumptions};
}

/** Check that the weights are numbers, and not all 0. */
function checkWeight(where: string, weight: string, facts: readonly ColumnFacts[]): void {
  checkName(where, 'weight', weight, facts);
  const {number, examples} = facts.find(({name}) => name === weight)!;
  if (number === undefined || (number.least === 0 && number.greatest === 0))
    throw new AutofisError(
      `${where}: \`weight\` must be a column of numbers >= 0 that are not all 0. ` +
        `${weight} holds ${examples.length === 0 ? 'no value' : examples.slice(0, SHOWN).map(show).join(', ')}.`,
    );
}

function checkReading(where: string, name: string, reading: Reading, facts: readonly ColumnFacts[]): void {
  checkName(where, 'as', name, facts);
  if (READINGS.includes(reading) || /^date:./.test(reading)) return;
  throw new AutofisError(
    `${where}: \`as\` must read ${name} as one of ${READINGS.join(', ')} or date:FORMAT. Received: ${show(reading)}.`,
  );
}
