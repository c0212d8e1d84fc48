/**
 * Writes the page's sample, runs/page/assets/flights.parquet: 100,000 of the US flights that the npm package
 * vega-datasets carries, with the fields and the parts of the demo (`npm run demo`), as people write their values.
 * Option: --rows N.
 */
import {mkdirSync, renameSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {DuckDBInstance} from '@duckdb/node-api';
import {flights} from 'tfjs-autofis/data';
import {flightsFile} from '../flights/file';

const MONTHS = "['January', 'February', 'March', 'April', 'May', 'June']";
const WEEKDAYS = "['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']";

async function main(): Promise<void> {
  const {
    values: {rows},
  } = parseArgs({options: {rows: {type: 'string', default: '100000'}}});
  const {source} = flights({file: flightsFile, rows: Number(rows), seed: 1});
  const target = path.resolve('runs/page/assets/flights.parquet');
  const partial = `${target}.${process.pid}.partial`;
  mkdirSync(path.dirname(target), {recursive: true});
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (
    SELECT late, ${MONTHS}[month] AS month,
      strftime(DATE '2001-01-01' + (day - 1)::INTEGER, '%-d %B') AS day, ${WEEKDAYS}[weekday] AS weekday,
      hour || ':00' AS hour, ':' || "ten minutes" || '0' AS "ten minutes",
      CASE WHEN distance = 0 THEN 'below 100 miles' ELSE distance || '00 to ' || distance || '99 miles' END AS distance,
      origin, destination, part
    FROM (${(source as {sql: string}).sql})) TO '${partial.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  renameSync(partial, target);
  console.log(`${target}: ${Number(rows).toLocaleString('en')} flights.`);
}

void main();
