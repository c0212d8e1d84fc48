import type {ModelRecord} from '../../record/run_record';
import type {PaperResult} from './paper';
import type {RunFolder} from './run_folder';
import type {SelectResult} from './select';
import {comparedModels} from './trees';

/** Read the result of `select`, by either method. */
export async function selectedOf(folder: RunFolder): Promise<SelectResult | PaperResult> {
  return folder.result<SelectResult | PaperResult>('select', 'select');
}

/** Read the models of a run, scored on its test rows, with the trees that were compared. */
export async function modelsOf(folder: RunFolder): Promise<ModelRecord[]> {
  return comparedModels(folder, (await selectedOf(folder)).models);
}
