import type {FieldAwareEmbedding} from '../../../layers/field_aware_embedding';
import type {FieldSpec} from '../../../layers/field_layout';
import {IdColumn, columnsOf, combined, columnRows} from './field_layers';
import {constant} from './program';
import type {Translator} from './translator';

/** FieldAwareEmbedding, [W] -> [P, 2, d]: each side of each pair as a field of its own, with its share of the table. */
export const fieldAwareEmbeddingLayer: Translator = (view, [ids]) => {
  const layer = view.layer as FieldAwareEmbedding;
  const {fields, embedded, interactions} = layer;
  const table = view.weight('embeddings');
  const d = table.shape[1];
  const degree = embedded.map((_, f) => interactions.filter(pair => pair.includes(f)).length);
  const used = embedded.map(() => 0);
  const places = columnsOf(fields);
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
    for (const column of places.filter(each => each.field === embedded[f]))
      columns.push({place: column.place, field, source: field});
    for (let id = 0; id < field.size; id++, rows++) {
      const from = (layer.starts[f] + id * degree[f] + k) * d;
      data.set(table.data.subarray(from, from + d), rows * d);
    }
  }
  const looked = columnRows(view, ids, columns, constant(table.shape, data), {embedded: sides, starts});
  return view.steps.reshape(combined(view, ids, columns, looked, sides), [interactions.length, 2, d]);
};
