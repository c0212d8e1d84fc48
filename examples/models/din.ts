/**
 * DIN with gates (Zhou et al., KDD 2018): which pairs matter when one of the fields is a user's earlier films, weighed
 * by the film in question? Compared with DeepFM, which does not see them:
 * `npx tsx examples/models/din.ts --data ml-1m`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateMetrics, lazyAdam, RestoreBest, retrainModel, SearchStage} from 'tfjs-autofis';
import {AttentionEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {autoDeepFm, deepFm} from 'tfjs-autofis/models';
import {free, main, ratingsQuery, readTable, type Settings, spansOf, tensorOf} from './table';

/** The fields of MovieLens 1M; of other ratings user_id and movie_id come first, too. */
const NAMES = ['user_id', 'movie_id', 'gender', 'age', 'occupation', 'zip3', 'year'];
const HISTORY = 20;

/** For each row the last films that its user liked in the rows before, -1 where there are fewer: by columns. */
export function likedBefore(
  users: ArrayLike<number>,
  films: ArrayLike<number>,
  liked: ArrayLike<number>,
): Int32Array[] {
  const columns = Array.from({length: HISTORY}, () => new Int32Array(users.length).fill(-1));
  const known = new Map<number, number[]>();
  for (let row = 0; row < users.length; row++) {
    const earlier = known.get(users[row]) ?? [];
    earlier.forEach((film, i) => (columns[i][row] = film));
    if (liked[row] === 1) known.set(users[row], [...earlier, films[row]].slice(-HISTORY));
  }
  return columns;
}

/** A DIN whose embeddings meet in gated pairs, beside its MLP and a linear part. */
export function gatedDin(fields: FieldSpec[], seed: number): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length - 1 + HISTORY], dtype: 'int32', name: 'ids'});
  const roles = {behaviour: {name: 'history'}, candidate: {name: 'movie_id'}};
  const e = new AttentionEmbedding({fields, ...roles, outputDim: 16, seed}).apply(ids) as tfl.SymbolicTensor;
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

export type DinScores = Record<string, {auc: number; logloss: number; pairs: number}>;

/** Where the parts begin: rows that train, that gates learn from, that choose the epoch, and test rows. */
const PARTS = [0, 0.7, 0.75, 0.8, 1];

const pairsOf = (fields: number) => (fields * (fields - 1)) / 2;

/** Test AUC and logloss of each model. */
export async function run(settings: Settings, names: readonly string[] = NAMES): Promise<DinScores> {
  const fields = Object.fromEntries(names.map(name => [name, name]));
  const table = await readTable(ratingsQuery(settings), fields, {liked: 'label'});
  const {liked} = table.numbers;
  const columns = [...Object.values(table.ids), ...likedBefore(table.ids['user_id'], table.ids['movie_id'], liked)];
  const history = {name: 'history', size: table.fields[1].size, width: HISTORY};
  const all: FieldSpec[] = [...table.fields, history];
  const [train, gates, validation, test] = spansOf(table.rows, PARTS).map(rows => ({
    xs: tensorOf(columns, rows, 'int32'),
    ys: tensorOf([liked], rows, 'float32'),
  }));
  const {seed, epochs} = settings;
  const scores: DinScores = {};
  const fit = (model: tfl.LayersModel, callbacks: tfl.Callback[]) =>
    model.fit(train.xs, train.ys, {epochs, batchSize: 500, verbose: 0, callbacks});
  const learn = async (name: string, model: tfl.LayersModel, pairs: number) => {
    await fit(model, [new EpochMetrics({data: validation}), new RestoreBest({patience: 1})]);
    scores[name] = {...(await evaluateMetrics(model, {data: test})), pairs};
    free(model);
  };
  const without = {fields: [...table.fields, {...history, ignored: true}], hiddenUnits: [64], seed};
  await learn('DeepFM without history', deepFm(without), pairsOf(names.length));
  await learn('DeepFM with gates, without history', autoDeepFm(without), pairsOf(names.length));
  await learn('DIN with gates, all pairs', gatedDin(all, seed), pairsOf(all.length));
  const searched = gatedDin(all, seed);
  const search = new SearchStage({heldOut: gates});
  await fit(searched, [search]);
  await learn('DIN with gates, selected', retrainModel(searched, search.selection, {seed}), search.selection.length);
  free(searched);
  tf.dispose([train, gates, validation, test] as never);
  return scores;
}

if (require.main === module) void main(settings => run(settings), {rows: 300_000, epochs: 3, seed: 1});
