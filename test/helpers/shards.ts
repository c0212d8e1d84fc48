import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as arrow from 'apache-arrow';
import type {FieldSpec} from 'tfjs-autofis';
import {checksumsOf} from '../../src/data/shards/checksums';
import type {Manifest, ShardFile} from '../../src/data/shards/manifest';
import {Checksummer} from '../../src/wasm/checksum';

/** Rows to be written as shards. */
export interface ShardRows {
  fields: FieldSpec[];
  /** Ids [rows, W]. */
  ids: Int32Array;
  labels: Float32Array | Uint8Array | Int8Array;
  weights?: Float32Array;
}

/** An Arrow IPC file of rows, in record batches of `chunkRows` rows. */
export function arrowFile({ids, labels, weights}: Omit<ShardRows, 'fields'>, chunkRows = Infinity): Uint8Array {
  const rows = labels.length;
  const columns = ids.length / rows;
  const small = labels instanceof Int8Array ? new arrow.Int8() : new arrow.Uint8();
  const labelType = labels instanceof Float32Array ? new arrow.Float32() : small;
  const list = new arrow.FixedSizeList(columns, new arrow.Field('item', new arrow.Int32(), false));
  const schema = new arrow.Schema([
    new arrow.Field('ids', list, false),
    new arrow.Field('label', labelType, false),
    ...(weights ? [new arrow.Field('weight', new arrow.Float32(), false)] : []),
  ]);
  const batches: arrow.RecordBatch[] = [];
  for (let start = 0; start < rows; start += chunkRows) {
    const end = Math.min(rows, start + chunkRows);
    const values = arrow.makeData({type: new arrow.Int32(), data: ids.subarray(start * columns, end * columns)});
    const children = [
      arrow.makeData({type: list, length: end - start, nullCount: 0, child: values}),
      arrow.makeData({type: labelType, data: labels.subarray(start, end)} as never),
      ...(weights ? [arrow.makeData({type: new arrow.Float32(), data: weights.subarray(start, end)})] : []),
    ] as arrow.Data[];
    batches.push(
      new arrow.RecordBatch(
        schema,
        arrow.makeData({type: new arrow.Struct(schema.fields), length: end - start, nullCount: 0, children}),
      ),
    );
  }
  return arrow.tableToIPC(new arrow.Table(schema, batches), 'file');
}

/** Writes the parts of a shard folder, `fileRows` rows a file, and gives its manifest. */
export function writeShards(
  folder: string,
  parts: Record<string, ShardRows>,
  {
    fileRows = Infinity,
    chunkRows = Infinity,
    schemaHash = null,
    checksums = true,
  }: {fileRows?: number; chunkRows?: number; schemaHash?: string | null; checksums?: boolean} = {},
): Manifest {
  mkdirSync(folder, {recursive: true});
  const [{fields, weights}] = Object.values(parts);
  const summer = new Checksummer();
  const columns = fields.reduce((sum, {width}) => sum + (width ?? 1), 0);
  const manifest: Manifest = {
    format: 'tfjs-autofis-shards',
    version: 1,
    schemaHash,
    fields,
    columns,
    weights: weights !== undefined,
    parts: {},
  };
  for (const [part, all] of Object.entries(parts)) {
    const files: ShardFile[] = [];
    for (let start = 0; start < all.labels.length; start += fileRows) {
      const end = Math.min(all.labels.length, start + fileRows);
      const labels = all.labels.subarray(start, end);
      const name = `${part}-${String(files.length).padStart(5, '0')}.arrow`;
      const rows = {
        ids: all.ids.subarray(start * columns, end * columns),
        labels,
        weights: all.weights?.subarray(start, end),
      };
      writeFileSync(path.join(folder, name), arrowFile(rows, chunkRows));
      files.push({
        name,
        rows: labels.length,
        positives: labels.filter(label => label === 1).length,
        ...(checksums ? {checksums: checksumsOf(summer, rows, labels.length, columns)} : {}),
      });
    }
    const sum = (key: 'rows' | 'positives') => files.reduce((total, file) => total + file[key], 0);
    manifest.parts[part] = {rows: sum('rows'), positives: sum('positives'), files};
  }
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}
