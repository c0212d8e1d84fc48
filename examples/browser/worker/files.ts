import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {AutoSelection, RunRecord} from 'tfjs-autofis';
import {saveBundle} from 'tfjs-autofis/bundle';
import type {NamedFile} from '../protocol';
import {csvLine, uniqueNames} from './csv';
import {type Dataset, tensorsOf, valueNames} from './dataset';

const BATCH = 10_000;

/**
 * What a person takes home: the bundle (model.json and weights.bin in the format of tfjs, schema.json, bundle.json, and
 * selection.json where pairs are selected), the run, and what the model says of each test row.
 */
export async function filesOf(found: AutoSelection, dataset: Dataset, run: RunRecord): Promise<NamedFile[]> {
  const {model, selection, decision} = found;
  const files: NamedFile[] = [];
  await saveBundle(
    {
      name: 'the page',
      read: async () => null,
      write: async written => {
        for (const [name, bytes] of written) files.push({name, bytes});
      },
    },
    {
      model,
      fitted: dataset.fitted,
      ...(selection.length === 0 ? {} : {selection}),
      metadata: {data: dataset.name, decision},
    },
  );
  const encode = (text: string) => new TextEncoder().encode(text);
  files.push(
    {name: 'run.json', bytes: encode(`${JSON.stringify(run)}\n`)},
    {name: 'predictions.csv', bytes: encode(predictionsCsv(model, dataset))},
  );
  return files;
}

/**
 * A line for each test row: its number in the table, its ids as the model reads them, what they stand for, the label
 * and the probability.
 */
function predictionsCsv(model: tfl.LayersModel, dataset: Dataset): string {
  const {test, width, fitted} = dataset;
  const {xs, ys} = tensorsOf(test, width);
  const output = model.predict(xs, {batchSize: BATCH}) as tf.Tensor;
  const probabilities = output.dataSync();
  [xs, ys, output].forEach(tensor => tensor.dispose());
  const names = valueNames(fitted);
  const single = fitted.schema.fields.every(rule => rule.type !== 'multiValued');
  const columns = Array.from({length: width}, (_, i) => `id ${i}`);
  const head = uniqueNames([
    'row',
    ...columns,
    ...(single ? fitted.fields.map(({name}) => name) : []),
    'label',
    'probability',
  ]);
  const lines = Array.from({length: test.rows}, (_, row) => {
    const ids = Array.from(test.ids.subarray(row * width, (row + 1) * width));
    const values = single ? ids.map((id, f) => names[f][id]) : [];
    return csvLine([test.numbers[row], ...ids, ...values, test.labels[row], probabilities[row]]);
  });
  return [csvLine(head), ...lines, ''].join('\n');
}
