import type {PairView} from '../protocol';
import {type Dataset, fieldsOf, type Part, valueNames} from './dataset';

/** Values of a field that are shown. */
const MOST_VALUES = 10;
/** Rows of the base rate that each rate is smoothed with, so that none is 0 or 1. */
const SMOOTHING = 1;

/** Counts of one field over the training rows, by id. */
interface FieldCounts {
  /** Its first column, and how many it has. */
  start: number;
  width: number;
  rows: Float64Array;
  positives: Float64Array;
}

/** How often the values of two fields come together in the training rows, and with which label. */
export class PairRates {
  private readonly counts = new Map<number, FieldCounts>();
  private readonly base: number;
  private readonly names: string[][];

  constructor(private readonly dataset: Dataset) {
    const {labels, rows} = dataset.train;
    this.base = labels.reduce((sum, label) => sum + label, 0) / rows;
    this.names = valueNames(dataset.fitted);
  }

  of(pair: number, fields: readonly [number, number]): PairView {
    const {width, train} = this.dataset;
    const sides = fields.map(f => this.countsOf(f));
    const shown = fields.map((f, k) => mostFrequent(this.dataset, f, sides[k].rows, MOST_VALUES));
    const [left, right] = shown.map(ids => new Map(ids.map((id, slot) => [id, slot])));
    const columns = shown[1].length;
    const rows = new Int32Array(shown[0].length * columns);
    const positives = new Int32Array(rows.length);
    for (let row = 0; row < train.rows; row++) {
      eachId(train, row * width, sides[0], a => {
        const slot = left.get(a);
        if (slot === undefined) return;
        eachId(train, row * width, sides[1], b => {
          const other = right.get(b);
          if (other === undefined) return;
          rows[slot * columns + other]++;
          positives[slot * columns + other] += train.labels[row];
        });
      });
    }
    const shift = (k: number, id: number) => logit(this.smoothed(sides[k].positives[id], sides[k].rows[id]));
    return {
      pair,
      values: [shown[0].map(id => this.names[fields[0]][id]), shown[1].map(id => this.names[fields[1]][id])],
      cut: fields.some((_, k) => sides[k].rows.filter(n => n > 0).length > shown[k].length),
      rows,
      positives,
      expected: Float32Array.from(rows, (n, cell) =>
        n === 0
          ? NaN
          : sigmoid(
              shift(0, shown[0][Math.floor(cell / columns)]) + shift(1, shown[1][cell % columns]) - logit(this.base),
            ),
      ),
    };
  }

  /** Of the training rows, by id. */
  countsOf(field: number): FieldCounts {
    const known = this.counts.get(field);
    if (known !== undefined) return known;
    const fields = fieldsOf(this.dataset);
    const {size, width = 1} = fields[field];
    const start = fields.slice(0, field).reduce((sum, each) => sum + (each.width ?? 1), 0);
    const {train, width: row} = this.dataset;
    const made = {start, width, rows: new Float64Array(size), positives: new Float64Array(size)};
    for (let i = 0; i < train.rows; i++) {
      eachId(train, i * row, made, id => {
        made.rows[id]++;
        made.positives[id] += train.labels[i];
      });
    }
    this.counts.set(field, made);
    return made;
  }

  private smoothed(positives: number, rows: number): number {
    return (positives + SMOOTHING * this.base) / (rows + SMOOTHING);
  }
}

/** Ids of a field that training rows have, the most frequent ones; in their own order where the field has one. */
export function mostFrequent({fitted}: Dataset, field: number, rows: Float64Array, most: number): number[] {
  const ids = [...rows.keys()]
    .filter(id => rows[id] > 0)
    .sort((a, b) => rows[b] - rows[a])
    .slice(0, most);
  const isOrdered = fitted.fields[field].edges !== undefined || fitted.schema.fields[field].type === 'dateTime';
  return isOrdered ? ids.sort((a, b) => a - b) : ids;
}

/** Visits the ids of a row in the columns of one field, each once. */
function eachId(
  {ids}: Part,
  at: number,
  {start, width}: {start: number; width: number},
  visit: (id: number) => void,
): void {
  const from = at + start;
  for (let c = from; c < from + width; c++) {
    const seen = width > 1 && ids.subarray(from, c).includes(ids[c]);
    if (ids[c] >= 0 && !seen) visit(ids[c]);
  }
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
