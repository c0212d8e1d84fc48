/**
 * Pretrained tables, frozen and not: films' vectors that another model learnt from many users serve a model of few.
 * A frozen layer keeps its weights in the search and in the retrain stage; a table that is only to start from vectors
 * gets them again after `retrainModel`: `npx tsx examples/models/pretrained.ts --data ml-1m`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics, lazyAdam, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {free, main, ratingsQuery, readTable, type Settings, spansOf, tensorOf} from './table';

const NAMES = ['movie_id', 'user_id', 'gender', 'age', 'occupation', 'year'];
/** Where the parts begin: many rows that the vectors come from, few that train, and test rows. */
const PARTS = [0, 0.85, 0.9, 1];

/** The films have a table of their own, which reads the same ids and ignores the other fields. */
function model(fields: FieldSpec[], seed: number, vectors?: tf.Tensor, frozen = false): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const only = (isRead: (name: string) => boolean) => fields.map(field => ({...field, ignored: !isRead(field.name)}));
  const films = {name: 'films', fields: only(name => name === 'movie_id'), outputDim: 16, seed, trainable: !frozen};
  const e = tfl.layers.concatenate({axis: 1}).apply([
    new FieldEmbedding(vectors === undefined ? films : {...films, weights: [vectors]}).apply(ids),
    new FieldEmbedding({
      name: 'others',
      fields: only(name => name !== 'movie_id'),
      outputDim: 16,
      seed: seed + 1,
    }).apply(ids),
  ] as tfl.SymbolicTensor[]) as tfl.SymbolicTensor;
  const parts = [new GatedInteraction({seed: seed + 2}).apply(e), new FieldLinear({fields}).apply(ids)];
  const logit = tfl.layers.add().apply(parts as tfl.SymbolicTensor[]);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(logit) as tfl.SymbolicTensor;
  const made = tfl.model({inputs: ids, outputs});
  made.compile({optimizer: lazyAdam({learningRate: 0.002}), loss: 'binaryCrossentropy'});
  return made;
}

/** Test AUC of each start of the films' vectors, and how many of the 15 pairs are kept. */
export async function run(settings: Settings): Promise<Record<string, {auc: number; pairs: number}>> {
  const fields = Object.fromEntries(NAMES.map(name => [name, name]));
  const table = await readTable(ratingsQuery(settings), fields, {liked: 'label'});
  const [before, train, test] = spansOf(table.rows, PARTS).map(rows => ({
    xs: tensorOf(Object.values(table.ids), rows, 'int32'),
    ys: tensorOf([table.numbers['liked']], rows, 'float32'),
  }));
  const {seed, epochs} = settings;
  const other = model(table.fields, seed + 100);
  await other.fit(before.xs, before.ys, {epochs, batchSize: 500, verbose: 0});
  const [vectors] = other.getLayer('films').getWeights();

  const fit = {epochs, batchSize: 50, verbose: 0} as const;
  const scores: Record<string, {auc: number; pairs: number}> = {};
  for (const start of ['random', 'pretrained', 'frozen'] as const) {
    const full = model(table.fields, seed, start === 'random' ? undefined : vectors, start === 'frozen');
    const search = new SearchStage({method: {type: 'topK', k: 12}});
    await full.fit(train.xs, train.ys, {...fit, callbacks: [search]});
    const slim = retrainModel(full, search.selection, {seed});
    if (start === 'pretrained') slim.getLayer('films').setWeights([vectors]);
    await slim.fit(train.xs, train.ys, fit);
    const {auc} = await evaluateMetrics(slim, {data: test, metrics: ['auc']});
    scores[start] = {auc, pairs: search.selection.length};
    free(full, slim);
  }
  free(other);
  tf.dispose([before, train, test] as never);
  return scores;
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 3, seed: 1});
