import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {Verdict} from '../../judge/verdict';
import {loadPng} from '../../report/png';
import {report, ReportFiles} from '../../report/report';
import {positiveInWords} from '../../schema/label';
import {recordRun} from '../../record/record_run';
import type {ModelRecord, RunRecord} from '../../record/run_record';
import type {Invocation} from '../command';
import {packageVersion} from '../package_root';
import {loadRows, openPart} from './load_rows';
import type {RetrainResult} from './retrain';
import type {RunFolder} from './run_folder';
import type {SearchResult} from './search';
import {valueNames} from './value_names';

/** The report of a run in FOLDER/report, from what its stages have left. Made anew each time. */
export async function reportStep(
  {values, output}: Invocation,
  folder: RunFolder,
  backend: string,
): Promise<{files: ReportFiles; record: RunRecord}> {
  const search = await folder.result<SearchResult>('search', 'search');
  const retrain = await folder.result<RetrainResult>('retrain', 'retrain');
  const models = await folder.result<ModelRecord[]>('evaluate', 'evaluate');
  const verdict = await folder.resultIfDone<Verdict>('judge');
  const parts = [await openPart(folder, 'train'), await openPart(folder, 'valid'), await openPart(folder, 'test')];
  const fitted = await parts[0].fitted();
  const [train, validation, test] = [await loadRows(parts[0]), await loadRows(parts[1]), await loadRows(parts[2])];
  const rule = fitted?.schema.label;
  const label = rule?.column;
  const {hiddenUnits, ...plan} = search.plan;
  const record = recordRun({
    title:
      values.title ?? (label === undefined ? 'Which interactions matter?' : `Which interactions matter for ${label}?`),
    positive: values.positive ?? `a row with ${rule === undefined ? 'label = 1' : positiveInWords(rule)}`,
    fields: parts[0].fields,
    ...(fitted === null ? {} : {valueNames: valueNames(fitted)}),
    train,
    validation,
    test,
    source:
      values.data ??
      values.sql ??
      String((await folder.made('encode'))?.settings['data'] ?? path.resolve(folder.file('data'))),
    search: search.record,
    retrain: retrain.chosen.record,
    selection: search.selection,
    constants: search.constants,
    warnings: [...search.warnings, ...retrain.warnings],
    models,
    ...(verdict === null ? {} : {verdict}),
    settings: {...plan, ...(plan.model === 'autoFm' ? {} : {hiddenUnits: hiddenUnits.join(',')})},
    seed: plan.seed,
    backend,
    versions: {
      'tfjs-autofis': packageVersion(),
      node: process.version,
      'tfjs-core': tf.version_core,
      'tfjs-layers': tfl.version_layers,
    },
    command: (await folder.made('search'))!.command,
  });
  // PNG is there for those who have its renderer.
  const png = await loadPng().then(
    () => true,
    () => false,
  );
  const files = await report(record, {
    folder: folder.file('report'),
    formats: ['html', 'markdown', 'svg', 'json', ...(png ? ['png' as const] : [])],
  });
  output.note(`report: ${files.html}`);
  return {files, record};
}
