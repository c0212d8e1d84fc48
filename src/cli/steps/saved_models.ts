import * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../../layers/field_layout';
import {AutofisError} from '../../errors';
import {registerAutofis} from '../../register';
import {fileSystem} from '../../runtime/file_system';
import {setRecipe} from '../../stages/model_state';
import {compileLike} from '../../stages/rebuild';
import {buildModel} from './build_model';
import type {Plan} from './plan';
import type {RunFolder} from './run_folder';
import {fileUrl} from './train';

/** The model that a stage has left, not compiled. */
export async function loadModel(folder: RunFolder, stage: string): Promise<tfl.LayersModel> {
  registerAutofis();
  await folder.check(stage);
  const file = folder.file(stage, 'model', 'model.json');
  // Whatever reads `file://` for the backend does not look at the graph first.
  return tfl.loadLayersModel(fileSystem(fileUrl(file))).catch((error: Error) => {
    throw error instanceof AutofisError
      ? error
      : new AutofisError(`${file} cannot be loaded: ${error.message}. Copy or save the model again.`);
  });
}

/**
 * The model at the end of the search, with all of its gates; compiled by the plan, which must be of its architecture.
 */
export async function searchedModel(
  folder: RunFolder,
  plan: Plan,
  fields: readonly FieldSpec[],
): Promise<tfl.LayersModel> {
  const model = await loadModel(folder, 'search');
  const {model: architecture, optimizer} = buildModel(plan, fields);
  compileLike('search', model, architecture, optimizer);
  setRecipe(model, plan.recipe);
  [architecture, optimizer].forEach(each => each.dispose());
  return model;
}
