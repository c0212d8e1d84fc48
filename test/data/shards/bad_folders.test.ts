import {readFileSync, renameSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as arrow from 'apache-arrow';
import {openShards} from '../../../src/data/shards/open_shards';
import {emptyFolder} from '../../helpers/folders';
import {arrowFile, writeShards} from '../../helpers/shards';

const fields = [
  {name: 'a', size: 10},
  {name: 'b', size: 10},
];
const rows = {fields, ids: new Int32Array(2000).fill(1), labels: new Float32Array(1000).fill(1)};
const folder = emptyFolder();
let shard: string;
beforeEach(() => {
  writeShards(
    folder,
    {train: rows, test: {...rows, ids: new Int32Array(0), labels: new Float32Array(0)}},
    {fileRows: 600, chunkRows: 100},
  );
  shard = path.join(folder, 'train-00001.arrow');
});

const opening = () => openShards(folder);
const put = (table: arrow.Table) => writeFileSync(shard, arrow.tableToIPC(table, 'file'));

test('a missing file', async () => {
  renameSync(shard, `${shard}.old`);
  await expect(opening()).rejects.toThrow(`openShards: ${shard} is missing. Encode the data again`);
});

test.each([
  [0, 'is empty'],
  [3, 'is truncated'],
  [8, 'is truncated: its end is missing'],
  [2000, 'is truncated: its end is missing'],
])('a file cut to %i bytes', async (size, what) => {
  truncateSync(shard, size);
  await expect(opening()).rejects.toThrow(`openShards: ${shard} `);
  await expect(opening()).rejects.toThrow(what);
});

test('a file whose middle is missing', async () => {
  const whole = readFileSync(shard);
  writeFileSync(shard, Buffer.concat([whole.subarray(0, 1000), whole.subarray(2000)]));
  await expect(opening()).rejects.toThrow(/train-00001.arrow is (truncated|damaged)/);
});

test('a file with a damaged end', async () => {
  const whole = readFileSync(shard);
  whole.fill(255, whole.length - 200, whole.length - 10);
  writeFileSync(shard, whole);
  await expect(opening()).rejects.toThrow(/train-00001.arrow (is damaged|must have the columns)/);
});

test('a stream instead of a file', async () => {
  writeFileSync(shard, arrow.tableToIPC(arrow.tableFromIPC(arrowFile(rows)), 'stream'));
  await expect(opening()).rejects.toThrow('is not in the Arrow IPC file format');
});

test('other rows than the manifest says', async () => {
  writeFileSync(shard, arrowFile({ids: rows.ids.subarray(0, 600), labels: rows.labels.subarray(0, 300)}));
  await expect(opening()).rejects.toThrow(
    'train-00001.arrow has 300 rows, but the manifest says 400. It belongs to another run',
  );
});

test('another width', async () => {
  writeFileSync(shard, arrowFile({ids: new Int32Array(1200), labels: rows.labels.subarray(0, 400)}));
  await expect(opening()).rejects.toThrow(
    'holds the column ids as FixedSizeList[3]<Int32>; it must be a fixed-size list of 2 int32, as the manifest says',
  );
});

test('other columns', async () => {
  put(new arrow.Table({x: arrow.vectorFromArray([1, 2], new arrow.Int32())}));
  await expect(opening()).rejects.toThrow('must have the columns ids, label, and has x');
  writeFileSync(
    shard,
    arrowFile({ids: rows.ids.subarray(0, 800), labels: rows.labels.subarray(0, 400), weights: new Float32Array(400)}),
  );
  await expect(opening()).rejects.toThrow('must have the columns ids, label, and has ids, label, weight');
});

test('labels of another type, nulls', async () => {
  const list = new arrow.FixedSizeList(2, new arrow.Field('item', new arrow.Int32()));
  const ids = arrow.vectorFromArray(
    [
      [1, 2],
      [3, 4],
    ],
    list,
  );
  put(new arrow.Table({ids, label: arrow.vectorFromArray([1, 0], new arrow.Float64())}));
  await expect(opening()).rejects.toThrow('holds the column label as Float64; it must be float32, uint8 or int8');
  put(new arrow.Table({ids, label: arrow.vectorFromArray([1, null], new arrow.Float32())}));
  await expect(opening()).rejects.toThrow('has nulls in the column label');
  put(
    new arrow.Table({
      ids: arrow.vectorFromArray([[1, 2], null], list),
      label: arrow.vectorFromArray([1, 0], new arrow.Float32()),
    }),
  );
  await expect(opening()).rejects.toThrow('has nulls in the column ids');
});

test('an empty part', async () => {
  await expect(openShards(folder, {part: 'test'})).rejects.toThrow('the part "test" of');
});

test('a file that becomes shorter while it is read', async () => {
  const shards = await opening();
  truncateSync(shard, 500);
  const reading = async () => {
    for await (const {rows: count} of shards.batches({batchSize: 100})) expect(count).toBe(100);
  };
  await expect(reading()).rejects.toThrow(
    `openShards: reading failed: ${shard} has become shorter since it was opened.`,
  );
});
