import {columnsOf, combined, LayerFields, columnRows} from './field_layers';
import {indicator, picking} from './matrices';
import {constant, Constant} from './program';
import type {Translator} from './translator';

/** AttentionEmbedding: the behaviour's items read the candidate's rows, so that the table is held once. */
export const attentionEmbeddingLayer: Translator = (layer, [ids]) => {
  const {steps} = layer;
  const {fields, embedded} = layer.layer as unknown as LayerFields;
  const named = (key: string) => embedded.find(({name}) => name === (layer.config[key] as {name: string}).name)!;
  const behaviour = named('behaviour');
  const candidate = named('candidate');
  const read = embedded.filter(field => field !== behaviour);
  const starts = read.map((_, f) => read.slice(0, f).reduce((sum, {size}) => sum + size, 0));
  const columns = columnsOf(fields, field => (field === behaviour ? candidate : field));
  const rows = columnRows(layer, ids, columns, layer.weight('embeddings'), {embedded: read, starts});
  const turned = steps.transpose(rows);
  const only = (field: typeof candidate) => {
    const chosen = columns.flatMap((column, k) => (column.field === field ? [k] : []));
    return steps.transpose(steps.dense(turned, picking(chosen, columns.length)));
  };
  const items = only(behaviour);
  const one = only(candidate);
  const [length, d] = items.shape;

  // W1^T [v, c, v - c, v * c] = (Wv + Wd)^T v + (Wc - Wd)^T c + Wp^T (v * c).
  const kernel = layer.weight('kernel');
  const [wv, wc, wd, wp] = [0, 1, 2, 3].map(part => rowsFrom(kernel, part * d, d));
  const sum = steps.combine('add', [
    steps.dense(items, combinedKernel(wv, wd, 1)),
    steps.dense(one, combinedKernel(wc, wd, -1), layer.weight('bias')),
    steps.dense(steps.combine('multiply', [items, one]), wp),
  ]);
  const scores = steps.dense(steps.activation(sum, 'relu'), layer.weight('projection'), layer.weight('shift'));
  // Padding is a row of zeros, so its score does not matter.
  const weighed = steps.transpose(steps.combine('multiply', [items, scores]));
  const target = indicator(Array<number>(length).fill(embedded.indexOf(behaviour)), embedded.length);
  const interest = steps.transpose(steps.dense(weighed, target));
  return steps.combine('add', [combined(layer, ids, columns, rows, embedded), interest]);
};

function rowsFrom({shape: [, n], data}: Constant, start: number, count: number): Constant {
  return constant([count, n], data.subarray(start * n, (start + count) * n));
}

/** a + sign b. */
function combinedKernel(a: Constant, b: Constant, sign: 1 | -1): Constant {
  const data = a.data.map((value, k) => value + sign * b.data[k]);
  return constant(a.shape, data);
}
