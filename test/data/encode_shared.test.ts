import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {tableFromIPC} from 'apache-arrow';
import {prepare} from '../../src/data/prepare';
import {partOfRow} from '../../src/schema/part_of_row';
import {type Row, RowEncoder} from '../../src/schema/row_encoder';
import type {Split} from '../../src/schema/split';
import {emptyFolder} from '../helpers/folders';
import {describeWith, readShared} from '../helpers/shared_data';
import {dataSets} from '../python/data_sets';

const folder = emptyFolder();

const sha256 = (...arrays: Array<Int32Array | Uint8Array>) =>
  arrays.reduce((hash, values) => hash.update(values), createHash('sha256')).digest('hex');

/** Hash the ids and labels that lie in the files of a part. */
function hashesOf(files: ReadonlyArray<{name: string; rows: number}>, columns: number) {
  const batches = files.flatMap(file => {
    const table = tableFromIPC(readFileSync(path.join(folder, 'shards', file.name)));
    expect(table.numRows).toBe(file.rows);
    return table.batches;
  });
  // What is behind the last value only fills the buffer.
  const ids = batches.map(({numRows, data}) =>
    (data.children[0].children[0].values as Int32Array).subarray(0, numRows * columns),
  );
  const labels = batches.map(({numRows, data}) => (data.children[1].values as Uint8Array).subarray(0, numRows));
  return {ids: sha256(...ids), labels: sha256(...labels)};
}

/** The part of a row by its number or by a column. */
function partOf(split: Split, row: Row, i: number): string {
  if (split.by === 'fraction') return partOfRow(split, i);
  return split.by === 'column' && split.test!.includes(row[split.column] as string) ? 'test' : 'train';
}

// All rows of Criteo; some of MovieLens, which lie in no order.
describe.each([
  {...dataSets[0], most: Infinity},
  {...dataSets[1], most: 10_000},
])('$title', ({file: name, separator, columns, schema, split, most}) => {
  describeWith(name, 'prepare', file => {
    it('has the ids, labels and counts of the TypeScript encoder, whatever the rule', async () => {
      const lines = readShared(file, separator);
      const names = columns ?? lines.shift()!;
      const rows = lines.slice(0, most).map(line => Object.fromEntries(names.map((column, i) => [column, line[i]])));
      const files = path.join(folder, `${name}.csv.gz`);
      const text = rows.map(row => `${Object.values(row).join(separator)}\n`).join('');
      writeFileSync(files, gzipSync(text, {level: 1}));
      const source = {files, columns: names, separator};
      const shards = path.join(folder, 'shards');
      const made = await prepare({source, schema, split, folder: shards, rowsPerShard: 5_000, progress: false});
      expect([made.rejects.count, Object.keys(made.manifest.parts)]).toEqual([0, expect.arrayContaining(['test'])]);
      const encoder = new RowEncoder(made.fitted);
      for (const [part, written] of Object.entries(made.manifest.parts)) {
        const expected = rows.filter((row, i) => partOf(split, row, i) === part);
        const {ids, issues, counts} = encoder.encode(expected);
        expect(issues).toEqual([]);
        const labels = Uint8Array.from(expected, ({label}) => Number(label));
        expect(written).toMatchObject({
          fields: counts,
          rows: expected.length,
          positives: labels.reduce((sum, label) => sum + label, 0),
        });
        expect(hashesOf(written.files, made.manifest.columns)).toEqual({ids: sha256(ids), labels: sha256(labels)});
      }
    });
  });
});
