import type {FieldAwareEmbedding} from '../../../layers/field_aware_embedding';
import type {FieldEmbedding} from '../../../layers/field_embedding';
import type {FieldSpec} from '../../../layers/field_layout';
import {indicator, ones, picking} from './matrices';
import {constant, Constant, Value} from './program';
import type {LayerView, Translator} from './translator';

/** Properties common to the layers that read ids (layers/field_layout.ts). */
export type LayerFields = Pick<FieldEmbedding, 'fields' | 'embedded' | 'starts'>;

/** FieldEmbedding, FieldAwareEmbedding, FieldLinear and NumericEmbedding. */
export const fieldLayers: {readonly [className: string]: Translator} = {
  FieldEmbedding: (layer, [ids]) => lookup(layer, ids, layer.weight('embeddings')),

  FieldAwareEmbedding: (layer, [ids]) => fieldAware(layer, ids),

  FieldLinear: (layer, [ids]) => {
    const weights = layer.steps.flatten(lookup(layer, ids, layer.weight('kernel')));
    return layer.steps.dense(weights, ones(weights.shape[0]), layer.optionalWeight('bias'));
  },

  NumericEmbedding: (layer, [numbers]) => {
    const {shape, data} = layer.weight('embeddings');
    const [count, d] = shape;
    const bias = constant(shape, new Float32Array(data.length));
    return layer.steps.grouped(layer.steps.reshape(numbers, [count, 1]), constant([count, 1, d], data), bias);
  },
};

/** [W] -> [m, d]. */
function lookup(layer: LayerView, ids: Value, table: Constant): Value {
  const layout = layer.layer as unknown as LayerFields;
  const columns = columnsOf(layout.fields);
  return combined(layer, ids, columns, columnRows(layer, ids, columns, table, layout), layout.embedded);
}

/** FieldAwareEmbedding, [W] -> [P, 2, d]: each side of each pair as a field of its own, with its share of the table. */
function fieldAware(view: LayerView, ids: Value): Value {
  const layer = view.layer as FieldAwareEmbedding;
  const {fields, embedded, interactions} = layer;
  const table = view.weight('embeddings');
  const d = table.shape[1];
  const degree = embedded.map((_, f) => interactions.filter(pair => pair.includes(f)).length);
  const used = embedded.map(() => 0);
  const idColumns = columnsOf(fields);
  const sides: FieldSpec[] = [];
  const columns: IdColumn[] = [];
  const starts: number[] = [];
  const data = new Float32Array(table.data.length);
  let rows = 0;
  for (const f of interactions.flat()) {
    const field = {...embedded[f]};
    const k = used[f]++;
    sides.push(field);
    starts.push(rows);
    for (const column of idColumns.filter(candidate => candidate.field === embedded[f]))
      columns.push({position: column.position, field, source: field});
    for (let id = 0; id < field.size; id++, rows++) {
      const from = (layer.starts[f] + id * degree[f] + k) * d;
      data.set(table.data.subarray(from, from + d), rows * d);
    }
  }
  const looked = columnRows(view, ids, columns, constant(table.shape, data), {embedded: sides, starts});
  return view.steps.reshape(combined(view, ids, columns, looked, sides), [interactions.length, 2, d]);
}

/** A column of ids that a layer reads. */
export interface IdColumn {
  readonly position: number;
  readonly field: FieldSpec;
  /** The field whose rows of the table it reads; its own, unless fields share them. */
  readonly source: FieldSpec;
}

/** The columns of all fields that are not ignored. */
export function columnsOf(fields: readonly FieldSpec[], sourceOf = (field: FieldSpec) => field): IdColumn[] {
  return fields
    .flatMap(field => Array<FieldSpec>(field.width ?? 1).fill(field))
    .map((field, position) => ({position, field, source: sourceOf(field)}))
    .filter(({field}) => field.ignored !== true);
}

/** Where columns are in the input. */
export const columnPositions = (columns: readonly IdColumn[]) => columns.map(({position}) => position);

/**
 * The row of each column: [W] -> [columns, d]. The table gets a row of zeros before the rows of each field that a
 * multi-hot one reads, which is where the padding -1 points.
 */
export function columnRows(
  {steps}: LayerView,
  ids: Value,
  columns: readonly IdColumn[],
  table: Constant,
  {embedded, starts}: Omit<LayerFields, 'fields'>,
): Value {
  const padded = embedded.map(field => columns.some(column => column.source === field && column.field.width != null));
  const extra = embedded.map((_, f) => padded.slice(0, f + 1).filter(Boolean).length);
  const offsets = columns.map(({source}) => embedded.indexOf(source)).map(f => starts[f] + extra[f]);
  return steps.rows(ids, columnPositions(columns), offsets, withZeros(table, embedded, starts, extra));
}

/** The table with a row of zeros before a field's rows wherever `extra`, the number of those up to it, grows. */
function withZeros(
  table: Constant,
  embedded: readonly FieldSpec[],
  starts: readonly number[],
  extra: readonly number[],
): Constant {
  const added = extra[extra.length - 1];
  const d = table.shape[1];
  if (added === 0) return table;
  const data = new Float32Array(table.data.length + added * d);
  embedded.forEach(({size}, f) =>
    data.set(table.data.subarray(starts[f] * d, (starts[f] + size) * d), (starts[f] + extra[f]) * d),
  );
  return constant([table.shape[0] + added, d], data);
}

/**
 * The rows of each field's columns, [columns, d], summed or, with 1 / count from a small table, averaged: [m, d]. Zeros
 * for a field whose columns read the rows of another one.
 */
export function combined(
  view: LayerView,
  ids: Value,
  columns: readonly IdColumn[],
  rows: Value,
  embedded: readonly FieldSpec[],
): Value {
  const {steps} = view;
  if (columns.every(({field, source}) => field.width == null && field === source)) return rows;
  const fieldOf = columns.map(({field, source}) => (field === source ? embedded.indexOf(field) : -1));
  const sums = steps.transpose(steps.dense(steps.transpose(rows), indicator(fieldOf, embedded.length)));
  const share = shares(view, ids, columns, embedded, fieldOf);
  return share === null ? sums : steps.combine('multiply', [sums, share]);
}

/**
 * Return the factor of each field's sum of columns: [m, 1], or null where all are 1. It is 1 / count for a mean and 1
 * for others.
 *
 * @param fieldOf The field of each column, -1 for a column of none.
 */
export function shares(
  {steps}: LayerView,
  ids: Value,
  columns: readonly IdColumn[],
  embedded: readonly FieldSpec[],
  fieldOf: readonly number[],
): Value | null {
  const isMean = embedded.map(({width, combiner}, f) => width != null && combiner !== 'sum' && fieldOf.includes(f));
  if (!isMean.includes(true)) return null;
  // relu(-id) is 1 for padding. `absent` then counts it: 0 for fields without a mean, whose entry of the table is 1.
  const isPadding = steps.dense(ids, picking(columnPositions(columns), ids.shape[0], -1), null, 'relu');
  const averaged = fieldOf.map(f => (isMean[f] ? f : -1));
  const absent = steps.dense(isPadding, indicator(averaged, embedded.length));
  const widths = embedded.map(({width}, f) => (isMean[f] ? width! : 0));
  const offsets = widths.map((_, f) => widths.slice(0, f).reduce((sum, width) => sum + width + 1, 0));
  const reciprocals = widths.flatMap(width =>
    Array.from({length: width + 1}, (_, missing) => 1 / Math.max(width - missing, 1)),
  );
  return steps.rows(absent, [...widths.keys()], offsets, constant([reciprocals.length, 1], reciprocals));
}
