import * as tf from '@tensorflow/tfjs-core';
import {checkChoice, checkInteger, checkKeys, checkThat} from '../src/checks';
import {AutofisError} from '../src/errors';
import {runKernel} from '../src/native/kernel_ops';
import {lookUp} from '../src/tables/sparse_gradients';

/** One field of the input: a one-hot field takes one column of ids, a multi-hot field `width` columns. */
export interface FieldSpec {
  /** The field's name for people. Any string; it survives saving. */
  name: string;
  /** Number of different ids; valid ids are 0 .. size - 1. */
  size: number;
  /** Columns of a multi-hot field, padded with -1. Absent for a one-hot field. */
  width?: number;
  /** Reduction of the values of a multi-hot field: their mean (default) or sum. No values give zeros. */
  combiner?: 'mean' | 'sum';
  /**
   * True to skip the field: its columns stay in the input, but their ids are not read.
   * The field has no rows in the table and no part in the output. Slim models set it for fields that nothing reads.
   */
  ignored?: boolean;
  /**
   * True if the ids from 1 on follow the order of a quantity, such as the bins of a number.
   * Id 0 is then a missing value, and a ridge (`tableL2`, `ridgePath`) pulls neighbours together: it shrinks the steps
   * between them.
   */
  ordered?: boolean;
}

/** W, the number of columns of the input of some fields. */
export function columnCount(fields: readonly FieldSpec[]): number {
  return fields.reduce((sum, {width = 1}) => sum + width, 0);
}

/** Ids that passed a check, and which: the layers of a model read the same batch, and mostly the same fields. */
const passed = new WeakMap<tf.DataId, string>();

/**
 * Where each field's ids are in the input [B, W] and each field's rows in the one table [V, d].
 * Ids count from 0 within each field; `offsets` makes them rows of the table.
 */
export class FieldLayout {
  readonly fields: readonly FieldSpec[];
  /** The m fields that are not ignored, in order: those of the output. */
  readonly embedded: readonly FieldSpec[];
  /** V, the number of rows of the table. */
  readonly rows: number;
  /** The first row of each embedded field. */
  readonly starts: readonly number[];
  /** W, the number of input columns. */
  readonly columns: number;
  /** For each column of an embedded field: its input column, its field in `embedded`, the field's first row. */
  private readonly inputColumns: Int32Array;
  private readonly columnField: Int32Array;
  private readonly offsets: Int32Array;
  private readonly multiHot: boolean;
  /** All that a check of ids depends on. */
  private readonly bounds: string;

  constructor(
    private readonly where: string,
    fields: readonly FieldSpec[],
  ) {
    checkFields(where, fields);
    this.fields = fields.map(({name, size, width, combiner, ignored, ordered}) => ({
      name,
      size,
      ...(width == null ? {} : {width, combiner: combiner ?? 'mean'}),
      ...(ignored === true ? {ignored} : {}),
      ...(ordered === true ? {ordered} : {}),
    }));
    this.embedded = this.fields.filter(field => field.ignored !== true);
    if (this.embedded.length === 0) {
      throw new AutofisError(
        `${where}: all fields are \`ignored\`, so the layer would have no output. Remove the layer.`,
      );
    }
    this.multiHot = this.embedded.some(field => field.width != null);
    const columns = this.fields.flatMap(field => Array<FieldSpec>(field.width ?? 1).fill(field));
    this.columns = columns.length;
    const boundOf = ({size, width}: FieldSpec) => (width == null ? size : `${size}+`);
    this.bounds = columns.map(column => (column.ignored ? '-' : boundOf(column))).join();
    this.inputColumns = Int32Array.from(columns.keys()).filter(column => columns[column].ignored !== true);
    this.columnField = this.inputColumns.map(column => this.embedded.indexOf(columns[column]));
    const ends: number[] = [];
    for (const {size} of this.embedded) ends.push((ends.at(-1) ?? 0) + size);
    this.rows = ends.at(-1)!;
    this.starts = [0, ...ends.slice(0, -1)];
    this.offsets = this.columnField.map(f => this.starts[f]);
  }

  /** Check that a table of `width` numbers per row, one for each id or more, fits into a tensor. */
  checkTable(width: number, rows = this.rows): void {
    if (rows * width < 2 ** 31) return;
    throw new AutofisError(
      `${this.where}: the fields have ${rows} ids in ` +
        `all${rows === this.rows ? '' : ', one for each of their pairs'}, ` +
        `and a table with ${width} ${width === 1 ? 'number' : 'numbers'} for each of them would hold ` +
        `${rows * width}; a tensor holds at most ${2 ** 31 - 1}. ` +
        'Give the fields fewer ids, by hashing or a minimum count, or use shorter embeddings.',
    );
  }

  /** The input's columns of an embedded field: [start, end). */
  columnsOf(f: number): {start: number; end: number} {
    const k = this.columnField.indexOf(f);
    const start = this.inputColumns[k];
    return {start, end: start + (this.embedded[f].width ?? 1)};
  }

  /** Check that the layer's input has W columns. */
  checkInputShape(shape: readonly (number | null)[]): void {
    if (shape.length !== 2 || (shape[1] != null && shape[1] !== this.columns)) {
      throw new AutofisError(
        `${this.where}: the input must be ids of shape [batch, ${this.columns}]: ` +
          'one column for each one-hot field and ' +
          `\`width\` for each multi-hot one. Received shape: [${shape.map(n => n ?? 'null')}].`,
      );
    }
  }

