import type {DuckDBConnection} from '@duckdb/node-api';
import type {FieldSpec} from 'tfjs-autofis';
import {binsOf, isSpike, SpikeEdges} from '../internals';

/** One field of a data set. */
export interface FieldRule {
  name: string;
  /** An SQL expression over the columns of the source; null is a value of its own. */
  value?: string;
  /** 'category' (default), 'number' in bins, or 'list' with values joined by "|". */
  kind?: 'category' | 'number' | 'list';
  /** The most values that a list holds. */
  width?: number;
}

/** Rows as ids, counted from 0 within each field. */
export interface Table {
  rows: number;
  /** Row-major. */
  ids: Int32Array;
  labels: Float32Array;
}

export type PartName = 'train' | 'validation' | 'test';

/**
 * How numbers become bins: 32 of equal frequency, as an independent implementation has them that table 1 is compared
 * with; or the library's own, 128 at most with spikes apart.
 */
export type Bins = 'quantiles' | 'spikes';

const BUCKETS = 32;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * Encodes the table `rows`, which has the columns part, label and those of the rules, in the order of its column `n`.
 * Vocabularies and buckets come from the training part alone. Values that it does not hold share the last id of the
 * field, whose embedding is never trained.
 */
export async function encode(
  connection: DuckDBConnection,
  rules: FieldRule[],
  bins: Bins = 'quantiles',
): Promise<{fields: FieldSpec[]; parts: Record<PartName, Table>}> {
  const column = async (sql: string) => (await connection.runAndReadAll(sql)).getColumns()[0] as unknown[];
  const part = (await column('SELECT part FROM rows ORDER BY n')) as PartName[];
  const label = (await column('SELECT label FROM rows ORDER BY n')) as number[];
  const fields: FieldSpec[] = [];
  const columns: Int32Array[] = [];
  for (const {name, value = quoted(name), kind = 'category', width} of rules) {
    if (kind === 'list') {
      const {ids, size} = listColumns(
        (await column(`SELECT (${value})::VARCHAR FROM rows ORDER BY n`)) as string[],
        part,
        width!,
      );
      columns.push(...ids);
      fields.push({name, size, width: width!, combiner: 'mean'});
      continue;
    }
    const bucket = kind === 'category' ? `(${value})::VARCHAR` : await bucketed(connection, `(${value})::DOUBLE`, bins);
    // The library's own bins are in order behind id 0, which missing values have.
    const ordered = kind === 'number' && bins === 'spikes';
    await connection.run(`CREATE OR REPLACE TEMP TABLE vocabulary AS
      SELECT v, (row_number() OVER (ORDER BY v) - ${ordered ? 0 : 1})::INTEGER AS id FROM
      (SELECT DISTINCT ${bucket} AS v FROM rows WHERE part = 'train') ${ordered ? 'WHERE v IS NOT NULL' : ''}`);
    const size = Number((await column('SELECT count(*) FROM vocabulary'))[0]) + 1;
    const ids = await column(`SELECT coalesce(id, ${ordered ? 0 : size - 1}) FROM (SELECT n, ${bucket} AS v FROM rows) r
      LEFT JOIN vocabulary ON vocabulary.v IS NOT DISTINCT FROM r.v ORDER BY n`);
    columns.push(Int32Array.from(ids as number[]));
    fields.push({name, size, ...(ordered ? {ordered} : {})});
  }
  const table = (wanted: PartName) => select(columns, label, index => part[index] === wanted);
  return {fields, parts: {train: table('train'), validation: table('validation'), test: table('test')}};
}

/** The number's bin by the training part; null stays null. */
async function bucketed(connection: DuckDBConnection, value: string, bins: Bins): Promise<string> {
  const edges = await (bins === 'spikes' ? spikeEdges : quantileEdges)(connection, value);
  return (
    `CASE WHEN ${value} IS NULL THEN NULL ELSE list_count(list_filter([${edges}]::DOUBLE[], ` +
    `edge -> edge < ${value})) END`
  );
}

async function quantileEdges(connection: DuckDBConnection, value: string): Promise<number[]> {
  const shares = Array.from({length: BUCKETS - 1}, (_, i) => (i + 1) / BUCKETS);
  const reader = await connection.runAndReadAll(
    `SELECT unnest(quantile_cont(${value}, [${shares}])) FROM rows WHERE part = 'train'`,
  );
  return [...new Set(reader.getColumns()[0] as number[])];
}

async function spikeEdges(connection: DuckDBConnection, value: string): Promise<number[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${value} AS x, count(*)::INTEGER FROM rows WHERE part = 'train' AND ${value} IS NOT NULL GROUP BY x ` +
      'ORDER BY x',
  );
  const [values, rows] = reader.getColumns() as [number[], number[]];
  const count = rows.reduce((sum, n) => sum + n, 0);
  const buckets = binsOf(count);
  const spikes = rows.filter(n => isSpike(n, count, buckets));
  const edges = new SpikeEdges(count, buckets, {values: spikes.length, rows: spikes.reduce((sum, n) => sum + n, 0)});
  values.forEach((x, i) => edges.add(x, rows[i]));
  return edges.edges;
}

function listColumns(values: string[], part: PartName[], width: number): {ids: Int32Array[]; size: number} {
  const lists = values.map(value => value.split('|').slice(0, width));
  const known = [...new Set(lists.filter((_, row) => part[row] === 'train').flat())].sort();
  const idOf = new Map(known.map((value, id) => [value, id]));
  const ids = Array.from({length: width}, () => new Int32Array(values.length).fill(-1));
  lists.forEach((list, row) =>
    list.forEach((value, i) => {
      ids[i][row] = idOf.get(value) ?? known.length;
    }),
  );
  return {ids, size: known.length + 1};
}

/** The rows that `keep` names, in order. */
export function select(
  columns: readonly Int32Array[],
  labels: ArrayLike<number>,
  keep: (row: number) => boolean,
): Table {
  const kept = Array.from({length: labels.length}, (_, row) => row).filter(keep);
  const ids = new Int32Array(kept.length * columns.length);
  kept.forEach((row, i) =>
    columns.forEach((column, f) => {
      ids[i * columns.length + f] = column[row];
    }),
  );
  return {rows: kept.length, ids, labels: Float32Array.from(kept, row => labels[row])};
}

/** Rows in their order as three parts: of ten, eight for training, one for validation, one for testing. */
export function byTens(columns: readonly Int32Array[], labels: ArrayLike<number>): Record<PartName, Table> {
  const part = (from: number, to: number) => select(columns, labels, row => row % 10 >= from && row % 10 < to);
  return {train: part(0, 8), validation: part(8, 9), test: part(9, 10)};
}
