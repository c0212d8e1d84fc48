import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {loadPng} from '../../report/png';
import {report, ReportFiles} from '../../report/report';
import {recordRun} from '../../record/record_run';
import type {AssumptionRecord, RunRecord} from '../../record/run_record';
import type {Assumption} from '../../schema/inference/assumption';
import type {Invocation} from '../command';
import {packageVersion} from '../package_root';
import {UsageError} from '../usage_error';
import {flagFor, positiveAssumed} from './assumed';
import type {EncodeResult} from './encode';
import {loadRows} from '../../data/shards/load_rows';
import {openParts} from './open_parts';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import {selectSettings} from './select';
import {selectedOf, comparedModels} from './trees';
import {valueNames} from '../../schema/value_names';

/** Record a run from the results of its stages. */
export async function runRecord({values}: Pick<Invocation, 'values'>, folder: RunFolder): Promise<RunRecord> {
  const selected = await selectedOf(folder);
  if (selected.method === 'paper') {
    throw new UsageError(
      `the run in ${folder.path} was selected by --method paper, whose gates have no evidence of held-out rows to ` +
        'report. `evaluate` scores its models, `export --format json` lists its interactions.',
    );
  }
  const {plan, backend} = selected;
  const encoded = await folder.done<EncodeResult>('encode');
  const {train, valid, test} = await openParts(folder);
  const fitted = await train.fitted();
  const rule = fitted?.schema.label;
  const positive = rule === undefined ? 'label = 1' : positiveAssumed(rule, encoded?.result.assumptions ?? []);
  return recordRun({
    title: rule === undefined ? 'Which interactions matter?' : `Which interactions matter for ${rule.column}?`,
    positive: `a row with ${positive}`,
    fields: train.fields,
    ...(fitted === null ? {} : {valueNames: valueNames(fitted)}),
    train: await loadRows(train),
    validation: await loadRows(valid),
    test: await loadRows(test),
    source: values.data ?? values.sql ?? String(encoded?.settings['data'] ?? path.resolve(folder.file('data'))),
    assumptions: (encoded?.result.assumptions ?? []).map(assumptionRecord),
    selected: {...selected, model: await loadModel(folder, 'select')},
    models: await comparedModels(folder, selected.models),
    settings: selectSettings(plan),
    seed: plan.seed,
    backend,
    command: (await folder.done('select'))!.command,
    versions: {
      'tfjs-autofis': packageVersion(),
      node: process.version,
      'tfjs-core': tf.version_core,
      'tfjs-layers': tfl.version_layers,
    },
  });
}

/** Record an assumption with the flag that asks for the alternative. */
function assumptionRecord(assumption: Assumption): AssumptionRecord {
  const {column, reading, why, alternative} = assumption;
  return {column, reading, why, alternative: alternative?.reading ?? null, flag: flagFor(assumption) ?? null};
}

/** Write a report in all formats; PNG is there for those who have its renderer. */
export async function writeReport(record: RunRecord, folder: string): Promise<ReportFiles> {
  const png = await loadPng().then(
    () => true,
    () => false,
  );
  return report(record, {
    folder,
    formats: ['html', 'markdown', 'svg', 'json', ...(png ? ['png' as const] : [])],
  });
}
