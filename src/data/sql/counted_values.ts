import type {DuckDBConnection} from '@duckdb/node-api';
import type {CountedValue} from '../../schema/inference/counted_value';
import {chunksOf, textsOf, whole} from './results';

/** The different values of an expression of text over a relation, and how many rows have each. */
export async function countedValues(
  connection: DuckDBConnection,
  text: string,
  relation: string,
): Promise<CountedValue[]> {
  const counted: CountedValue[] = [];
  const grouped = `SELECT ${text} AS v, count(*)::DOUBLE AS n FROM ${relation} GROUP BY 1`;
  for await (const chunk of chunksOf(connection, `SELECT ${whole('v')}, n FROM (${grouped}) WHERE v IS NOT NULL`)) {
    const counts = chunk.getColumnValues(1) as number[];
    textsOf(chunk, 0).forEach((value, i) => {
      counted.push({value: value!, count: counts[i]});
    });
  }
  return counted;
}
