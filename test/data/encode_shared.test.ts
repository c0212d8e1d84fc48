import {createHash} from 'node:crypto';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {tableFromIPC} from 'apache-arrow';
import {prepare} from '../../src/data/prepare';
import type {FileSource} from '../../src/data/sources/source';
import type {Split} from '../../src/schema/split';
import {type Row, RowEncoder} from '../../src/schema/row_encoder';
import type {FieldRule, Schema} from '../../src/schema/schema';
import {sharedFolder} from '../helpers/folders';
import {describeWith, readShared} from '../helpers/shared_data';

const folder = sharedFolder();

const categorical = (column: string, options = {}): FieldRule => ({
  type: 'categorical',
  name: column,
  column,
  ...options,
});
const CRITEO = [
  'label',
  ...Array.from({length: 13}, (_, i) => `I${i + 1}`),
  ...Array.from({length: 26}, (_, i) => `C${i + 1}`),
];

/** Writes rows as gzipped text. */
function written(name: string, rows: string[][]): string {
  const file = path.join(folder, name);
  writeFileSync(file, gzipSync(rows.map(row => `${row.join(',')}\n`).join(''), {level: 1}));
  return file;
}

/** Prepares a data set, and checks ids, labels and counts of every row against `RowEncoder`. */
async function check(
  source: FileSource,
  columns: readonly string[],
  rows: string[][],
  fields: FieldRule[],
  split: Split,
  partOf: (row: string[], i: number) => string | undefined,
): Promise<void> {
  const schema: Schema = {version: 1, label: {column: 'label'}, fields};
  const {manifest, fitted, parts} = await prepared(source, schema, split);
  expect(new Set(Object.keys(parts))).toEqual(new Set(rows.map(partOf).filter(Boolean)));
  const encoder = new RowEncoder(fitted);
  for (const [name, written] of Object.entries(parts)) {
    const expected = rows.filter((row, i) => partOf(row, i) === name);
    const {ids, issues, counts} = encoder.encode(
      expected.map(row => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as Row),
    );
    expect(issues).toEqual([]);
    const labels = Uint8Array.from(expected, row => Number(row[columns.indexOf('label')]));
    expect(manifest.parts[name]).toMatchObject({
      fields: counts,
      rows: expected.length,
      positives: labels.reduce((sum, label) => sum + label, 0),
    });
    expect(written).toEqual({ids: sha256(ids), labels: sha256(labels)});
  }
}

const sha256 = (...arrays: Array<Int32Array | Uint8Array>) =>
  arrays.reduce((hash, values) => hash.update(values), createHash('sha256')).digest('hex');

/** What `prepare` writes: manifest, fitted schema, and hashes of each part's ids and labels. */
async function prepared(source: FileSource, schema: Schema, split: Split) {
  const out = path.join(folder, 'shards');
  rmSync(out, {recursive: true, force: true});
  const {manifest, fitted, rejects} = await prepare({
    source,
    schema,
    split,
    folder: out,
    rowsPerShard: 5_000,
    progress: false,
  });
  expect(rejects.count).toBe(0);
  const parts = Object.entries(manifest.parts).map(([name, {files}]) => {
    const batches = files.flatMap(file => {
      const table = tableFromIPC(readFileSync(path.join(out, file.name)));
      expect(table.numRows).toBe(file.rows);
      return table.batches;
    });
    // What is behind the last value only fills the buffer.
    const ids = batches.map(({numRows, data}) =>
      (data.children[0].children[0].values as Int32Array).subarray(0, numRows * manifest.columns),
    );
    const labels = batches.map(({numRows, data}) => (data.children[1].values as Uint8Array).subarray(0, numRows));
    return [name, {ids: sha256(...ids), labels: sha256(...labels)}] as const;
  });
  return {manifest, fitted, parts: Object.fromEntries(parts)};
}

describeWith('criteo-sample.tsv.gz', 'Criteo', file => {
  it('has the ids of the TypeScript encoder, whatever the rule', async () => {
    const numeric = CRITEO.slice(1, 14);
    const tokens = CRITEO.slice(14);
    const fields: FieldRule[] = [
      ...numeric.map((column): FieldRule => ({
        type: 'numeric',
        name: column,
        column,
        bucketing: 'logSquared',
        minCount: 3,
      })),
      ...numeric.map((column): FieldRule => ({
        type: 'numeric',
        name: `${column} tenths`,
        column,
        bucketing: 'quantiles',
        buckets: 10,
      })),
      ...numeric.map((column): FieldRule => ({type: 'numeric', name: `${column} spikes`, column})),
      ...numeric.map((column): FieldRule => ({
        type: 'numeric',
        name: `${column} edges`,
        column,
        bucketing: 'edges',
        edges: [-1, 0, 1.5, 10, 1000],
      })),
      ...tokens.map((column, i) => categorical(column, {minCount: (i % 4) + 1, ...(i % 3 === 0 ? {maxSize: 50} : {})})),
      ...tokens.map((column): FieldRule => ({
        type: 'hashed',
        name: `${column} hash`,
        column,
        buckets: 1000,
        seed: 7,
        missing: ['68fd1e64'],
      })),
      {type: 'numeric', name: 'I2 without -1', column: 'I2', bucketing: 'quantiles', buckets: 4, missing: ['-1', '-2']},
      categorical('I2', {name: 'I2 as text'}),
    ];
    const split: Split = {by: 'column', column: 'I10', train: ['0', '1'], test: ['2']};
    await check({files: file, columns: CRITEO, separator: '\t'}, CRITEO, readShared(file, '\t'), fields, split, row => {
      if (row[10] === '2') return 'test';
      return ['0', '1'].includes(row[10]) ? 'train' : undefined;
    });
  });
});

describeWith('movielens-1m.csv.gz', 'MovieLens', file => {
  it('has the ids of the TypeScript encoder', async () => {
    // The rows lie in no order.
    const [columns, ...rows] = readShared(file, ',').slice(0, 10_001);
    const fields: FieldRule[] = [
      categorical('user_id'),
      categorical('movie_id', {minCount: 10}),
      categorical('gender'),
      categorical('age'),
      {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 3},
      {type: 'numeric', name: 'year', column: 'year', bucketing: 'quantiles', buckets: 16},
      {type: 'hashed', name: 'zip3', column: 'zip3', buckets: 100},
    ];
    await check(
      {files: written('movielens.csv.gz', [columns, ...rows])},
      columns,
      rows,
      fields,
      {by: 'column', column: 'fold', train: ['1', '2', '3', '4'], test: ['5']},
      ([fold]) => (fold === '5' ? 'test' : 'train'),
    );
  });
});
