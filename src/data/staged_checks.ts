import type {Schema} from '../schema/schema';
import type {StagingPlan} from './columns';
import {type Engine, identifier, literal, readRows} from './duckdb';
import {distinctValues} from './field_sql';
import {addRejects, MOST_EXAMPLES, type Reject, type Rejects} from './rejects';
import type {Relation} from './relation';
import {rowPlaces} from './row_places';
import {wrongDate} from './staged';

/** Rows with a value that cannot be used: a check of the plan is true of them. */
export async function failedChecks({connection}: Engine, relation: Relation, {checks}: StagingPlan, staged: string): Promise<Rejects> {
  const [[count]] = await readRows(connection, `SELECT count(*) FROM ${staged} WHERE bad > 0`) as number[][];
  if (count === 0) return {count, examples: []};
  const first = await readRows(connection, `SELECT row, bad FROM ${staged} WHERE bad > 0 ORDER BY 1 LIMIT ${MOST_EXAMPLES}`) as number[][];
  const failed = new Map(first.map(([row, bad]) => [row, checks[bad - 1]]));
  // The source once more, for the text that could not be used: rare, and worth the time of whoever has to find it.
  const texts = checks.map(({text}, i) => `${text} AS v${i}`);
  const values = await readRows(connection, `
    SELECT * FROM (SELECT row_number() OVER () - 1 AS row, ${texts.join(', ')} FROM ${relation.sql})
    WHERE row IN (${[...failed.keys()].join(', ')}) ORDER BY row`);
  const places = await rowPlaces(connection, relation, [...failed.keys()]);
  return {count, examples: values.map(([row, ...each]): Reject => {
    const check = failed.get(row as number)!;
    return {...places.get(row as number)!, column: check.column, value: each[checks.indexOf(check)] as string | null ?? '', reason: check.reason};
  })};
}

/** Rows whose date is wrong, by the reference encoder on each different value, and conditions that leave them out. */
export async function wrongDates(
    {connection}: Engine, relation: Relation, plan: StagingPlan, staged: string, schema: Schema): Promise<{filters: string[], rejects: Rejects}> {
  const filters: string[] = [];
  let rejects: Rejects = {count: 0, examples: []};
  for (const rule of schema.fields) {
    if (rule.type !== 'dateTime') continue;
    const name = plan.nameOf(rule);
    const wrong = (await distinctValues(connection, {name, rows: `(SELECT * FROM ${staged} WHERE bad = 0)`})).filter(wrongDate(rule));
    if (wrong.length === 0) continue;
    const is = `${name} IN (${wrong.map(literal).join(', ')})`;
    const rows = await readRows(connection, `SELECT row, ${name} FROM ${staged} WHERE ${[is, 'bad = 0', ...filters].join(' AND ')} ORDER BY 1`);
    filters.push(`NOT coalesce(${is}, false)`);
    const examples = rows.slice(0, MOST_EXAMPLES), places = await rowPlaces(connection, relation, examples.map(([row]) => row as number));
    rejects = addRejects(rejects, {count: rows.length, examples: examples.map(([row, value]) => ({
      ...places.get(row as number)!, column: rule.column, value: value as string,
      reason: `is no date of the form ${rule.format === undefined ? 'ISO 8601' : identifier(rule.format)}`,
    }))});
  }
  return {filters, rejects};
}
