import {AutofisError} from '../../errors';
import {checkSchema} from '../check_schema';
import {ruleEncoder} from '../rule_encoder';
import {logSquaredCode, parseNumber} from '../rules/numeric';
import {type FieldValue, missingTest} from '../rules/rule';
import type {FieldRule, NumericRule, Schema} from '../schema';
import {type FittedField, type FittedSchema, fittedField} from '../vocabulary';
import {countItems, QuantileEdges, rankValues} from './counted_values';
import {binsOf, isSpike, SpikeEdges} from './spike_edges';
import {countValues, type TextColumn} from './text_column';

/**
 * Fit a schema on rows in memory: the vocabularies and edges that `fitSchema` of 'tfjs-autofis/data' gives, in plain
 * TypeScript, for browsers.
 *
 * @param columns The table's columns, at least those that the schema reads.
 * @param isTraining Whether a row is for training.
 * @throws AutofisError if a column is missing or no row is for training.
 */
export function fitColumns(
  schema: Schema,
  columns: readonly TextColumn[],
  isTraining: (row: number) => boolean,
): FittedSchema {
  const where = 'fitColumns';
  checkSchema(schema);
  const counts = new Map<string, Float64Array>();
  const fields = schema.fields.map(rule => {
    const column = columnOf(where, columns, rule.column);
    if (!counts.has(rule.column)) counts.set(rule.column, countValues(column, isTraining));
    return fitField(rule, column, counts.get(rule.column)!);
  });
  const rows = counts.get(schema.fields[0].column)!.reduce((sum, count) => sum + count, 0);
  if (rows === 0) throw new AutofisError(`${where}: the training part has no rows. Check the split.`);
  return {version: 1, schema, rows, fields};
}

/** The column of a name. */
export function columnOf(where: string, columns: readonly TextColumn[], name: string): TextColumn {
  const found = columns.find(column => column.name === name);
  if (found !== undefined) return found;
  throw new AutofisError(
    `${where}: the table has no column ${JSON.stringify(name)}. It has ` +
      `${columns.map(column => JSON.stringify(column.name)).join(', ')}.`,
  );
}

/**
 * Fit a field on the different values of its column, which are texts, or lists for a rule of many values.
 * @param counts Training rows of each value, those without one last.
 */
export function fitField(
  rule: FieldRule,
  {values}: {values: readonly FieldValue[]},
  counts: Float64Array,
): FittedField {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const ids = new Int32Array(rule.type === 'multiValued' ? rule.width : 1);
  const shares = (field: FittedField) => {
    const encoder = ruleEncoder(rule, field);
    let missing = counts[values.length];
    let unseen = 0;
    values.forEach((value, i) => {
      if (counts[i] === 0) return;
      const outcome = encoder.encode(value, ids, 0);
      if (outcome === 'unseen') unseen += counts[i];
      else if (outcome !== 'known') missing += counts[i];
    });
    return {missing: missing / rows, unseen: unseen / rows};
  };
  const none = {missing: 0, unseen: 0};
  const found = foundValues(rule, values, counts);
  return fittedField(rule, shares(fittedField(rule, none, found)), found);
}

function foundValues(
  rule: FieldRule,
  values: readonly FieldValue[],
  counts: Float64Array,
): {values?: string[]; edges?: number[]} {
  const isMissing = missingTest(rule.missing);
  const counted = values
    .map((value, i) => [value, counts[i]] as const)
    .filter(([value, count]) => count > 0 && !isMissing(value));
  if (rule.type === 'multiValued') return {values: rankValues(countItems(rule, counted), rule)};
  const texts = counted as Array<readonly [string, number]>;
  switch (rule.type) {
    case 'categorical':
      return {values: rankValues(texts, rule)};
    case 'numeric': {
      const numbers = texts.flatMap(([text, count]) => {
        const x = parseNumber(text);
        return x === undefined ? [] : [[x, count] as const];
      });
      if (rule.bucketing === 'logSquared')
        return {values: rankValues(added(numbers.map(([x, count]) => [String(logSquaredCode(x)), count])), rule)};
      return rule.bucketing === 'edges'
        ? {}
        : {
            edges: edgesOf(
              rule,
              [...added(numbers)].sort(([a], [b]) => a - b),
            ),
          };
    }
    default:
      return {};
  }
}

/** Counts of equal keys added up. */
function added<K>(counted: ReadonlyArray<readonly [K, number]>): Map<K, number> {
  const sums = new Map<K, number>();
  for (const [key, count] of counted) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

/** The edges that the different numbers suggest, in rising order, each with its count. */
function edgesOf(
  {bucketing, buckets}: NumericRule & {buckets?: number},
  numbers: ReadonlyArray<readonly [number, number]>,
): number[] {
  const count = numbers.reduce((sum, [, rows]) => sum + rows, 0);
  const bins = buckets ?? binsOf(count);
  const spikes = numbers.filter(([, rows]) => isSpike(rows, count, bins));
  const found =
    bucketing === 'quantiles'
      ? new QuantileEdges(count, bins)
      : new SpikeEdges(count, bins, {values: spikes.length, rows: spikes.reduce((sum, [, rows]) => sum + rows, 0)});
  for (const [x, rows] of numbers) found.add(x, rows);
  return found.edges;
}
