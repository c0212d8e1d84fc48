import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import type * as Arrow from 'apache-arrow';
import {AutofisError} from '../errors';
import {FIRST, MISSING, UNSEEN} from '../schema/rules/rule';
import {type FieldSql, OUTCOME} from './field_sql';
import type {ShardFile, ShardPart} from './manifest';

// Of this module: each access to another module's constant may be a call.
const KINDS = Math.max(...Object.values(OUTCOME)) + 1, FIRST_VALUE = FIRST;
/** What became of the values with an id below FIRST. */
const OUTCOME_OF: number[] = [];
OUTCOME_OF[MISSING] = OUTCOME.missing;
OUTCOME_OF[UNSEEN] = OUTCOME.unseen;

/** Loads apache-arrow, or says how to install it. */
export async function loadArrow(): Promise<typeof Arrow> {
  return import('apache-arrow').catch((error: NodeJS.ErrnoException) => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
    throw new AutofisError('tfjs-autofis/data: the package apache-arrow is not installed. Install it: npm install apache-arrow');
  });
}

/** What all writers of one preparation share. */
export interface ShardForm {
  arrow: typeof Arrow;
  folder: string;
  /** In the order of their columns. */
  fields: readonly FieldSql[];
  names: readonly string[];
  /** Rows of one file. */
  capacity: number;
  weights: boolean;
}

/** Collects the rows of one part, counts them, and writes them as Arrow files of `capacity` rows. */
export class ShardWriter {
  readonly files: ShardFile[] = [];
  private readonly columns: number;
  private readonly widths: Int32Array;
  private readonly tables: Array<FieldSql['table']>;
  /** The shard that is being filled: ids [capacity, columns], labels and weights. */
  private shard: {ids: Int32Array, labels: Uint8Array, weights?: Float32Array};
  /** Rows in it. */
  private rows = 0;
  /** Resolves when the last shard is on the disk, and its arrays are free. */
  private written: Promise<ShardWriter['shard'] | undefined> = Promise.resolve(undefined);
  /** For each field, rows with outcome `OUTCOME.missing` and `OUTCOME.unseen`. */
  private readonly counts: Float64Array;

  constructor(private readonly form: ShardForm, private readonly part: string) {
    const {fields} = form;
    this.columns = fields.reduce((sum, {width}) => sum + width, 0);
    this.widths = Int32Array.from(fields, ({width}) => width);
    this.tables = fields.map(({table}) => table);
    this.counts = new Float64Array(fields.length * KINDS);
    this.shard = this.emptyShard();
  }

  private emptyShard(): ShardWriter['shard'] {
    const {capacity, weights} = this.form;
    return {ids: new Int32Array(capacity * this.columns), labels: new Uint8Array(capacity), ...(weights ? {weights: new Float32Array(capacity)} : {})};
  }

  get full(): boolean {
    return this.rows === this.form.capacity;
  }

  /** Adds a row, whose codes, one a field, stand in `codes` from `from` on. */
  add(codes: Int32Array, from: number, label: number, weight: number): void {
    const {counts, tables, widths, rows, shard: {ids, labels, weights}} = this;
    let at = rows * this.columns;
    for (let f = 0; f < widths.length; f++) {
      const code = codes[from + f], table = tables[f];
      if (table === undefined) {
        ids[at++] = code;
        if (code < FIRST_VALUE) counts[f * KINDS + OUTCOME_OF[code]]++;
      } else {
        for (let i = code * widths[f], end = i + widths[f]; i < end;) ids[at++] = table.ids[i++];
        counts[f * KINDS + table.outcomes[code]]++;
      }
    }
    labels[rows] = label;
    if (weights !== undefined) weights[rows] = weight;
    this.rows++;
  }

  /** Begins to write the rows that were collected once the last shard is on the disk. */
  async flush(): Promise<void> {
    const {rows, columns, shard, form: {arrow, folder}} = this;
    const name = `${this.part}-${String(this.files.length).padStart(5, '0')}.arrow`;
    const labels = shard.labels.subarray(0, rows);
    const item = arrow.makeData({type: new arrow.Int32(), length: rows * columns, nullCount: 0, data: shard.ids.subarray(0, rows * columns)});
    const type = new arrow.FixedSizeList(columns, new arrow.Field('item', new arrow.Int32(), false));
    const data: Record<string, Arrow.Data> = {
      ids: arrow.makeData({type, length: rows, nullCount: 0, child: item}),
      label: arrow.makeData({type: new arrow.Uint8(), length: rows, nullCount: 0, data: labels}),
      ...(shard.weights === undefined ? {} :
        {weight: arrow.makeData({type: new arrow.Float32(), length: rows, nullCount: 0, data: shard.weights.subarray(0, rows)})}),
    };
    const schema = new arrow.Schema(Object.entries(data).map(([key, each]) => new arrow.Field(key, each.type, false)));
    const struct = arrow.makeData({type: new arrow.Struct(schema.fields), length: rows, nullCount: 0, children: Object.values(data)});
    const free = await this.written;
    // Piece by piece, from the arrays themselves: meanwhile others take the next rows.
    this.written = writeFile(path.join(folder, name), arrow.RecordBatchFileWriter.writeAll([new arrow.RecordBatch(schema, struct)])).then(() => shard);
    this.written.catch(() => {});
    this.files.push({name, rows, positives: labels.reduce((sum, label) => sum + label, 0)});
    this.rows = 0;
    this.shard = free ?? this.emptyShard();
  }

  /** Resolves when nothing is being written, whether it could be written or not. */
  async settled(): Promise<void> {
    await this.written.catch(() => {});
  }

  /** Writes what is left, and describes the part. */
  async end(): Promise<ShardPart> {
    if (this.rows > 0) await this.flush();
    await this.written;
    const {files, counts, form: {fields, names}} = this;
    const sum = (key: 'rows' | 'positives') => files.reduce((total, file) => total + file[key], 0);
    return {
      rows: sum('rows'), positives: sum('positives'), files,
      fields: fields.map(({hasUnseen}, f) => ({
        name: names[f], missing: counts[f * KINDS + OUTCOME.missing], unseen: hasUnseen ? counts[f * KINDS + OUTCOME.unseen] : 0,
      })),
    };
  }
}
