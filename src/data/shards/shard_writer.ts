import path from 'node:path';
import type * as Arrow from 'apache-arrow';
import {Checksummer} from '../../wasm/checksum';
import {ArrowOutput} from './arrow_output';
import {CHECKSUM_ROWS, checksumsOf, type StoredRows} from './checksums';
import {type CodedRows, type FieldCodes, OUTCOME} from '../sql/field_codes';
import type {ShardFile, ShardPart} from './manifest';
import {putCodes, putLookedUp} from './put_codes';

/**
 * Rows of a record batch: few enough that its arrays stay near the processor, and a multiple of those of a checksum.
 */
const BATCH_ROWS = 8 * CHECKSUM_ROWS;
/** Rows that are filled one field after the other: few enough that they stay nearer still. */
const BLOCK_ROWS = 256;
const KINDS = Math.max(...Object.values(OUTCOME)) + 1;

/** Settings that all writers of one preparation share. */
export interface ShardForm {
  arrow: typeof Arrow;
  folder: string;
  /** In the order of their columns. */
  fields: readonly FieldCodes[];
  names: readonly string[];
  /** Rows of one file. */
  capacity: number;
  weights: boolean;
  groups: boolean;
}

/** Rows that wait to be written. */
type Batch = StoredRows & {labels: Uint8Array};

/** Collects the rows of one part, counts them, and writes them as Arrow files of `capacity` rows. */
export class ShardWriter {
  readonly files: ShardFile[] = [];
  private readonly columns: number;
  private readonly widths: Int32Array;
  private readonly tables: Array<FieldCodes['table']>;
  /** The batch that is being filled. */
  private batch: Batch;
  /** Rows in it. */
  private rows = 0;
  /** Those with label 1. */
  private positives = 0;
  /** Rows that it takes besides. */
  private room: number;
  /** The file that the batch goes to, if others of it are there. */
  private output?: ArrowOutput;
  /** Resolves when the last batch is on the disk, and its arrays are free. */
  private written: Promise<Batch | undefined> = Promise.resolve(undefined);
  private readonly summer = new Checksummer();
  /** For each field, rows with outcome `OUTCOME.missing` and `OUTCOME.unseen`. */
  private readonly counts: Float64Array;

  constructor(
    private readonly form: ShardForm,
    private readonly part: string,
  ) {
    const {fields, capacity} = form;
    this.columns = fields.reduce((sum, {width}) => sum + width, 0);
    this.widths = Int32Array.from(fields, ({width}) => width);
    this.tables = fields.map(({table}) => table);
    this.counts = new Float64Array(fields.length * KINDS);
    this.batch = this.emptyBatch();
    this.room = Math.min(BATCH_ROWS, capacity);
  }

  private emptyBatch(): Batch {
    const {capacity, weights, groups} = this.form;
    const rows = Math.min(BATCH_ROWS, capacity);
    return {
      ids: new Int32Array(rows * this.columns),
      labels: new Uint8Array(rows),
      ...(weights ? {weights: new Float32Array(rows)} : {}),
      ...(groups ? {groups: new Int32Array(rows)} : {}),
    };
  }

  /** Add rows of others, those at `positions`. */
  async add(from: CodedRows, positions: Uint16Array): Promise<void> {
    for (let taken = 0; taken < positions.length;) {
      const some = positions.subarray(taken, taken + Math.min(this.room, BLOCK_ROWS));
      this.take(from, some);
      taken += some.length;
      if (this.room === 0) await this.flush();
    }
  }

