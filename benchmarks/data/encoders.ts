import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';
import {FieldRule, Row, RowEncoder} from 'tfjs-autofis';
import {openShards, prepare} from 'tfjs-autofis/data';
import {atMost} from '../bars';
import type {Row as Line, Section} from '../report';
import type {Context} from './context';

/** The public data sets beside the project. */
export const DATA = path.join('..', 'shared', 'data');
const CRITEO = [
  'label',
  ...Array.from({length: 13}, (_, i) => `I${i + 1}`),
  ...Array.from({length: 26}, (_, i) => `C${i + 1}`),
];

const categorical = (column: string): FieldRule => ({type: 'categorical', name: column, column, minCount: 2});
const numeric = (column: string): FieldRule => ({
  type: 'numeric',
  name: column,
  column,
  bucketing: 'quantiles',
  buckets: 20,
});

/** The data sets, and a rule for each of their columns. */
const SETS: Array<{file: string; separator: string; columns?: string[]; rule: (column: string) => FieldRule | null}> = [
  {
    file: 'criteo-sample.tsv.gz',
    separator: '\t',
    columns: CRITEO,
    rule: column => {
      if (column === 'label') return null;
      return column.startsWith('I')
        ? {type: 'numeric', name: column, column, bucketing: 'logSquared', minCount: 2}
        : categorical(column);
    },
  },
  {
    file: 'movielens-1m.csv.gz',
    separator: ',',
    rule: column => {
      if (['fold', 'label'].includes(column)) return null;
      if (column === 'genres') return {type: 'multiValued', name: column, column, separator: '|', width: 6};
      if (column === 'year') return numeric(column);
      return column === 'zip3' ? {type: 'hashed', name: column, column, buckets: 500} : categorical(column);
    },
  },
  {
    file: 'frappe.csv.gz',
    separator: ',',
    rule: column => (['split', 'label'].includes(column) ? null : categorical(column)),
  },
  {
    file: 'adult.csv.gz',
    separator: ',',
    rule: column => {
      if (['split', 'label'].includes(column)) return null;
      return ['age', 'fnlwgt', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week'].includes(column)
        ? numeric(column)
        : {...categorical(column), missing: ['?']};
    },
  },
];

/** Ids of the encoder in TypeScript against those of DuckDB, on every row of each data set that is there. */
export async function encoders({folder}: Context): Promise<Section> {
  const title = 'Both encoders';
  const rows: Line[] = [];
  const bars: Section['bars'] = [];
  for (const set of SETS) {
    const file = path.join(DATA, set.file);
    if (!existsSync(file)) {
      rows.push({section: title, name: set.file, note: 'missing: no such file'});
      bars.push(atMost(`${set.file}: rows with other ids`, undefined, 0));
      continue;
    }
    const {count, different, seconds} = await compare(file, set, path.join(folder, 'encoders'));
    rows.push({
      section: title,
      name: set.file,
      examples: count / seconds,
      note: `TypeScript; ${different} of ${count.toLocaleString('en')} rows differ`,
    });
    bars.push(atMost(`${set.file}: rows with other ids`, different, 0));
  }
  return {
    title,
    what: 'Rows a second of RowEncoder, and how many of its rows have other ids than DuckDB gives.',
    rows,
    bars,
  };
}

async function compare(
  file: string,
  {separator, columns, rule}: (typeof SETS)[number],
  folder: string,
): Promise<{count: number; different: number; seconds: number}> {
  const text = gunzipSync(readFileSync(file)).toString();
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => line.split(separator));
  const names = columns ?? lines.shift()!;
  const fields = names.map(rule).filter(field => field !== null);
  // Not plain, so that DuckDB reads it.
  const other = `${folder}.csv`;
  writeFileSync(other, text.replaceAll('\n', '\r\n'));
  const {fitted} = await prepare({
    source: {files: other, separator, columns},
    schema: {version: 1, label: {column: 'label'}, fields},
    folder,
    progress: false,
  });
  const encoder = new RowEncoder(fitted);
  const W = encoder.columns;
  let first = 0;
  let different = 0;
  let seconds = 0;
  for await (const batch of (await openShards(folder)).batches({batchSize: 10_000})) {
    const raw = lines
      .slice(first, (first += batch.rows))
      .map((line): Row => Object.fromEntries(names.map((name, i) => [name, line[i]])));
    const start = performance.now();
    const {ids} = encoder.encode(raw);
    seconds += (performance.now() - start) / 1e3;
    for (let row = 0; row < batch.rows; row++) {
      if (batch.ids.subarray(row * W, (row + 1) * W).some((id, c) => id !== ids[row * W + c])) different++;
    }
  }
  rmSync(folder, {recursive: true});
  rmSync(other);
  return {count: first, different: different + Math.abs(lines.length - first), seconds};
}
