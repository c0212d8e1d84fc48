import type * as tfl from '@tensorflow/tfjs-layers';
import type {RunRecord, Selection} from 'tfjs-autofis';
import {saveBundle} from 'tfjs-autofis/bundle';
import {predicted} from '../../../src/training/evaluation';
import {type Dataset, tensorsOf, valueNames} from './dataset';
import {dispose} from './searching';

export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}

/**
 * What a person takes home: the bundle (model.json and weights.bin in the format of tfjs, schema.json, selection.json,
 * bundle.json), the run, and what the model says of each test row.
 */
export async function filesOf(
  model: tfl.LayersModel,
  dataset: Dataset,
  selection: Selection,
  run: RunRecord,
): Promise<NamedFile[]> {
  const files: NamedFile[] = [];
  await saveBundle(
    {
      name: 'the page',
      read: async () => null,
      write: async written => {
        for (const [name, bytes] of written) files.push({name, bytes});
      },
    },
    {model, fitted: dataset.fitted, selection, metadata: {data: dataset.name}},
  );
  const encode = (text: string) => new TextEncoder().encode(text);
  files.push(
    {name: 'run.json', bytes: encode(`${JSON.stringify(run)}\n`)},
    {name: 'predictions.csv', bytes: encode(predictionsCsv(model, dataset))},
  );
  return files;
}

/** A line for each test row: its ids as the model reads them, what they stand for, the label and the probability. */
function predictionsCsv(model: tfl.LayersModel, dataset: Dataset): string {
  const {test, width, fitted} = dataset;
  const rows = tensorsOf(test, width);
  const probabilities = predicted(model, rows);
  const names = valueNames(fitted);
  dispose(rows);
  const single = fitted.schema.fields.every(rule => rule.type !== 'multiValued');
  const head = Array.from({length: width}, (_, i) => `id ${i}`);
  if (single) head.push(...fitted.fields.map(({name}) => quoted(name)));
  const lines = Array.from({length: test.rows}, (_, row) => {
    const ids = Array.from(test.ids.subarray(row * width, (row + 1) * width));
    return [
      ...ids,
      ...(single ? ids.map((id, f) => quoted(names[f][id])) : []),
      test.labels[row],
      probabilities[row],
    ].join(',');
  });
  return [[...head, 'label', 'probability'].join(','), ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