  private take({codes, labels, weights, groups}: CodedRows, positions: Uint16Array): void {
    const {batch, rows, tables, widths, counts, columns} = this;
    const fields = widths.length;
    for (let i = 0; i < positions.length; i++) {
      const label = labels[positions[i]];
      batch.labels[rows + i] = label;
      this.positives += label;
      if (weights !== undefined) batch.weights![rows + i] = weights[positions[i]];
      if (groups !== undefined) batch.groups![rows + i] = groups[positions[i]];
    }
    for (let f = 0, at = rows * columns; f < fields; at += widths[f++]) {
      const table = tables[f];
      const count = counts.subarray(f * KINDS, (f + 1) * KINDS);
      if (table === undefined) putCodes(batch.ids, at, columns, codes[f], positions, count);
      else putLookedUp(batch.ids, at, columns, codes[f], positions, count, table, widths[f]);
    }
    this.rows += positions.length;
    this.room -= positions.length;
  }

  /** Begin to write the batch once the last one is on the disk; meanwhile another takes the next rows. */
  private async flush(): Promise<void> {
    const {
      rows,
      batch,
      form: {arrow, folder, capacity},
    } = this;
    if (this.output === undefined) {
      const name = `${this.part}-${String(this.files.length).padStart(5, '0')}.arrow`;
      this.files.push({name, rows: 0, positives: 0, checksums: ''});
      this.output = await ArrowOutput.create(arrow, path.join(folder, name));
    }
    const output = this.output;
    const file = this.files.at(-1)!;
    file.rows += rows;
    file.positives += this.positives;
    file.checksums += checksumsOf(this.summer, batch, rows, this.columns);
    const record = this.recordBatch();
    const isLast = file.rows === capacity;
    const free = await this.written;
    this.written = output
      .write(record)
      .then(() => (isLast ? output.end() : undefined))
      .then(() => batch);
    this.written.catch(() => {});
    if (isLast) this.output = undefined;
    this.batch = free ?? this.emptyBatch();
    this.rows = this.positives = 0;
    this.room = Math.min(BATCH_ROWS, capacity - (isLast ? 0 : file.rows));
  }

  /** The rows that were collected, for Arrow. */
  private recordBatch(): Arrow.RecordBatch {
    const {
      rows,
      columns,
      batch: {ids, labels, weights, groups},
      form: {arrow},
    } = this;
    const plain = <T extends Arrow.Float | Arrow.Int>(type: T, values: T['TArray'], length = rows): Arrow.Data<T> =>
      arrow.makeData({type, length, nullCount: 0, data: values.subarray(0, length)} as never) as never;
    const type = new arrow.FixedSizeList(columns, new arrow.Field('item', new arrow.Int32(), false));
    const child = plain(new arrow.Int32(), ids, rows * columns);
    const data: Record<string, Arrow.Data> = {
      ids: arrow.makeData({type, length: rows, nullCount: 0, child}),
      label: plain(new arrow.Uint8(), labels),
      ...(weights && {weight: plain(new arrow.Float32(), weights)}),
      ...(groups && {group: plain(new arrow.Int32(), groups)}),
    };
    const fields = Object.entries(data).map(([name, column]) => new arrow.Field(name, column.type, false));
    const schema = new arrow.Schema(fields);
    const struct = arrow.makeData({
      type: new arrow.Struct(fields),
      length: rows,
      nullCount: 0,
      children: Object.values(data),
    });
    return new arrow.RecordBatch(schema, struct);
  }

  /** Close the file of a part that is given up. */
  async close(): Promise<void> {
    await this.written.catch(() => {});
    await this.output?.close();
  }

  /** Write the remaining rows, and describe the part. */
  async end(): Promise<ShardPart> {
    if (this.rows > 0) await this.flush();
    await this.written;
    await this.output?.end();
    this.output = undefined;
    const {
      files,
      counts,
      form: {fields, names},
    } = this;
    const sum = (key: 'rows' | 'positives') => files.reduce((total, file) => total + file[key], 0);
    return {
      rows: sum('rows'),
      positives: sum('positives'),
      files,
      fields: fields.map(({hasUnseen}, f) => ({
        name: names[f],
        missing: counts[f * KINDS + OUTCOME.missing],
        unseen: hasUnseen ? counts[f * KINDS + OUTCOME.unseen] : 0,
      })),
    };
  }
}
