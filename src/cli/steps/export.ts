import {existsSync, statSync} from 'node:fs';
import {mkdir, readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {loadBundle} from '../../bundle/node/save_load';
import {writeGraphModel} from '../../export/graph_model/write_graph_model';
import {isInteger} from '../../export/onnx/encode_fields';
import {writeOnnx} from '../../export/onnx/write_onnx';
import {readSelection, writeSelection} from '../../export/selection_file';
import {stockModel} from '../../export/stock_model';
import {saveModel} from '../../runtime/save_model';
import type {FittedSchema} from '../../schema/vocabulary';
import type {Selection} from '../../stages/selection';
import type {SettingValues} from '../settings';
import {UsageError} from '../usage_error';
import {DONE, type RunFolder} from './run_folder';
import {fileUrl} from './saved_models';

type Format = NonNullable<SettingValues['format']>;

/** Path that each format is written to without --out. */
const DEFAULT_PATHS: Record<Format, string> = {
  onnx: 'model.onnx',
  tfjs: 'tfjs-model',
  graph: 'graph-model',
  json: 'selection.json',
  csv: 'selection.csv',
  npy: 'comb_mask.npy',
};

/** Return the path of a run's bundle; its folder may be the bundle itself. */
export function bundleIn(folder: RunFolder): string {
  const bundle = folder.file('bundle');
  if (existsSync(bundle)) return bundle;
  if (existsSync(folder.file('bundle.json'))) return folder.path;
  throw new UsageError(
    `${folder.path} has no bundle. Give the --folder of a finished run, or finish this one by \`tfjs-autofis run\`, ` +
      'or by `select` on rows that `encode` wrote.',
  );
}

/** Check that a mask can hold a selection: one of pairs or of triples. */
export function checkForMask(selection: Selection): void {
  const orders = [...new Set(selection.map(({order}) => order))].sort();
  if (orders.length > 1 || orders[0] > 3)
    throw new UsageError(
      `--format npy holds pairs or triples alone, but the run keeps sets of ${orders.join(' and ')} fields. ` +
        'Choose json or csv.',
    );
}

/** Check that what an export would replace is an earlier one of the same format. */
async function checkReplaced(out: string, format: Format): Promise<void> {
  if (!existsSync(out) || (!isOfRun(out) && (await isExport(out, format)))) return;
  throw new UsageError(`--out: ${out} exists and is not an export as ${format}. Give another --out, or remove it.`);
}

/** Tell whether a path is a bundle, or lies in one or beside a stage's result. Such files look like exports. */
function isOfRun(target: string): boolean {
  const folders = [target, path.dirname(path.resolve(target))];
  return folders.some(folder => ['bundle.json', DONE].some(name => existsSync(path.join(folder, name))));
}

async function isExport(target: string, format: Format): Promise<boolean> {
  const isFile = statSync(target).isFile();
  switch (format) {
    case 'tfjs':
    case 'graph':
      return !isFile && ((await readdir(target)).length === 0 || (await formatOfModel(target)) === format);
    case 'onnx':
    case 'npy':
      // Other files hardly end so.
      return isFile;
    default:
      return (
        isFile &&
        readSelection(target).then(
          () => true,
          () => false,
        )
      );
  }
}

/** Return the format of the model in a folder; null where there is none. */
async function formatOfModel(folder: string): Promise<'tfjs' | 'graph' | null> {
  try {
    const {modelTopology} = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as {
      modelTopology: object;
    };
    return 'node' in modelTopology ? 'graph' : 'tfjs';
  } catch {
    return null;
  }
}

/** Explain which categorical fields take text all the same with --vocabulary integers. */
export function textFields({schema, fields}: FittedSchema): string[] {
  return fields.flatMap(({name, values = []}, f) => {
    if (schema.fields[f].type !== 'categorical') return [];
    const other = values.find(value => !isInteger(value));
    if (other === undefined) return values.length > 0 ? [] : [`${name} stays text: it has no vocabulary.`];
    const cure = /^-?\d+\.0+$/.test(other)
      ? ` A table whose values are ${other.replace(/\.0+$/, '')}, without a fraction, has whole numbers.`
      : '';
    return [`${name} stays text: its value ${JSON.stringify(other)} is not written as whole numbers are.${cure}`];
  });
}

/** Write a run's model or selection in a format for other systems; returns where. `note` takes remarks. */
export async function exportModel(
  {format = 'onnx', vocabulary, out = DEFAULT_PATHS[format]}: SettingValues,
  folder: RunFolder,
  note: (line: string) => void,
): Promise<string> {
  const isFolder = format === 'tfjs' || format === 'graph';
  if (!isFolder && path.extname(out) !== `.${format}`)
    throw new UsageError(`--out must end in .${format}, as the format is ${format}. Received: ${out}.`);
  if (vocabulary !== undefined && format !== 'onnx')
    throw new UsageError(
      `--vocabulary needs --format onnx. Received: ${format}. A SavedModel of raw values is written by \`python -m ` +
        `tfjs_autofis saved_model ${path.join(folder.path, 'bundle')} OUT --vocabulary\`.`,
    );
  const bundle = await loadBundle(bundleIn(folder));
  const {model, selection, fitted} = bundle;
  if (format === 'npy') checkForMask(selection ?? []);
  const target = path.resolve(out);
  await checkReplaced(out, format);
  await mkdir(path.dirname(target), {recursive: true});
  switch (format) {
    case 'onnx':
      await writeOnnx(target, model, vocabulary === undefined ? {} : {fitted, integers: vocabulary === 'integers'});
      if (vocabulary === 'integers') textFields(fitted).forEach(note);
      break;
    case 'graph':
      await writeGraphModel(target, model);
      break;
    case 'tfjs': {
      const stock = stockModel(model);
      await saveModel(stock, fileUrl(target));
      stock.dispose();
      break;
    }
    default:
      await writeSelection(target, selection ?? [], {fields: fitted.fields.map(({name, size}) => ({name, size}))});
  }
  bundle.dispose();
  return target;
}
