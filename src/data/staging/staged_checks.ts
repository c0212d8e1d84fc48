import type {DuckDBConnection} from '@duckdb/node-api';
import {datePartReader} from '../../schema/rules/date_reader';
import {missingTest} from '../../schema/rules/rule';
import type {DateTimeRule, Schema} from '../../schema/schema';
import {ISO_DATES, type Split} from '../../schema/split';
import {partAt} from '../../schema/split_times';
import {SPLIT_TIME, type StagingPlan} from '../sql/staging_plan';
import {type Engine} from '../sql/duckdb';
import {readRows} from '../sql/results';
import {identifier} from '../../sql_literals';
import {distinctValues, enumeration} from '../sql/field_sql';
import {addRejects, MOST_EXAMPLES, type Reject, type Rejects} from '../sources/rejects';
import type {Relation} from '../sources/relation';
import {type RowLocation, locateRows} from '../sources/row_locations';

/** Rows with a value that cannot be used: a check of the plan is true of them. */
export async function failedChecks(
  {connection}: Engine,
  relation: Relation,
  {checks, from}: StagingPlan,
  staged: string,
): Promise<Rejects> {
  const {count, first, locations} = await badRows<number>(connection, relation, `${staged} WHERE bad > 0`, 'bad');
  if (count === 0) return {count, examples: []};
  const failed = new Map(first.map(([row, bad]) => [row, checks[bad - 1]]));
  // Reads the source again for the invalid text: this is rare, and saves the user a search.
  const texts = checks.map(({text}, i) => `${text} AS v${i}`);
  const values = await readRows(
    connection,
    `
    SELECT * FROM (SELECT row_number() OVER () - 1 AS row, ${texts.join(', ')} FROM ${from(relation.sql)})
    WHERE row IN (${[...failed.keys()].join(', ')}) ORDER BY row`,
  );
  return {
    count,
    examples: values.map(([row, ...invalid]): Reject => {
      const check = failed.get(row as number)!;
      return {
        ...locations.get(row as number)!,
        column: check.column,
        value: (invalid[checks.indexOf(check)] as string | null) ?? '',
        reason: check.reason,
      };
    }),
  };
}

/** Count rows, and look at the first: an expression of each, and its place. */
async function badRows<T>(
  connection: DuckDBConnection,
  relation: Relation,
  rows: string,
  value: string,
): Promise<{count: number; first: Array<[row: number, value: T]>; locations: Map<number, RowLocation>}> {
  const [[count]] = await readRows<number[]>(connection, `SELECT count(*) FROM ${rows}`);
  if (count === 0) return {count, first: [], locations: new Map()};
  const sql = `SELECT row, ${value} FROM ${rows} ORDER BY 1 LIMIT ${MOST_EXAMPLES}`;
  const first = await readRows<[number, T]>(connection, sql);
  const numbers = first.map(([row]) => row);
  return {count, first, locations: await locateRows(connection, relation, numbers)};
}

/** Rows whose date is wrong, by the reference encoder on each different value, and conditions that leave them out. */
export async function wrongDates(
  {connection}: Engine,
  relation: Relation,
  plan: StagingPlan,
  staged: string,
  schema: Schema,
  split: Split | undefined,
): Promise<{filters: string[]; rejects: Rejects}> {
  const filters: string[] = [];
  let rejects: Rejects = {count: 0, examples: []};
  for (const [i, {name, column, format, isWrong: isWrongDate}] of dateColumns(plan, schema, split).entries()) {
    const values = await distinctValues(connection, {name, rows: `(SELECT * FROM ${staged} WHERE bad = 0)`});
    // A look-up takes the same time however many values there are, and leaves the rows in their order.
    const wrong = await enumeration(connection, `wrong_dates_${i}`, values.filter(isWrongDate));
    if (wrong === undefined) continue;
    const isWrong = `TRY_CAST(${name} AS ${wrong}) IS NOT NULL`;
    const rows = `${staged} WHERE ${[isWrong, 'bad = 0', ...filters].join(' AND ')}`;
    const {count, first, locations} = await badRows<string>(connection, relation, rows, name);
    const reason = `is not a date of the form ${format === undefined ? 'ISO 8601' : identifier(format)}`;
    rejects = addRejects(rejects, {
      count,
      examples: first.map(([row, value]) => ({...locations.get(row)!, column, value, reason})),
    });
    filters.push(`NOT (${isWrong})`);
  }
  return {filters, rejects};
}

/** The staged columns of dates, of fields and of the split, with their format, undefined for ISO 8601. */
function dateColumns(
  plan: StagingPlan,
  schema: Schema,
  split: Split | undefined,
): Array<{name: string; column: string; format?: string; isWrong(value: string): boolean}> {
  const fields = schema.fields.flatMap(rule =>
    rule.type === 'dateTime'
      ? [{name: plan.nameOf(rule), column: rule.column, format: rule.format, isWrong: wrongDate(rule)}]
      : [],
  );
  if (split?.by !== 'time' || split.format === undefined) return fields;
  const part = partAt(split);
  const format = split.format === ISO_DATES ? undefined : split.format;
  return [...fields, {name: SPLIT_TIME, column: split.column, format, isWrong: time => part(time) === undefined}];
}

/** Return a test for texts that are not dates by the rule. */
function wrongDate({missing, format, part}: DateTimeRule): (value: string) => boolean {
  const isMissing = missingTest(missing);
  const read = datePartReader(format, part);
  return value => !isMissing(value) && read(value) === undefined;
}
