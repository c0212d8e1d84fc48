/**
 * DIN with gates (Zhou et al., KDD 2018): which pairs matter when one of the fields is a user's earlier films, weighed
 * by the film in question? `npx tsx examples/models/din.ts --data ml-1m`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateMetrics, lazyAdam, RestoreBest, retrainModel, SearchStage} from 'tfjs-autofis';
import {attentionEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {HISTORY, type Parts, readRatings} from './history';
import {free, main, type Settings} from './table';

/** A DIN whose embeddings meet in gated pairs, beside its MLP and a linear part. */
export function gatedDin(fields: FieldSpec[], seed: number): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length - 1 + HISTORY], dtype: 'int32', name: 'ids'});
  const roles = {behaviour: {name: 'history'}, candidate: {name: 'movie_id'}};
  const e = attentionEmbedding({fields, ...roles, outputDim: 16, seed}).apply(ids) as tfl.SymbolicTensor;
  const linear = fields.map(field => ({...field, ignored: field.name === 'history'}));
  const start = (offset: number) => tfl.initializers.glorotUniform({seed: seed + offset});
  const hidden = tfl.layers
    .dense({units: 64, activation: 'relu', kernelInitializer: start(2)})
    .apply(tfl.layers.flatten().apply(e));
  const logit = tfl.layers
    .add()
    .apply([
      new GatedInteraction({seed: seed + 1}).apply(e),
      new FieldLinear({fields: linear}).apply(ids),
      tfl.layers.dense({units: 1, kernelInitializer: start(3)}).apply(hidden),
    ] as tfl.SymbolicTensor[]);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(logit) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: ids, outputs});
  model.compile({optimizer: lazyAdam({learningRate: 0.001}), loss: 'binaryCrossentropy'});
  return model;
}

const FIT = {batchSize: 500, verbose: 0} as const;

/** Trains up to the epoch that is best on the validation rows; AUC and logloss of the test rows. */
export async function learn(model: tfl.LayersModel, {train, validation, test}: Parts, epochs: number) {
  const callbacks = [new EpochMetrics({data: validation}), new RestoreBest({patience: 1})];
  await model.fit(train.xs, train.ys, {...FIT, epochs, callbacks});
  return evaluateMetrics(model, {data: test});
}

/** Searches, and gives the DIN of the pairs that are kept. */
export async function selectedDin(fields: FieldSpec[], {train, gates}: Parts, {seed, epochs}: Settings) {
  const searched = gatedDin(fields, seed);
  const search = new SearchStage({method: {type: 'topK', k: 12, heldOut: gates}});
  await searched.fit(train.xs, train.ys, {...FIT, epochs, callbacks: [search]});
  const model = retrainModel(searched, search.selection, {seed});
  free(searched);
  return {model, kept: search.selection.map(pair => pair.fields.join(' and '))};
}

/** Test AUC and logloss of the slim model, and its pairs. */
export async function run(settings: Settings): Promise<{auc: number; logloss: number; kept: string[]}> {
  const {fields, parts} = await readRatings(settings);
  const {model, kept} = await selectedDin(fields, parts, settings);
  const {auc, logloss} = await learn(model, parts, settings.epochs);
  free(model);
  tf.dispose(parts as never);
  return {auc, logloss, kept};
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 3, seed: 1});
