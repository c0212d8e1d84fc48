/**
 * Will this flight arrive more than 15 minutes late? The recipe on real US flights: `npm run demo`. Options, after
 * `--`: --rows N and --seed S for another sample, --backend NAME for another backend than the fastest that loads, --out
 * FOLDER for another place for the results than runs/demo.
 */
import {copyFile} from 'node:fs/promises';
import path from 'node:path';
import {parseArgs} from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutoSelection, autoSelect, Decision, evaluateSelection, ModelRecord, recordRun, Selection} from 'tfjs-autofis';
import {report} from 'tfjs-autofis/report';
import {BackendName, TrainingThreads, useBackend} from 'tfjs-autofis/runtime';
import {asTensors, predict} from './rows';
import {Flights, readFlights} from './data';
import {Bar, formatTable, ModelRow, Summary, writeText} from './summary';
import {version} from '../../package.json';

/** What the chosen model reaches on the test rows of the whole sample, at least. */
const LEAST_AUC = 0.775;

async function main(): Promise<void> {
  const {rows, seed, out, requested} = options();
  const started = Date.now();
  const {backend, reason} = await useBackend(requested);
  console.log(reason);
  const flights = await readFlights({rows, seed});
  const {train, validation, test, fields} = flights;
  console.log(
    `Flights: ${[train, validation, test].map(part => part.rows.toLocaleString('en')).join(', ')} rows to train on, ` +
      'to validate and to ' +
      `test with; ${fields.length} fields.\n`,
  );

  const tensors = [train, validation, test].map(asTensors);
  const threads = new TrainingThreads();
  const found = await autoSelect({
    fields,
    train: tensors[0],
    validation: tensors[1],
    test: tensors[2],
    seed,
    trainer: threads.trainer,
    parallel: threads.size,
    onStep: words => console.log(words),
  });
  await threads.close();
  const models = await evaluateSelection(found, tensors[2]);
  print(found, models);

  await save(out, found, flights);
  const command = ['npm run demo', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
  const {html, svg} = await report(
    await recordRun({
      title: 'Late flights: which interactions matter?',
      positive: 'a flight that arrives more than 15 minutes late',
      fields,
      valueNames: flights.valueNames,
      train,
      validation,
      test,
      source: 'US flights from January to June 2001, flights-3m.parquet of the npm package vega-datasets',
      selected: found,
      models,
      settings: {rows, effort: 'normal'},
      seed,
      backend,
      versions: {
        'tfjs-autofis': version,
        node: process.version,
        'tfjs-core': tf.version_core,
        'tfjs-layers': tfl.version_layers,
      },
      command,
    }),
    {folder: path.join(out, 'report')},
  );
  await copyFile(svg.gains, path.join(out, 'gains.svg'));
  const bars = barsOf(models);
  const summary: Summary = {
    command,
    seed,
    backend,
    models: rowsOf(models),
    selection: gainsOf(found.decision),
    bars,
  };
  await writeText(path.join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  console.log(`\nIn ${out}: the model (model/), selection.json, summary.json, and the report: open ${html}.`);
  console.log(`${((Date.now() - started) / 1000).toFixed(0)} seconds in all.`);
  [...tensors.flatMap(({xs, ys}) => [xs, ys]), found.model, ...found.rivals.map(({model}) => model)].forEach(each =>
    each.dispose(),
  );
}

const DEFAULT_ROWS = 600000;
/** Standard errors to each side of an estimate, of a 95 % interval. */
const INTERVAL = 1.96;

function options(): {rows: number; seed: number; out: string; requested: BackendName | undefined} {
  const {values} = parseArgs({
    options: {
      rows: {type: 'string'},
      seed: {type: 'string'},
      backend: {type: 'string'},
      out: {type: 'string', default: path.join('runs', 'demo')},
    },
  });
  const integer = (name: 'rows' | 'seed', fallback: number, least: number) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (!Number.isSafeInteger(value) || value < least)
      throw new Error(`--${name} must be an integer >= ${least}. Received: ${values[name]}.`);
    return value;
  };
  return {
    rows: integer('rows', DEFAULT_ROWS, 10000),
    seed: integer('seed', 1, 0),
    out: values.out,
    requested: values.backend as BackendName | undefined,
  };
}

/** The models on the test rows, and the interactions of the chosen one. */
function print({decision}: AutoSelection, models: readonly ModelRecord[]): void {
  console.log(`\n${formatTable(rowsOf(models))}\n`);
  for (const {name, comparison} of models.slice(1)) {
    const {verdict, auc} = comparison!;
    const beside = verdict === 'undecided' ? 'cannot be told apart from' : `is ${verdict} than`;
    console.log(
      `${models[0].name} ${beside} ${name} on the test rows: difference in AUC ${auc.difference.toFixed(4)} ± ` +
        `${(INTERVAL * auc.standardError).toFixed(4)}.`,
    );
  }
  const gains = gainsOf(decision);
  if (gains.length === 0) return;
  console.log('\nWhether a flight is late depends on (held-out gain of logloss)');
  gains.forEach(({fields, gain, standardError}, i) =>
    console.log(
      `  ${String(i + 1).padStart(2)}. ${fields.join(' and ').padEnd(40)} together   ${gain.toFixed(5)} ± ` +
        `${(INTERVAL * standardError).toFixed(5)}`,
    ),
  );
}

/** The selected interactions, those that gain most first. */
function gainsOf({interactions}: Decision): Summary['selection'] {
  return interactions
    .filter(({open}) => open)
    .sort((a, b) => b.gain - a.gain)
    .map(({fields, gain, standardError}) => ({fields, gain, standardError}));
}

/** The chosen model and its rivals, trained on all rows except the test rows. */
function rowsOf(models: readonly ModelRecord[]): ModelRow[] {
  return models.map(({name, role, auc, logloss, interactions, parameters}) => ({
    name: `${name}${role === 'after' ? ' (chosen)' : ''}`,
    auc,
    logloss,
    open: interactions?.open ?? null,
    total: interactions?.total ?? null,
    parameters: parameters!,
  }));
}

/** Saves the chosen model and its selection, and checks that the saved model predicts the same. */
async function save(
  out: string,
  {model, selection}: {model: tfl.LayersModel; selection: Selection},
  {test}: Flights,
): Promise<void> {
  await writeText(path.join(out, 'selection.json'), `${JSON.stringify(selection, null, 2)}\n`);
  const folder = path.resolve(out, 'model');
  await model.save(`file://${folder}`);
  const loaded = await tfl.loadLayersModel(`file://${folder}/model.json`);
  const [before, after] = [predict(model, test), predict(loaded, test)];
  const difference = before.reduce((max, p, i) => Math.max(max, Math.abs(p - after[i])), 0);
  if (!(difference < 1e-6))
    throw new Error(`The saved model predicts something else: the largest difference is ${difference}.`);
  console.log(`\nThe model was saved, loaded again and predicts the same (largest difference ${difference}).`);
  loaded.dispose();
}

/** The chosen model reaches what is expected, and is not worse than a rival by more than chance allows. */
function barsOf([{auc}, ...rivals]: readonly ModelRecord[]): Bar[] {
  return [
    {name: 'test AUC of the chosen model', value: auc, bar: LEAST_AUC, holds: auc >= LEAST_AUC},
    ...rivals.map(({name, comparison}) => ({
      name: `test AUC less that of ${name}`,
      value: comparison!.auc.difference,
      bar: -INTERVAL * comparison!.auc.standardError,
      holds: comparison!.verdict !== 'worse',
    })),
  ];
}

main().then(
  () => tf.disposeVariables(),
  error => {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  },
);
