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
  pairs: number;
  parameters: number;
  'test AUC': number;
  logloss: number;
  /** Milliseconds to predict 10,000 rows. */
  'predict ms': number;
  /** Milliseconds of a training step of 500 rows. */
  'step ms': number;
}

/** Milliseconds of each function, in turns: the fastest of 100 runs, since other work on the machine slows the rest. */
async function milliseconds(functions: Array<() => Promise<tf.TensorContainer>>): Promise<number[]> {
  const fastest = functions.map(() => Infinity);
  for (let turn = 0; turn < 100; turn++)
    for (const [i, run] of functions.entries()) {
      const start = performance.now();
      tf.dispose(await run());
      fastest[i] = Math.min(fastest[i], performance.now() - start);
    }
  return fastest.map(time => +time.toFixed(1));
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
  const learn = async (each: tfl.LayersModel, pairs: number) => {
    await fit(each, [new EpochMetrics({data: validation}), new RestoreBest({monitor: 'val_logloss'})]);
    const {auc, logloss} = await evaluateMetrics(each, {data: test, metrics: ['auc', 'logloss']});
    return {pairs, parameters: each.countParams(), 'test AUC': +auc.toFixed(4), logloss: +logloss.toFixed(4)};
  };
  const all = model(fields, seed, false);
  const before = await learn(all, (fields.length * (fields.length - 1)) / 2);

  const searched = model(fields, seed, true);
  const search = new SearchStage();
  await fit(searched, [search]);
  const slim = retrainModel(searched, search.selection, {seed});
  const after = await learn(slim, search.selection.length);

  const first = (tensor: tf.Tensor, count: number) => tf.slice(tensor, 0, Math.min(count, tensor.shape[0]));
  const timed = [first(test.xs, 10_000), first(train.xs, 500), first(train.ys, 500)];
  const predict = (each: tfl.LayersModel) => async () => {
    const predicted = each.predict(timed[0], {batchSize: 10_000}) as tf.Tensor;
    await predicted.data();
    return predicted;
  };
  const predictions = await milliseconds([predict(all), predict(slim)]);
  const steps = await milliseconds([all, slim].map(each => async () => each.trainOnBatch(timed[1], timed[2])));
  free(all, searched, slim);
  tf.dispose([train, validation, test, timed] as never);
  const [lineBefore, lineAfter] = [before, after].map((line, i) => ({
    ...line,
    'predict ms': predictions[i],
    'step ms': steps[i],
  }));
  return {
    lines: {before: lineBefore, after: lineAfter},
    kept: search.selection.map(pair => pair.fields.join(' x ')),
  };
}

async function show(settings: Settings): Promise<string[]> {
  const {lines, kept} = await run(settings);
  console.table(lines);
  return kept;
}

if (require.main === module) void main(show, {rows: 200_000, epochs: 6, seed: 1});
