import {readFileSync} from 'node:fs';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {openShards} from 'tfjs-autofis/data';

/** What a part of a shard folder holds: its rows in their order, and what the manifest counts. */
async function rowsOf(folder: string, part: string) {
  const shards = await openShards(folder, {part});
  const ids = new Int32Array(shards.rows * shards.columns);
  const labels = new Float32Array(shards.rows);
  const weights = new Float32Array(shards.weights ? shards.rows : 0);
  let row = 0;
  for await (const batch of shards.batches({batchSize: 8192})) {
    ids.set(batch.ids, row * shards.columns);
    labels.set(batch.labels, row);
    if (batch.weights !== undefined) weights.set(batch.weights, row);
    row += batch.rows;
  }
  const {fields, columns, rows, positives, schemaHash, counts} = shards;
  return {values: {ids, labels, weights}, about: {fields, columns, rows, positives, schemaHash, counts}};
}

/** How many values of two arrays differ; all of them where the arrays have different lengths. */
function different(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}

/** What differs between two folders of shards: schema, parts, counts, ids, labels, weights. */
export async function shardDifferences(folder: string, expected: string): Promise<string[]> {
  const read = (place: string, name: string) => JSON.parse(readFileSync(path.join(place, name), 'utf8'));
  const found: string[] = [];
  if (!isDeepStrictEqual(read(folder, 'schema.json'), read(expected, 'schema.json'))) found.push('schema.json');
  const [parts, own] = [expected, folder].map(place => Object.keys(read(place, 'manifest.json').parts));
  if (!isDeepStrictEqual(own, parts)) return [...found, `parts: ${own} for ${parts}`];
  for (const part of parts) {
    const [a, b] = [await rowsOf(folder, part), await rowsOf(expected, part)];
    if (!isDeepStrictEqual(a.about, b.about)) found.push(`${part}: counts`);
    for (const key of ['ids', 'labels', 'weights'] as const) {
      const count = different(a.values[key], b.values[key]);
      if (count > 0) found.push(`${part}: ${count} ${key}`);
    }
  }
  return found;
}
