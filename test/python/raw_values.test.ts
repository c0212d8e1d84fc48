import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, fieldSpecs} from 'tfjs-autofis';
import {loadBundle, type Row, RowEncoder, saveBundle} from 'tfjs-autofis/bundle';
import {autoDeepFm} from 'tfjs-autofis/models';
import {writeOnnx} from 'tfjs-autofis/export';
import {fitColumns, TextColumnBuilder} from 'tfjs-autofis/schema';
import {readShared, sharedData} from '../helpers/shared_data';
import {type DataSet, dataSets} from './data_sets';
import {providedPython, runPython} from './environment';

const python = providedPython();
/** Data sets with fields of every rule. */
const present = dataSets.filter(({title, file}) => /Criteo|MovieLens/.test(title) && sharedData(file) !== undefined);
const known = {python: python !== null, 'a public data set': present.length > 0};
const absent = Object.entries(known).filter(([, isThere]) => !isThere);
if (absent.length > 0)
  console.log(`test/python/raw_values: skipped, since there is no ${absent.map(([name]) => name).join(' and ')}.`);

/** Rows of each data set: those that the bundle is made of, and those that it predicts. */
const TRAINING = 4000;
const TEST = 3000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-raw-values-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Makes a bundle of the first rows of a data set, and writes what it predicts for the next ones. */
async function makeBundle({file, title, separator, columns, schema}: DataSet): Promise<void> {
  const [first, ...others] = readShared(sharedData(file)!, separator);
  const names = columns ?? first;
  const lines = (columns === undefined ? others : [first, ...others]).slice(0, TRAINING + TEST);
  const builders = names.map(name => new TextColumnBuilder(name));
  for (const line of lines) builders.forEach((builder, i) => builder.add(line[i]));
  const fitted = fitColumns(
    schema,
    builders.map(builder => builder.column()),
    row => row < TRAINING,
  );
  const rows: Row[] = lines.map(line => Object.fromEntries(names.map((name, i) => [name, line[i]])));
  const {ids} = new RowEncoder(fitted).encode(rows.slice(0, TRAINING));
  const labels = lines.slice(0, TRAINING).map(line => Number(line[names.indexOf('label')]));
  const fields = fieldSpecs(fitted);
  // As many pairs as a search may keep.
  const interactions = allInteractions(fields.length, 2).slice(0, 200);
  const model = autoDeepFm({fields, interactions, embeddingDim: 4, hiddenUnits: [16], seed: 1});
  const [xs, ys] = [tf.tensor2d(ids, [TRAINING, ids.length / TRAINING], 'int32'), tf.tensor2d(labels, [TRAINING, 1])];
  await model.fit(xs, ys, {epochs: 1, batchSize: 100, verbose: 0});
  await saveBundle(path.join(folder, title), {model, fitted});
  tf.dispose([xs, ys]);
  model.dispose();

  const bundle = await loadBundle(path.join(folder, title));
  const test = rows.slice(TRAINING);
  const probabilities = [...(await bundle.predict(test))];
  expect(new Set(probabilities).size).toBeGreaterThan(1000);
  writeFileSync(path.join(folder, title, 'expected.json'), JSON.stringify({rows: test, probabilities}));
  await writeOnnx(path.join(folder, `${title}.onnx`), bundle.model, {fitted: bundle.fitted});
  bundle.dispose();
}

(absent.length > 0 ? describe.skip : describe)('exports of raw values have the probabilities of their bundles', () => {
  const titles = present.map(({title}) => title);
  beforeAll(async () => {
    for (const dataSet of present) await makeBundle(dataSet);
  });

  it('as SavedModels, without this package', async () => {
    const places = titles.map(title => [path.join(folder, title), path.join(folder, `${title}.saved`)]);
    // The command and the function, after one start of TensorFlow.
    const others = places.slice(1).map(([from, to]) => `w(${JSON.stringify(from)}, ${JSON.stringify(to)}, True)`);
    const lines = [
      'import runpy',
      'runpy.run_module("tfjs_autofis", run_name="__main__")',
      'from tfjs_autofis import write_saved_model as w',
      ...others,
    ];
    await runPython(python!, ['-c', lines.join('\n'), 'saved_model', ...places[0], '--vocabulary']);
    const script = path.resolve('python/tests/data/predict_raw.py');
    const differences = await runPython(python!, [script, folder, ...titles], {PYTHONPATH: ''});
    for (const difference of JSON.parse(differences) as number[]) expect(difference).toBeLessThan(1e-6);
  });

  it("as ONNX files in Python's onnxruntime", async () => {
    const differences = await runPython(python!, ['tests/data/predict_onnx.py', folder, ...titles]);
    expect(JSON.parse(differences)).toHaveLength(titles.length);
    for (const difference of JSON.parse(differences) as number[]) expect(difference).toBeLessThan(1e-6);
  });
});
