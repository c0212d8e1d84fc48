/** A cell: what it is about, and code that a reader may change. */
export interface Cell {
  title: string;
  text: string;
  code: string;
}

/** The notebook, from an empty page to a prediction. Lines of code are at most 90 characters long. */
export const cells: readonly Cell[] = [
  {
    title: 'Load the library',
    text:
      'The library computes with TensorFlow.js. WebAssembly is the fastest backend for it in most browsers; ' +
      '`useBackend` also adds the kernels that it lacks.',
    code: `import {useBackend} from 'tfjs-autofis/runtime';

const {reason} = await useBackend('wasm');
show(reason);`,
  },
  {
    title: 'Read the table',
    text:
      'Ten thousand reports of birds that struck an aircraft, from the Federal Aviation Administration. ' +
      'The question is which strikes damage the aircraft. `data` is the address of the table.',
    code: `import Papa from 'papaparse';

const text = await (await fetch(data)).text();
const {data: reports} = Papa.parse(text, {header: true, skipEmptyLines: true});
const table = reports.map(report => ({
  damage: report['Effect Amount of damage'] === 'None' ? 'no' : 'yes',
  species: report['Wildlife Species'],
  size: report['Wildlife Size'],
  phase: report['Phase of flight'],
  time: report['Time of day'],
  airline: report['Aircraft Airline Operator'],
  aircraft: report['Aircraft Make Model'],
  state: report['Origin State'],
  speed: report['Speed IAS in knots'],
  month: report['Flight Date'].slice(5, 7),
}));
show(\`\${table.length} strikes\`);
show(table.slice(0, 3));`,
  },
  {
    title: 'Turn columns into fields',
    text:
      'A model reads ids, not text. The library infers a schema: how each column becomes a field, and how rows are ' +
      'split into training, validation and test rows. It reports every assumption, with the reason.',
    code: `import {columnFacts, inferFields, TextColumnBuilder} from 'tfjs-autofis/schema';

const columns = Object.keys(table[0]).map(name => {
  const column = new TextColumnBuilder(name);
  for (const row of table) column.add(row[name]);
  return column.column();
});
const {schema, split, assumptions} = inferFields('notebook', columns.map(columnFacts), {
  label: 'damage',
  positiveLabel: 'yes',
  complete: true,
  seed: 1,
});
show(assumptions.map(({column, reading, why}) => ({column: column ?? 'rows', reading, why})));`,
  },
  {
    title: 'Encode the rows',
    text:
      'The vocabulary is fitted on the training rows alone. Then each row becomes nine ids, one for each field, and ' +
      'each part of the rows becomes two tensors.',
    code: `import * as tf from '@tensorflow/tfjs-core';
import {fieldSpecs} from 'tfjs-autofis';
import {encodeColumns, fitColumns, labelsOf, partOfRow} from 'tfjs-autofis/schema';

const parts = table.map((_, row) => partOfRow(split, row, null));
const fitted = fitColumns(schema, columns, row => parts[row] === 'train');
const fields = fieldSpecs(fitted);
const {ids, width} = encodeColumns(fitted, columns);
const labels = labelsOf(schema.label, columns[0]);

function rowsOf(part) {
  const rows = [...parts.keys()].filter(row => parts[row] === part);
  return {
    xs: tf.tensor2d(rows.map(row => Array.from(ids.subarray(row * width, (row + 1) * width))),
      [rows.length, width], 'int32'),
    ys: tf.tensor2d(rows.map(row => [labels[row]])),
  };
}
const train = rowsOf('train');
const test = rowsOf('test');
show(fields.map(({name, size}) => ({field: name, ids: size})));`,
  },
  {
    title: 'Two baselines',
    text:
      'Logistic regression has one weight for each value and no interactions. A factorisation machine adds all 36 ' +
      'pairs of fields. AUC is the probability that a strike with damage scores above one without.',
    code: `import {evaluateMetrics, SeededBatches} from 'tfjs-autofis';
import {fm, lr} from 'tfjs-autofis/models';

const batches = new SeededBatches(train, {batchSize: 100, seed: 1});
const scores = [];
async function score(name, pairs, model) {
  const {auc, logloss} = await evaluateMetrics(model, {data: test});
  return {model: name, pairs, AUC: auc, logloss};
}
for (const [name, pairs, make] of [['logistic regression', 0, lr], ['all pairs', 36, fm]]) {
  const model = make({fields, embeddingDim: 8, seed: 1});
  await model.fitDataset(batches, {epochs: 4, verbose: 0});
  scores.push(await score(name, pairs, model));
}
show(scores);`,
  },
  {
    title: 'Close the gates',
    text:
      'Now each pair has a gate. Its weight alpha is trained, and a growing threshold closes gates, as in the paper: ' +
      'what is left open at the end matters most to the model.',
    code: `import {SearchStage} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';

const gated = autoFm({fields, embeddingDim: 8, seed: 1});
const search = new SearchStage({method: {type: 'grda', c: 0.05}});
const {history} = await gated.fitDataset(batches, {epochs: 8, verbose: 0, callbacks: [search]});
show(history.openGates.map((open, epoch) => ({
  epoch: epoch + 1,
  'open gates': open,
  loss: history.loss[epoch],
})));`,
  },
  {
    title: 'Read the selection',
    text: 'The pairs whose gates are open, the strongest first. The size of the animal matters in most of them.',
    code: `const {selection} = search;
show(\`\${selection.length} of 36 pairs\`);
show(selection.map(({fields, alpha}) => ({pair: fields.join(' × '), alpha})));`,
  },
  {
    title: 'Retrain the slim model',
    text:
      'A fresh model of the open pairs alone, scored on the same test rows. A thousand rows do not show a small ' +
      'difference; `autoSelect` of this library decides by more than one number.',
    code: `import {retrainModel} from 'tfjs-autofis';

const slim = retrainModel(gated, selection, {seed: 1});
await slim.fitDataset(batches, {epochs: 2, verbose: 0});
show([...scores, await score('open pairs', selection.length, slim)]);`,
  },
  {
    title: 'Predict a strike',
    text:
      'A bundle holds the model with its schema, so it predicts from raw values. Here it stays in memory; a URL or ' +
      'the browser’s storage does as well. Change the strike and run the cell again.',
    code: `import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';

const files = new Map();
const store = {
  name: 'memory',
  read: async name => files.get(name) ?? null,
  write: async written => written.forEach((bytes, name) => files.set(name, bytes)),
};
await saveBundle(store, {model: slim, fitted, selection});
const bundle = await loadBundle(store);

const strike = {species: 'Canada goose', size: 'Large', phase: 'Take-off run', time: 'Day',
  airline: 'DELTA AIR LINES', aircraft: 'B-737-300', state: 'New York', speed: '140', month: '10'};
const [large] = await bundle.predict([strike]);
const [small] = await bundle.predict([{...strike, species: 'Barn swallow', size: 'Small'}]);
show([
  {strike: 'a large goose', 'probability of damage': large},
  {strike: 'a small swallow', 'probability of damage': small},
]);`,
  },
];