  /**
   * Look up and combine rows: ids [B, W], table [V, d] -> [B, m, d].
   * Check that ids are integers in range, else name field, id and size: wasm and GPU would
   * return garbage instead.
   */
  lookup(ids: tf.Tensor, table: tf.Variable): tf.Tensor3D {
    return tf.tidy(() => {
      const local = this.columnIds(ids);
      if (!this.multiHot) return lookUp(table, this.rowsOf(local)) as tf.Tensor3D;
      const present = tf.cast(tf.greaterEqual(local, tf.scalar(0, 'int32')), 'float32') as tf.Tensor2D;
      const rows = lookUp(table, this.rowsOf(tf.maximum(local, tf.scalar(0, 'int32')))) as tf.Tensor3D;
      return this.combine(rows, present);
    });
  }

  /** Check ids [B, W] and take the columns of the embedded fields: int32 [B, W']. */
  columnIds(ids: tf.Tensor): tf.Tensor2D {
    this.checkIds(ids);
    const local = (ids.dtype === 'int32' ? ids : tf.cast(ids, 'int32')) as tf.Tensor2D;
    return this.inputColumns.length < this.columns ? tf.gather(local, tf.tensor1d(this.inputColumns), 1) : local;
  }

  /** Rows of the table for ids [B, W'] that count within their fields. TensorFlow's sum takes several times as long. */
  private rowsOf(ids: tf.Tensor2D): tf.Tensor2D {
    const starts = tf.tensor1d(this.offsets, 'int32');
    return (runKernel('AutofisShiftRows', [ids, starts], 1)?.[0] ?? tf.add(ids, starts)) as tf.Tensor2D;
  }

  /** rows [B, W', d] of the embedded columns, present [B, W'] with 0 for padding -> [B, m, d]. */
  private combine(rows: tf.Tensor3D, present: tf.Tensor2D): tf.Tensor3D {
    const [batch, , d] = rows.shape;
    let column = 0;
    const parts: tf.Tensor3D[] = [];
    for (let f = 0; f < this.embedded.length;) {
      const width = this.embedded[f].width;
      if (width == null) {
        // A run of one-hot fields is taken in one slice.
        let end = f;
        while (end < this.embedded.length && this.embedded[end].width == null) end++;
        parts.push(tf.slice(rows, [0, column, 0], [-1, end - f, -1]));
        column += end - f;
        f = end;
        continue;
      }
      const mask = tf.reshape(tf.slice(present, [0, column], [-1, width]), [batch, width, 1]);
      const sum = tf.sum(tf.mul(tf.slice(rows, [0, column, 0], [-1, width, d]), mask), 1, true) as tf.Tensor3D;
      const count = tf.maximum(tf.sum(mask, 1, true), 1);
      parts.push(this.embedded[f].combiner === 'mean' ? tf.div(sum, count) : sum);
      column += width;
      f++;
    }
    return parts.length === 1 ? parts[0] : tf.concat(parts, 1);
  }

  /** Name field, id and size of the first id that is out of range or not an integer. */
  checkIds(ids: tf.Tensor): void {
    if (passed.get(ids.dataId) === this.bounds) return;
    this.checkValues(ids.dataSync());
    passed.set(ids.dataId, this.bounds);
  }

  /** Check ids given row by row, [B, W], as {@link FieldLayout.checkIds} does. */
  checkValues(values: ArrayLike<number>): void {
    const W = this.columns;
    for (let k = 0; k < this.inputColumns.length; k++) {
      const column = this.inputColumns[k];
      const field = this.embedded[this.columnField[k]];
      const least = field.width == null ? 0 : -1;
      const size = field.size;
      for (let i = column; i < values.length; i += W) {
        const id = values[i];
        if (id >= least && id < size && Math.trunc(id) === id) continue;
        throw new AutofisError(
          `${this.where}: id ${id} of field ${JSON.stringify(field.name)} is ` +
            `${Number.isInteger(id) ? 'out of range' : 'not an integer'} in row ` +
            `${Math.floor(i / W)} of the batch, column ${column}. Valid ids are 0 to ${size - 1}` +
            `${least < 0 ? ', and -1 for padding' : ''}: ids count from 0 within each field, ` +
            `whose \`size\` is ${size}.`,
        );
      }
    }
  }
}

/** Check each field, and that no two have one name. */
function checkFields(where: string, fields: readonly FieldSpec[]): void {
  const isFilled = Array.isArray(fields) && fields.length > 0;
  checkThat(isFilled, where, 'fields', 'be a list of {name, size}, one for each field', fields);
  const names = new Set<string>();
  fields.forEach((field, i) => {
    const at = `fields[${i}]`;
    checkThat(field != null && typeof field === 'object', where, at, 'be {name, size}', field);
    checkKeys(`${where}: ${at}`, field, ['name', 'size', 'width', 'combiner', 'ignored', 'ordered']);
    const isName = typeof field.name === 'string' && field.name !== '';
    checkThat(isName, where, `${at}.name`, 'be a non-empty string', field.name);
    if (names.has(field.name)) {
      throw new AutofisError(`${where}: two fields are called ${JSON.stringify(field.name)}. Rename one.`);
    }
    names.add(field.name);
    checkInteger(where, `${at}.size`, field.size, 1);
    if (field.width != null) checkInteger(where, `${at}.width`, field.width, 1);
    if (field.combiner != null) checkChoice(where, `${at}.combiner`, field.combiner, ['mean', 'sum']);
    if (field.ignored != null) checkChoice(where, `${at}.ignored`, field.ignored, [true, false]);
    if (field.ordered != null) checkChoice(where, `${at}.ordered`, field.ordered, [true, false]);
  });
}
