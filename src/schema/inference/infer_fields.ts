import {AutofisError, show} from '../../errors';
import {labelOf} from '../label';
import type {FieldRule, Schema} from '../schema';
import type {Split} from '../split';
import type {ColumnFacts} from './column_facts';
import {inferRule} from './infer_rule';
import {inferSplit} from './infer_split';

/** A first schema, to be read and corrected by people. */
export interface Inferred {
  schema: Schema;
  split: Split;
  /** What was assumed, a sentence each. */
  notes: string[];
}

const LABELS = ['label', 'click', 'clicked', 'target', 'y'];

/**
 * How the columns of a table become fields, by what is known of each of them: `inferSchema` of 'tfjs-autofis/data' has DuckDB
 * count values, `columnFacts` looks at columns in memory.
 *
 * @param label The column to predict. Default: the one that is called label, click, clicked, target or y.
 * @param splitColumn The column that says which part a row belongs to. Default: one called split, part, set, subset or
 *     fold; null for none, so that rows are drawn.
 * @param seed Seed of what is drawn where no column parts the rows.
 * @param allowWrongLabels Whether labels that are neither 0 nor 1 may stand beside those, since who reads the rows names each of them.
 * @throws AutofisError if there is no label, its values are not 0 and 1, or fewer than two fields are left.
 */
export function inferFields(where: string, facts: readonly ColumnFacts[], options: {label?: string, splitColumn?: string | null, seed: number, allowWrongLabels?: boolean}): Inferred {
  const names = facts.map(({name}) => name), {seed} = options;
  const label = labelColumn(where, options.label, names);
  if (typeof options.splitColumn === 'string') checkName(where, 'splitColumn', options.splitColumn, names);
  checkLabel(where, facts.find(({name}) => name === label)!, options.allowWrongLabels === true);
  const notes = options.label === undefined ? [`The label is the column ${label}.`] : [];
  const {split, column} = inferSplit(where, facts, {label, seed, splitColumn: options.splitColumn});
  notes.push(split.note);
  const fields: FieldRule[] = [], numbers: string[] = [];
  for (const each of facts) {
    if (each.name === label || each.name === column) continue;
    const inferred = inferRule(each);
    fields.push(...inferred.rules);
    if (inferred.note !== null) notes.push(inferred.note);
    if (inferred.numbers === true) numbers.push(each.name);
  }
  if (numbers.length > 0) notes.push(`Each value is a category, though they are numbers: ${numbers.join(', ')}.`);
  if (fields.length < 2) {
    throw new AutofisError(`${where}: a model of interactions needs two fields; the table has ${fields.length}. ${notes.join(' ')}`);
  }
  return {schema: {version: 1, label: {column: label}, fields}, split: split.split, notes};
}

function labelColumn(where: string, given: string | undefined, names: readonly string[]): string {
  if (given !== undefined) {
    checkName(where, 'label', given, names);
    return given;
  }
  const found = names.find(name => LABELS.includes(name.toLowerCase()));
  if (found !== undefined) return found;
  throw new AutofisError(`${where}: no column is called ${LABELS.join(', ')}. Say which is the \`label\`. There are: ${names.join(', ')}.`);
}

function checkName(where: string, option: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new AutofisError(`${where}: \`${option}\` must be a column. Received: ${show(name)}. There are: ${names.join(', ')}.`);
}

function checkLabel(where: string, {name, examples, present, rows}: ColumnFacts, allowWrong: boolean): void {
  if (rows === 0) throw new AutofisError(`${where}: the table has no rows, only names of columns.`);
  const isWrong = (value: string) => labelOf(value) === undefined;
  // The most frequent values come first.
  if (allowWrong && examples.length >= 2 && !examples.slice(0, 2).some(isWrong)) return;
  const wrong = examples.find(isWrong);
  if (wrong !== undefined) throw new AutofisError(`${where}: the label ${name} must hold 0 and 1. It holds ${show(wrong)}. Write it as 0 and 1, or name another column.`);
  if (present < rows) throw new AutofisError(`${where}: the label ${name} is missing in ${rows - present} of the first ${rows} rows. Leave these rows out.`);
  if (examples.length < 2) throw new AutofisError(`${where}: the label ${name} is ${examples[0] ?? 'missing'} in each of the first ${rows} rows. A model needs 0 and 1.`);
}
