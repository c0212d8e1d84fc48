import type {FieldEmbedding} from '../../../layers/field_embedding';
import type {FieldSpec} from '../../../layers/field_layout';
import {constant, Constant, Value} from './program';
import type {LayerView, Translator} from './translator';

/** What the layers that read ids have in common (layers/field_layout.ts). */
type FieldLayer = Pick<FieldEmbedding, 'fields' | 'embedded' | 'starts'>;

/** FieldEmbedding and FieldLinear. */
export const fieldLayers: {readonly [className: string]: Translator} = {
  FieldEmbedding: (layer, [ids]) => lookup(layer, ids, layer.weight('embeddings')),

  FieldLinear: (layer, [ids]) => {
    const weights = layer.steps.flatten(lookup(layer, ids, layer.weight('kernel')));
    return layer.steps.dense(weights, ones(weights.shape[0]), layer.optionalWeight('bias'));
  },
};

/** [k, 1] of ones: the kernel that sums k numbers. */
export function ones(k: number): Constant {
  return constant([k, 1], new Float32Array(k).fill(1));
}

/**
 * [W] -> [m, d]. The table gets a row of zeros in front of each multi-hot field's rows, which is where the padding -1
 * points; so the values of a field are summed with no regard to padding. A mean then takes 1 / count from a small table.
 */
function lookup(layer: LayerView, ids: Value, table: Constant): Value {
  const {fields, embedded, starts} = layer.layer as unknown as FieldLayer;
  const {steps} = layer;
  const columns: number[] = [], fieldOf: number[] = [];
  let column = 0;
  for (const field of fields) {
    for (let k = 0; k < (field.width ?? 1); k++, column++) {
      if (field.ignored === true) continue;
      columns.push(column);
      fieldOf.push(embedded.indexOf(field));
    }
  }
  const padding = embedded.map((_, f) => embedded.slice(0, f + 1).filter(({width}) => width != null).length);
  const rows = steps.rows(ids, columns, fieldOf.map(f => starts[f] + padding[f]), padded(table, embedded, starts));
  if (embedded.every(({width}) => width == null)) return rows;

  const sums = steps.transpose(steps.dense(steps.transpose(rows), indicator(fieldOf, embedded.length)));
  const isMean = (field: FieldSpec) => field.width != null && field.combiner !== 'sum';
  if (!embedded.some(isMean)) return sums;
  // relu(-id) is 1 for padding. `absent` then counts it: 0 for fields without a mean, whose entry of the table is 1.
  const isPadding = steps.dense(ids, minusOne(columns, column), null, 'relu');
  const absent = steps.dense(isPadding, indicator(fieldOf.map(f => isMean(embedded[f]) ? f : -1), embedded.length));
  const widths = embedded.map(field => isMean(field) ? field.width! : 0);
  const offsets = widths.map((_, f) => widths.slice(0, f).reduce((sum, width) => sum + width + 1, 0));
  const reciprocals = widths.flatMap(width => Array.from({length: width + 1}, (_, missing) => 1 / Math.max(width - missing, 1)));
  const share = steps.rows(absent, [...widths.keys()], offsets, constant([reciprocals.length, 1], reciprocals));
  return steps.combine('multiply', [sums, share]);
}

function padded(table: Constant, embedded: readonly FieldSpec[], starts: readonly number[]): Constant {
  const extra = embedded.filter(({width}) => width != null).length;
  if (extra === 0) return table;
  const d = table.shape[1];
  const data = new Float32Array(table.data.length + extra * d);
  let shift = 0;
  embedded.forEach(({size, width}, f) => {
    if (width != null) shift++;
    data.set(table.data.subarray(starts[f] * d, (starts[f] + size) * d), (starts[f] + shift) * d);
  });
  return constant([table.shape[0] + extra, d], data);
}

/** [columns, m]: 1 where a column belongs to a field; -1 for a column of none. */
function indicator(fieldOf: readonly number[], m: number): Constant {
  const data = new Float32Array(fieldOf.length * m);
  fieldOf.forEach((f, column) => { if (f >= 0) data[column * m + f] = 1; });
  return constant([fieldOf.length, m], data);
}

/** [W, columns]: takes columns of the input, with the opposite sign. */
function minusOne(columns: readonly number[], W: number): Constant {
  const data = new Float32Array(W * columns.length);
  columns.forEach((column, k) => { data[column * columns.length + k] = -1; });
  return constant([W, columns.length], data);
}
