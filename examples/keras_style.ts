/**
 * A model in the style of Keras gets gates, is searched and trained again: a field-aware factorisation machine of late
 * flights before and after. Run it by `npx tsx examples/keras_style.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateMetrics, type LabeledRows, lazyAdam, RestoreBest} from 'tfjs-autofis';
import {retrainModel, SearchStage, SeededBatches} from 'tfjs-autofis';
import {fieldAwareEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {flightFields, flightsQuery, free, main, partsOf, readTable, type Settings, tensorOf} from './models/table';

const COLUMNS = {...flightFields, month: 'month(date)', minute: 'minute(date)'};

/** Build the model; without `gated` products of all pairs are added up. */
function model(fields: FieldSpec[], seed: number, gated: boolean): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const e = fieldAwareEmbedding({fields, outputDim: 4, seed}).apply(ids) as tfl.SymbolicTensor;
  const pairs = new GatedInteraction(gated ? {seed} : {useAlpha: false, batchNorm: false}).apply(e);
  const linear = new FieldLinear({fields}).apply(ids);
  const logit = tfl.layers.add().apply([linear, pairs] as tfl.SymbolicTensor[]);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(logit) as tfl.SymbolicTensor;
  const made = tfl.model({inputs: ids, outputs});
  made.compile({optimizer: lazyAdam({learningRate: 0.005}), loss: 'binaryCrossentropy'});
  return made;
}

interface Line {
  interactions: number;
  parameters: number;
  'test AUC': number;
  logloss: number;
}

/** Both models, and the pairs that the second one keeps. */
export async function run(settings: Settings): Promise<{lines: Record<'before' | 'after', Line>; kept: string[]}> {
  const {fields, ids, numbers, rows} = await readTable(flightsQuery(settings), COLUMNS, {late: 'delay > 15'});
  const parts = partsOf(rows);
  const [train, validation, test] = [parts.train, parts.validation, parts.test].map(part => ({
    xs: tensorOf(Object.values(ids), part, 'int32'),
    ys: tensorOf([numbers['late']], part, 'float32'),
  }));
  const {seed, epochs} = settings;
  const fit = (each: tfl.LayersModel, callbacks: tfl.Callback[]) =>
    each.fitDataset(new SeededBatches(train as LabeledRows, {batchSize: 500, seed}) as never, {
      epochs,
      verbose: 0,
      callbacks,
    });
  const learn = async (each: tfl.LayersModel, interactions: number): Promise<Line> => {
    await fit(each, [new EpochMetrics({data: validation}), new RestoreBest({monitor: 'val_logloss'})]);
    const {auc, logloss} = await evaluateMetrics(each, {data: test, metrics: ['auc', 'logloss']});
    const parameters = each.countParams();
    free(each);
    return {interactions, parameters, 'test AUC': +auc.toFixed(4), logloss: +logloss.toFixed(4)};
  };
  const before = await learn(model(fields, seed, false), (fields.length * (fields.length - 1)) / 2);

  const searched = model(fields, seed, true);
  const search = new SearchStage();
  await fit(searched, [search]);
  const after = await learn(retrainModel(searched, search.selection, {seed}), search.selection.length);
  free(searched);
  tf.dispose([train, validation, test] as never);
  return {lines: {before, after}, kept: search.selection.map(pair => pair.fields.join(' x '))};
}

async function show(settings: Settings): Promise<string[]> {
  const {lines, kept} = await run(settings);
  console.table(lines);
  return kept;
}

if (require.main === module) void main(show, {rows: 200_000, epochs: 6, seed: 1});
