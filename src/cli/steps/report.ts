import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {Verdict} from '../../judge/verdict';
import {loadPng} from '../../report/png';
import {report, ReportFiles} from '../../report/report';
import {recordRun, RecordRunArgs} from '../../record/record_run';
import type {AssumptionRecord, ModelRecord, RunRecord} from '../../record/run_record';
import type {Invocation} from '../command';
import type {Output} from '../output';
import {packageVersion} from '../package_root';
import {UsageError} from '../usage_error';
import {flagFor, positiveAssumed} from './assumed';
import type {EncodeResult} from './encode';
import {loadRows} from '../../data/shards/load_rows';
import {openPart} from './open_part';
import {hasNetwork} from './plan';
import type {RetrainResult} from './retrain';
import type {RunFolder} from './run_folder';
import type {SearchResult} from './search';
import type {SelectResult} from './select';
import {selectSettings} from './select_plan';
import {comparedModels} from './trees';
import {valueNames} from './value_names';

/** The report of a run in FOLDER/report, from the results of its stages. Made again each time. */
export async function reportStep(
  {values, output}: Invocation,
  folder: RunFolder,
): Promise<{files: ReportFiles; record: RunRecord}> {
  const stages = await stagesOf(folder);
  const verdict = stages.selectedBy.type === 'search' ? await verdictOf(folder, output) : null;
  const encoded = await folder.resultIfDone<EncodeResult>('encode');
  const parts = [await openPart(folder, 'train'), await openPart(folder, 'valid'), await openPart(folder, 'test')];
  const fitted = await parts[0].fitted();
  const [train, validation, test] = [await loadRows(parts[0]), await loadRows(parts[1]), await loadRows(parts[2])];
  const rule = fitted?.schema.label;
  const label = rule?.column;
  const positive = rule === undefined ? 'label = 1' : positiveAssumed(rule, encoded?.assumptions ?? []);
  const record = recordRun({
    title:
      values.title ?? (label === undefined ? 'Which interactions matter?' : `Which interactions matter for ${label}?`),
    positive: values.positive ?? `a row with ${positive}`,
    fields: parts[0].fields,
    ...(fitted === null ? {} : {valueNames: valueNames(fitted)}),
    train,
    validation,
    test,
    source:
      values.data ??
      values.sql ??
      String((await folder.made('encode'))?.settings['data'] ?? path.resolve(folder.file('data'))),
    assumptions: (encoded?.assumptions ?? []).map((assumption): AssumptionRecord => ({
      column: assumption.column,
      reading: assumption.reading,
      why: assumption.why,
      alternative: assumption.alternative?.reading ?? null,
      flag: flagFor(assumption) ?? null,
    })),
    ...stages,
    ...(verdict === null ? {} : {verdict}),
    versions: {
      'tfjs-autofis': packageVersion(),
      node: process.version,
      'tfjs-core': tf.version_core,
      'tfjs-layers': tfl.version_layers,
    },
  });
  const files = await writeReport(record, folder.file('report'));
  output.note(`report: ${files.html}`);
  return {files, record};
}

/** Read the verdict of `judge` on the search; null where there is none, or one on an earlier search. */
async function verdictOf(folder: RunFolder, output: Output): Promise<Verdict | null> {
  if (await folder.isFrom('judge', 'search')) return folder.resultIfDone<Verdict>('judge');
  output.note(
    `the report leaves out ${folder.file('judge')}, which was made from an earlier result of \`search\`. Remove ` +
      'it, and run `tfjs-autofis judge` again.',
  );
  return null;
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

/** Read the selection of `select`, or a search and its retraining. */
async function stagesOf(
  folder: RunFolder,
): Promise<Pick<RecordRunArgs, 'selectedBy' | 'warnings' | 'models' | 'settings' | 'seed' | 'backend' | 'command'>> {
  const selected = await folder.resultIfDone<SelectResult>('select');
  if (selected !== null) {
    const {plan, models: scored, backend, selection, decision, copied, warnings} = selected;
    const models = await comparedModels(folder, scored);
    const {command} = (await folder.made('select'))!;
    const selectedBy = {type: 'components' as const, selection, decision, copied, warnings};
    return {selectedBy, models, backend, settings: selectSettings(plan), seed: plan.seed, command};
  }
  if ((await folder.made('search')) === null) {
    throw new UsageError(
      `${folder.path} has nothing to report. Run \`tfjs-autofis run\` or \`select\` with --folder ` +
        `${folder.path} first.`,
    );
  }
  const search = await folder.result<SearchResult>('search', 'search');
  const retrain = await folder.result<RetrainResult>('retrain', 'retrain');
  const models = await folder.result<ModelRecord[]>('evaluate', 'evaluate');
  await folder.checkFrom('retrain', 'search');
  await folder.checkFrom('evaluate', 'retrain');
  const {hiddenUnits, ...plan} = search.plan;
  return {
    models,
    selectedBy: {
      type: 'search',
      search: search.record,
      selection: search.selection,
      constants: search.constants,
      retrain: retrain.chosen.record,
    },
    warnings: [...search.warnings, ...retrain.warnings],
    settings: {...plan, ...(hasNetwork(plan.model) ? {hiddenUnits: hiddenUnits.join(',')} : {})},
    seed: plan.seed,
    backend: search.backend,
    command: (await folder.made('search'))!.command,
  };
}
