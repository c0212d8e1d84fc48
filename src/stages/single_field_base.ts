import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {empiricalRidge} from '../components/linear/empirical_ridge';
import {linearLogits, ridgePath} from '../components/linear/ridge_path';
import {isFieldLayer} from './model_layers';
import {columnValues} from '../row_major';
import type {RowValues, SampledRows} from './row_sample';
import type {RowsSeen} from './search_rows';

/** Bins of a number that is not an id. */
const BINS = 32;
/** The penalty that the search for penalties begins at. */
const START = 10;
/** Rows of mean 0 that the mean of a value's products counts in addition. */
const PRIOR_ROWS = 10;
/** Passes over the fields, until what they say of products is settled. */
const PASSES = 3;

/** Some columns of a model's inputs as ids of fields. */
interface EncodedColumns {
  fields: FieldSpec[];
  train: RowValues;
  held: RowValues;
}

/**
 * Logistic regression with a weight for each value of each field, fitted to the model's training rows.
 *
 * Products carry effects of single fields, too. So they are stripped of these effects and compared with this base, not
 * with the rest of the model.
 */
export class SingleFieldBase {
  private readonly columns: EncodedColumns | null;

  constructor(
    model: tfl.LayersModel,
    private readonly seen: RowsSeen & {held: SampledRows},
  ) {
    this.columns = model.inputs.some(({shape}) => shape.length > 2) ? null : encodedColumns(model, seen);
  }

  /** True if the inputs are columns of ids or numbers, and not tensors of other shapes. */
  get isKnown(): boolean {
    return this.columns !== null;
  }

  /** Products of the held-out rows [n], less their effects of single fields. */
  withoutFields(products: Float32Array): Float32Array {
    return this.columns === null ? products : withoutFields(products, this.columns);
  }

  /** Logits of the held-out rows: [n]. */
  logits(labels: Float32Array): Float32Array {
    const {fields, train, held} = this.columns!;
    const table = {ids: train.values as Int32Array, labels, weights: this.seen.train.weights};
    const fit = empiricalRidge(table, fields, ridgePath(table, fields, [START])[0]);
    return Float32Array.from(linearLogits(held.values as Int32Array, fields, fit));
  }
}

/** Less what they are by single fields: a sum of one number for each value of each field. */
function withoutFields(products: Float32Array, {fields, held}: EncodedColumns): Float32Array {
  const columns = fields.flatMap(({size, width = 1}) => Array<number>(width).fill(size));
  const rest = Float32Array.from(products);
  const means = columns.map(size => new Float64Array(size));
  for (let pass = 0; pass < PASSES; pass++) {
    columns.forEach((size, column) => {
      const before = means[column];
      const sums = new Float64Array(size);
      const counts = new Float64Array(size).fill(PRIOR_ROWS);
      const idOf = (row: number) => held.values[row * columns.length + column];
      for (let row = 0; row < rest.length; row++) {
        const id = idOf(row);
        if (id < 0) continue;
        sums[id] += rest[row] + before[id];
        counts[id]++;
      }
      const after = sums.map((sum, id) => sum / counts[id]);
      for (let row = 0; row < rest.length; row++) {
        const id = idOf(row);
        if (id >= 0) rest[row] += before[id] - after[id];
      }
      means[column] = after;
    });
  }
  return rest;
}

function encodedColumns(model: tfl.LayersModel, {train, held}: RowsSeen & {held: SampledRows}): EncodedColumns {
  const parts = model.inputs.flatMap((input, i): EncodedColumns[] => {
    const rows = {train: train.inputs[i], held: held.inputs[i]};
    const fields = fieldsOf(input);
    if (fields !== null) return [{fields, train: asIds(rows.train), held: asIds(rows.held)}];
    return Array.from({length: rows.train.width}, (_, column) => {
      const [known, others] = [rows.train, rows.held].map(({values, width}) => columnValues([values], column, width));
      return encodedColumn(known, others);
    });
  });
  return {
    fields: parts.flatMap((part, p) => part.fields.map(field => ({...field, name: `${p} ${field.name}`}))),
    train: sideBySide(parts.map(part => part.train)),
    held: sideBySide(parts.map(part => part.held)),
  };
}

/** The fields of an input of ids, as a layer that reads it has them; null where none does. */
function fieldsOf(input: tfl.SymbolicTensor): FieldSpec[] | null {
  const reader = input.sourceLayer.outboundNodes.map(node => node.outboundLayer).find(isFieldLayer);
  const fields = (reader as {fields?: readonly FieldSpec[]} | undefined)?.fields;
  return fields?.map(field => ({...field, ignored: false})) ?? null;
}

/** A column of which no layer says what it is: integers are ids, other numbers are put in bins. */
function encodedColumn(train: Float32Array, held: Float32Array): EncodedColumns {
  const encoded = (size: number, ordered: boolean, encode: (value: number) => number): EncodedColumns => {
    const [known, others] = [train, held].map(values => ({values: Int32Array.from(values, encode), width: 1}));
    return {fields: [{name: 'column', size, ordered}], train: known, held: others};
  };
  const different = [...new Set(train)];
  if (different.every(Number.isInteger)) {
    const ids = new Map(different.map((value, at) => [value, at + 1]));
    return encoded(different.length + 1, false, value => ids.get(value) ?? 0);
  }
  const sorted = train.filter(value => !Number.isNaN(value)).sort();
  const quantiles = Array.from({length: BINS - 1}, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / BINS)]);
  const bounds = [...new Set(quantiles)];
  return encoded(bounds.length + 2, true, value =>
    Number.isNaN(value) ? 0 : 1 + bounds.filter(bound => bound <= value).length,
  );
}

function asIds({values, width}: RowValues): RowValues {
  return {values: values instanceof Int32Array ? values : Int32Array.from(values), width};
}

/** Columns of several tables in one. */
function sideBySide(parts: readonly RowValues[]): RowValues {
  if (parts.length === 1) return parts[0];
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const values = new Int32Array((parts[0].values.length / parts[0].width) * width);
  let first = 0;
  for (const part of parts) {
    for (let k = 0; k < part.values.length; k++)
      values[Math.floor(k / part.width) * width + first + (k % part.width)] = part.values[k];
    first += part.width;
  }
  return {values, width};
}
