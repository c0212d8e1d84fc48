/**
 * A two-tower model with gates: each tower's own gate says which of its pairs of fields shape its vector, and the
 * towers meet in a dot product, so that films can be looked up by their vectors:
 * `npx tsx examples/models/two_tower.ts --data ml-1m`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics, lazyAdam, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, type FieldSpec, GatedInteraction} from 'tfjs-autofis/layers';
import {free, main, partsOf, ratingsQuery, readTable, type Settings, tensorOf} from './table';

const FIELDS = {
  user: {user_id: 'user_id', gender: 'gender', age: 'age', occupation: 'occupation', zip3: 'zip3'},
  film: {
    movie_id: 'movie_id',
    year: 'year',
    genre: "genres.split('|')[1]",
    'number of genres': "len(genres.split('|'))",
  },
};
type Side = keyof typeof FIELDS;
const SIDES = Object.keys(FIELDS) as Side[];
type Fields = Record<Side, FieldSpec[]>;

function model(fields: Fields, seed: number): tfl.LayersModel {
  const inputs = SIDES.map(side => tfl.input({shape: [fields[side].length], dtype: 'int32', name: side}));
  const vectors = SIDES.map((side, i) => {
    const table = new FieldEmbedding({name: `${side}_table`, fields: fields[side], outputDim: 16, seed: seed + 10 * i});
    const e = table.apply(inputs[i]) as tfl.SymbolicTensor;
    // A closed gate is a column of zeros; the slim model does not have it.
    const products = new GatedInteraction({name: `${side}_gate`, output: 'each', seed: seed + 10 * i + 1}).apply(e);
    const all = tfl.layers.concatenate().apply([tfl.layers.flatten().apply(e), products] as tfl.SymbolicTensor[]);
    const kernelInitializer = tfl.initializers.glorotUniform({seed: seed + 10 * i + 2});
    return tfl.layers.dense({name: `${side}_vector`, units: 16, kernelInitializer}).apply(all) as tfl.SymbolicTensor;
  });
  const match = tfl.layers.dot({axes: 1}).apply(vectors);
  const scaled = tfl.layers.dense({units: 1, kernelInitializer: 'ones'}).apply(match);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(scaled) as tfl.SymbolicTensor;
  const made = tfl.model({inputs, outputs});
  made.compile({optimizer: lazyAdam({learningRate: 0.002}), loss: 'binaryCrossentropy'});
  return made;
}

/** Test AUC, the pairs of each tower, and the shape of the table of films' vectors. */
export async function run(settings: Settings): Promise<{auc: number; kept: Record<Side, string[]>; films: number[]}> {
  const {user, film} = FIELDS;
  const table = await readTable(ratingsQuery(settings), {...user, ...film}, {liked: 'label'});
  const specs = (side: Side) => table.fields.filter(({name}) => name in FIELDS[side]);
  const fields = {user: specs('user'), film: specs('film')};
  const columns = (side: Side) => Object.keys(FIELDS[side]).map(name => table.ids[name]);
  const parts = partsOf(table.rows);
  const [train, test] = [parts.train, parts.test].map(rows => ({
    xs: SIDES.map(side => tensorOf(columns(side), rows, 'int32')),
    ys: tensorOf([table.numbers['liked']], rows, 'float32'),
  }));
  const {seed, epochs} = settings;
  const fit = {epochs, batchSize: 500, verbose: 0} as const;
  const full = model(fields, seed);
  const search = new SearchStage({method: {type: 'topK', k: 12}});
  await full.fit(train.xs, train.ys, {...fit, callbacks: [search]});
  const slim = retrainModel(full, search.selection, {seed});
  await slim.fit(train.xs, train.ys, fit);
  const {auc} = await evaluateMetrics(slim, {data: test, metrics: ['auc']});

  // The film's half alone, for an index of vectors.
  const tower = tfl.model({inputs: slim.inputs[1], outputs: slim.getLayer('film_vector').output as tfl.SymbolicTensor});
  const vectors = tower.predict(test.xs[1]) as tf.Tensor;
  const films = vectors.shape;
  const keptBy = (gate: number) =>
    search.selection.filter(each => each.gate === gate).map(each => each.fields.join(' and '));
  tf.dispose([vectors, train, test] as never);
  free(full, slim);
  return {auc, kept: {user: keptBy(0), film: keptBy(1)}, films};
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 3, seed: 1});
