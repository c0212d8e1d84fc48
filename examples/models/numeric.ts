/**
 * Numbers beside ids: time of day and distance enter an FM as themselves, each times a vector of its own, so that
 * `hour x origin` costs one vector rather than a table: `npx tsx examples/models/numeric.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics, lazyAdam, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, type FieldSpec, FieldLinear, GatedInteraction, NumericEmbedding} from 'tfjs-autofis/layers';
import {flightsQuery, free, main, partsOf, readTable, type Settings, tensorOf} from './table';

const FIELDS = {weekday: 'isodow(date)', day: 'dayofyear(date)', origin: 'origin', destination: 'destination'};
/** Of mean 0 and about deviation 1; a day is a circle. */
const ANGLE = '(hour(date) * 60 + minute(date)) * pi() / 720';
const NUMBERS = {
  sine: `sin(${ANGLE}) * 1.4`,
  cosine: `cos(${ANGLE}) * 1.4`,
  distance: '(ln(distance + 1) - 6.3) / 0.8',
};

function model(fields: FieldSpec[], seed: number): tfl.LayersModel {
  const outputDim = 8;
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const numbers = tfl.input({shape: [Object.keys(NUMBERS).length], name: 'numbers'});
  const columns = Object.keys(NUMBERS).map(name => ({name}));
  const e = tfl.layers
    .concatenate({axis: 1})
    .apply([
      new FieldEmbedding({fields, outputDim, seed}).apply(ids),
      new NumericEmbedding({fields: columns, outputDim, seed: seed + 1}).apply(numbers),
    ] as tfl.SymbolicTensor[]) as tfl.SymbolicTensor;
  const logit = tfl.layers
    .add()
    .apply([
      new GatedInteraction({seed: seed + 2}).apply(e),
      new FieldLinear({fields}).apply(ids),
      tfl.layers.dense({units: 1, useBias: false, kernelInitializer: 'zeros'}).apply(numbers),
    ] as tfl.SymbolicTensor[]);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(logit) as tfl.SymbolicTensor;
  const made = tfl.model({inputs: [ids, numbers], outputs});
  made.compile({optimizer: lazyAdam({learningRate: 0.01}), loss: 'binaryCrossentropy'});
  return made;
}

/** Test AUC of late arrivals, and the pairs that the search keeps. */
export async function run(settings: Settings): Promise<{auc: number; logloss: number; kept: string[]}> {
  const late = {late: '(delay > 15)::INTEGER'};
  const table = await readTable(flightsQuery(settings), FIELDS, {...NUMBERS, ...late});
  const parts = partsOf(table.rows);
  const columns = Object.keys(NUMBERS).map(name => table.numbers[name]);
  const [train, test] = [parts.train, parts.test].map(rows => ({
    xs: [tensorOf(Object.values(table.ids), rows, 'int32'), tensorOf(columns, rows, 'float32')],
    ys: tensorOf([table.numbers['late']], rows, 'float32'),
  }));
  const {seed, epochs} = settings;
  const fit = {epochs, batchSize: 500, verbose: 0} as const;
  const full = model(table.fields, seed);
  const search = new SearchStage({method: {type: 'topK', k: 12}});
  await full.fit(train.xs, train.ys, {...fit, callbacks: [search]});
  const slim = retrainModel(full, search.selection, {seed});
  await slim.fit(train.xs, train.ys, fit);
  const scores = await evaluateMetrics(slim, {data: test});
  free(full, slim);
  tf.dispose([train, test] as never);
  return {...scores, kept: search.selection.map(({fields: names}) => names.join(' and '))};
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 3, seed: 1});
