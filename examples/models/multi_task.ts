/**
 * A model of two tasks with gates: clicks, and conversions, which only follow clicks (ESMM, Ma et al., SIGIR 2018):
 * p(click and conversion) = p(click) p(conversion | click). Both towers read one table; each has its own gate, so the
 * search says which interactions matter for which task. On flights a "click" is an arrival more than 15 minutes late,
 * a "conversion" one of more than an hour: `npx tsx examples/models/multi_task.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics, lazyAdam, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, type FieldSpec, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {flightFields, flightsQuery, free, main, partsOf, readTable, type Settings, tensorOf} from './table';

const LABELS = {click: '(delay > 15)::INTEGER', conversion: '(delay > 60)::INTEGER'};

function model(fields: FieldSpec[], seed: number): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const e = new FieldEmbedding({fields, outputDim: 8, seed}).apply(ids) as tfl.SymbolicTensor;
  const tower = (task: string, offset: number) => {
    const gate = new GatedInteraction({name: `${task}_gate`, seed: seed + offset}).apply(e);
    const linear = new FieldLinear({fields, name: `${task}_linear`}).apply(ids);
    const logit = tfl.layers.add().apply([gate, linear] as tfl.SymbolicTensor[]);
    return tfl.layers.activation({activation: 'sigmoid', name: task}).apply(logit) as tfl.SymbolicTensor;
  };
  const click = tower('click', 1);
  const conversion = tfl.layers.multiply({name: 'conversion'}).apply([click, tower('given_click', 2)]);
  const made = tfl.model({inputs: ids, outputs: [click, conversion as tfl.SymbolicTensor]});
  made.compile({optimizer: lazyAdam({learningRate: 0.01}), loss: ['binaryCrossentropy', 'binaryCrossentropy']});
  return made;
}

/** AUC of both tasks on test rows, and how many interactions each task keeps. */
export async function run(settings: Settings): Promise<Record<string, {auc: number; kept: string[]}>> {
  const table = await readTable(flightsQuery(settings), flightFields, LABELS);
  const {fields, ids, numbers} = table;
  const parts = partsOf(table.rows);
  const tensors = ({train, test}: typeof parts) =>
    [train, test].map(rows => ({
      xs: tensorOf(Object.values(ids), rows, 'int32'),
      ys: Object.keys(LABELS).map(task => tensorOf([numbers[task]], rows, 'float32')),
    }));
  const [train, test] = tensors(parts);

  const full = model(fields, settings.seed);
  const search = new SearchStage({method: {type: 'topK', k: 12}});
  const fit = {epochs: settings.epochs, batchSize: 500, verbose: 0} as const;
  await full.fit(train.xs, train.ys, {...fit, callbacks: [search]});
  const slim = retrainModel(full, search.selection, {seed: settings.seed});
  await slim.fit(train.xs, train.ys, fit);

  const scores: Record<string, {auc: number; kept: string[]}> = {};
  for (const [task, output] of Object.keys(LABELS).entries()) {
    const {auc} = await evaluateMetrics(slim, {data: {xs: test.xs, ys: test.ys[task]}, output, metrics: ['auc']});
    const kept = search.selection.filter(({gate}) => gate === task).map(({fields: names}) => names.join(' and '));
    scores[output] = {auc, kept};
  }
  tf.dispose([train, test] as never);
  free(full, slim);
  return scores;
}

if (require.main === module) void main(run, {rows: 300_000, epochs: 3, seed: 1});
