import type {DuckDBConnection} from '@duckdb/node-api';
import {QuantileEdges} from '../../schema/columns/counted_values';
import {fitField} from '../../schema/columns/fit_columns';
import {binsOf, SpikeEdges} from '../../schema/columns/spike_edges';
import type {FieldValue} from '../../schema/rules/rule';
import type {FieldRule, MultiValuedRule, NumericRule} from '../../schema/schema';
import {type FittedField, fittedField, hasVocabulary} from '../../schema/vocabulary';
import {chunksOf, readRows, takeCounted, lossless} from './results';
import {type FieldColumn, overValues, valueSql} from './field_sql';

/** Fit a field on a column of the training rows, of which there are `rows`. */
export async function fitFieldBySql(
  connection: DuckDBConnection,
  rule: FieldRule,
  fieldColumn: FieldColumn,
  rows: number,
): Promise<FittedField> {
  const {name: column, repeating, rows: train} = fieldColumn;
  const value = valueSql(rule, column) === column ? column : overValues(column, repeating, v => valueSql(rule, v));
  if (rule.type === 'multiValued') return fitItems(connection, rule, fieldColumn);
  if (hasVocabulary(rule)) return fitValues(connection, rule, value, train, rows);
  const [[present]] = await readRows<number[]>(connection, `SELECT count(${value}) FROM ${train}`);
  const training = {missing: (rows - present) / rows, unseen: 0};
  if (rule.type === 'numeric' && rule.bucketing !== 'edges') {
    return fittedField(rule, training, {edges: await edgesOf(connection, rule, value, train, present)});
  }
  return fittedField(rule, training);
}

interface Counted {
  /** Least training rows of a value with an id. */
  minCount?: number;
  maxSize?: number;
}

/** The values by falling count, equal counts by their UTF-8 bytes, which is how DuckDB compares text. */
async function fitValues(
  connection: DuckDBConnection,
  rule: FieldRule,
  value: string,
  train: string,
  rows: number,
): Promise<FittedField> {
  const {minCount = 1, maxSize = Infinity} = rule as Counted;
  // The row of the missing values comes first, if there are any, so that a limit leaves it.
  const sql = `
    SELECT ${lossless('v')}, n FROM (SELECT ${value} AS v, count(*)::DOUBLE AS n FROM ${train} GROUP BY 1)
    WHERE n >= ${minCount} OR v IS NULL
    ORDER BY v IS NULL DESC, n DESC, v ${maxSize === Infinity ? '' : `LIMIT ${maxSize - 1}`}`;
  const values: string[] = [];
  let missing = 0;
  let known = 0;
  await takeCounted(connection, sql, (value, count) => {
    if (value === null) {
      missing = count;
    } else if (values.length < maxSize - 2) {
      values.push(value);
      known += count;
    }
  });
  return fittedField(rule, {missing: missing / rows, unseen: (rows - missing - known) / rows}, {values});
}

/** Fit the ids of the items of lists. Equal lists are split once. */
async function fitItems(
  connection: DuckDBConnection,
  rule: MultiValuedRule,
  {name: column, rows: train, read}: FieldColumn,
): Promise<FittedField> {
  const values: FieldValue[] = [];
  const counts: number[] = [];
  let missing = 0;
  const sql = `SELECT ${lossless('v')}, n FROM (SELECT ${column} AS v, count(*)::DOUBLE AS n FROM ${train} GROUP BY 1)`;
  await takeCounted(connection, sql, (list, count) => {
    if (list === null) {
      missing = count;
    } else {
      values.push(read(list));
      counts.push(count);
    }
  });
  return fitField(rule, {values}, Float64Array.from([...counts, missing]));
}

/** The edges that the different numbers suggest. */
async function edgesOf(
  connection: DuckDBConnection,
  {bucketing, buckets}: NumericRule & {buckets?: number},
  value: string,
  train: string,
  count: number,
): Promise<number[]> {
  const bins = buckets ?? binsOf(count);
  const numbers =
    `SELECT x, count(*)::DOUBLE AS n FROM (SELECT ${value} AS x FROM ${train}) WHERE x IS NOT NULL ` + 'GROUP BY x';
  const found =
    bucketing === 'quantiles'
      ? new QuantileEdges(count, bins)
      : new SpikeEdges(count, bins, await spikesOf(connection, numbers, count, bins));
  for await (const chunk of chunksOf(connection, `${numbers} ORDER BY x`)) {
    const values = chunk.getColumnValues(0) as number[];
    const counts = chunk.getColumnValues(1) as number[];
    values.forEach((x, i) => found.add(x, counts[i]));
  }
  return found.edges;
}

/** Count the values that are spikes, as `isSpike` says, and the rows that have one. */
async function spikesOf(
  connection: DuckDBConnection,
  numbers: string,
  count: number,
  bins: number,
): Promise<{values: number; rows: number}> {
  const [[values, rows]] = await readRows<number[]>(
    connection,
    `SELECT count(*), coalesce(sum(n), 0) FROM (${numbers}) WHERE n * ${bins} >= ${count}`,
  );
  return {values, rows};
}
