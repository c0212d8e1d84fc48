import path from 'node:path';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../../errors';
import {registerAutofis} from '../../register';
import {fileSystem} from '../../runtime/file_system';
import type {RunFolder} from './run_folder';

/** The path of a folder as tfjs wants it. */
export function fileUrl(folder: string): string {
  return `file://${path.resolve(folder)}`;
}

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
