/**
 * A regression with gates: how many minutes late does a flight arrive? The same search as for clicks, with another loss
 * and the metrics of numbers: `npx tsx examples/models/regression.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateMetrics, lazyAdam, RestoreBest, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {flightFields, flightsQuery, free, main, partsOf, readTable, type Settings, tensorOf} from './table';

/** Hours, so that a squared error is of the size that learning rates are made for; few flights are later than three. */
const HOURS = 'greatest(-1, least(delay / 60, 3))';
const METRICS: Array<'rmse' | 'mae' | 'r2'> = ['rmse', 'mae', 'r2'];

/** Without `gated` a linear model, with which the others are compared. */
function model(fields: FieldSpec[], seed: number, gated: boolean): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const linear = new FieldLinear({fields, name: 'linear'}).apply(ids) as tfl.SymbolicTensor;
  const pairs = () => {
    const e = new FieldEmbedding({fields, outputDim: 8, seed}).apply(ids) as tfl.SymbolicTensor;
    const gate = new GatedInteraction({seed: seed + 1}).apply(e) as tfl.SymbolicTensor;
    return tfl.layers.add({name: 'hours'}).apply([linear, gate]) as tfl.SymbolicTensor;
  };
  const made = tfl.model({inputs: ids, outputs: gated ? pairs() : linear});
  made.compile({optimizer: lazyAdam({learningRate: 0.005}), loss: 'meanSquaredError'});
  return made;
}

/** Test metrics in hours, and how many of the 15 pairs are kept. */
export async function run(settings: Settings): Promise<Record<string, Record<string, number>>> {
  const table = await readTable(flightsQuery(settings), flightFields, {hours: HOURS});
  const parts = partsOf(table.rows);
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(rows => ({
    xs: tensorOf(Object.values(table.ids), rows, 'int32'),
    ys: tensorOf([table.numbers['hours']], rows, 'float32'),
  }));
  const {seed, epochs} = settings;
  const fit = (each: tfl.LayersModel, callbacks: tfl.Callback[]) =>
    each.fit(train.xs, train.ys, {epochs, batchSize: 500, verbose: 0, callbacks});
  const scores: Record<string, Record<string, number>> = {};
  const learn = async (name: string, each: tfl.LayersModel, pairs: number) => {
    await fit(each, [new EpochMetrics({data: validation, metrics: METRICS}), new RestoreBest({monitor: 'val_rmse'})]);
    scores[name] = {...(await evaluateMetrics(each, {data: test, metrics: METRICS})), pairs};
    free(each);
  };
  await learn('linear', model(table.fields, seed, false), 0);
  const full = model(table.fields, seed, true);
  const search = new SearchStage({method: {type: 'topK', k: 4}});
  await fit(full, [search]);
  await learn('selected pairs', retrainModel(full, search.selection, {seed}), search.selection.length);
  free(full);
  tf.dispose([train, validation, test] as never);
  return scores;
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 4, seed: 1});
