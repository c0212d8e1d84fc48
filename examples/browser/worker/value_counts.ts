import {type Dataset, fieldsOf, valueNames} from './dataset';
import {inOrder} from './value_order';

/** Training rows of each value of one field, by id, and the columns that hold the field. */
interface FieldCounts {
  start: number;
  width: number;
  rows: Float64Array;
}

/** Training rows by the values of their fields. */
export class ValueCounts {
  /** Names of the values of each field, by id. */
  readonly names: string[][];
  private readonly counts = new Map<number, FieldCounts>();

  constructor(private readonly dataset: Dataset) {
    this.names = valueNames(dataset.fitted);
  }

  /** Training rows of each value of a field, by id. */
  rowsOf(field: number): Float64Array {
    return this.countsOf(field).rows;
  }

  /** The most frequent ids of a field; in their natural order where it, or the names of these values, have one. */
  mostFrequent(field: number, most: number): number[] {
    const {fitted} = this.dataset;
    const rows = this.rowsOf(field);
    const ids = [...rows.keys()]
      .filter(id => rows[id] > 0)
      .sort((a, b) => rows[b] - rows[a])
      .slice(0, most);
    const isOrdered = fitted.fields[field].edges !== undefined || fitted.schema.fields[field].type === 'dateTime';
    return isOrdered ? ids.sort((a, b) => a - b) : inOrder(ids, this.names[field]);
  }

  /** Rows and positives of each combination of ids of some fields, row-major. */
  joint(fields: readonly number[], ids: readonly number[][]): {rows: Int32Array; positives: Int32Array} {
    const {train} = this.dataset;
    const slots = ids.map(each => new Map(each.map((id, slot) => [id, slot])));
    const rows = new Int32Array(ids.reduce((product, {length}) => product * length, 1));
    const positives = new Int32Array(rows.length);
    const visit = (row: number, k: number, cell: number): void => {
      if (k === fields.length) {
        rows[cell]++;
        positives[cell] += train.labels[row];
        return;
      }
      this.eachId(row, fields[k], id => {
        const slot = slots[k].get(id);
        if (slot !== undefined) visit(row, k + 1, cell * ids[k].length + slot);
      });
    };
    for (let row = 0; row < train.rows; row++) visit(row, 0, 0);
    return {rows, positives};
  }

  /** The ids of a training row: one with the given ids, if any has them all, and with frequent ones elsewhere. */
  typicalRow(given: ReadonlyMap<number, number>): number[] {
    const {train, width} = this.dataset;
    const fields = fieldsOf(this.dataset).map((_, f) => this.countsOf(f));
    // A field of several values has its first one.
    const idsOf = (row: number) => fields.map(({start}) => train.ids[row * width + start]);
    const scoreOf = (row: number) =>
      idsOf(row).reduce(
        (sum, id, f) => sum + fields[f].rows[id] / train.rows + (given.get(f) === id ? fields.length : 0),
        0,
      );
    let best = {row: 0, score: 0};
    for (let row = 0; row < train.rows; row++) {
      const score = scoreOf(row);
      if (score > best.score) best = {row, score};
    }
    return idsOf(best.row);
  }

  private countsOf(field: number): FieldCounts {
    const known = this.counts.get(field);
    if (known !== undefined) return known;
    const fields = fieldsOf(this.dataset);
    const {size, width = 1} = fields[field];
    const start = fields.slice(0, field).reduce((sum, each) => sum + (each.width ?? 1), 0);
    const made = {start, width, rows: new Float64Array(size)};
    this.counts.set(field, made);
    for (let row = 0; row < this.dataset.train.rows; row++) this.eachId(row, field, id => made.rows[id]++);
    return made;
  }

  /** Visits the ids of a row in the columns of one field, each once. */
  private eachId(row: number, field: number, visit: (id: number) => void): void {
    const {start, width} = this.countsOf(field);
    const {train, width: columns} = this.dataset;
    const from = row * columns + start;
    for (let c = from; c < from + width; c++) {
      const seen = width > 1 && train.ids.subarray(from, c).includes(train.ids[c]);
      if (train.ids[c] >= 0 && !seen) visit(train.ids[c]);
    }
  }
}
