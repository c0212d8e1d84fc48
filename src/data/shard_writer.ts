import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type * as Arrow from 'apache-arrow';
import {AutofisError} from '../errors';
import type {ShardFile} from './manifest';

/** Loads apache-arrow, or says how to install it. */
export async function loadArrow(): Promise<typeof Arrow> {
  return import('apache-arrow').catch((error: NodeJS.ErrnoException) => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
    throw new AutofisError('tfjs-autofis/data: the package apache-arrow is not installed. Install it: npm install apache-arrow');
  });
}

/** Collects the rows of one part and writes them as Arrow files of `capacity` rows. */
export class ShardWriter {
  readonly files: ShardFile[] = [];
  /** Ids [capacity, columns] of the shard that is being filled. */
  readonly ids: Int32Array;
  readonly labels: Uint8Array;
  readonly weights?: Float32Array;
  /** Rows in it. */
  rows = 0;

  constructor(
      private readonly arrow: typeof Arrow, private readonly folder: string, private readonly part: string,
      readonly columns: number, readonly capacity: number, weights: boolean) {
    this.ids = new Int32Array(capacity * columns);
    this.labels = new Uint8Array(capacity);
    if (weights) this.weights = new Float32Array(capacity);
  }

  /** Writes the rows that were collected, if any. */
  async flush(): Promise<void> {
    const {arrow, rows, columns} = this;
    if (rows === 0) return;
    const name = `${this.part}-${String(this.files.length).padStart(5, '0')}.arrow`;
    const labels = this.labels.subarray(0, rows);
    const item = arrow.makeData({type: new arrow.Int32(), length: rows * columns, nullCount: 0, data: this.ids.subarray(0, rows * columns)});
    const type = new arrow.FixedSizeList(columns, new arrow.Field('item', new arrow.Int32(), false));
    const data: Record<string, Arrow.Data> = {
      ids: arrow.makeData({type, length: rows, nullCount: 0, child: item}),
      label: arrow.makeData({type: new arrow.Uint8(), length: rows, nullCount: 0, data: labels}),
      ...(this.weights === undefined ? {} :
        {weight: arrow.makeData({type: new arrow.Float32(), length: rows, nullCount: 0, data: this.weights.subarray(0, rows)})}),
    };
    const schema = new arrow.Schema(Object.entries(data).map(([key, each]) => new arrow.Field(key, each.type, false)));
    const struct = arrow.makeData({type: new arrow.Struct(schema.fields), length: rows, nullCount: 0, children: Object.values(data)});
    const table = new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
    await writeFile(path.join(this.folder, name), arrow.tableToIPC(table, 'file'));
    this.files.push({name, rows, positives: labels.reduce((sum, label) => sum + label, 0)});
    this.rows = 0;
  }
}
