import {existsSync} from 'node:fs';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {
  hasMoments,
  MOMENTS_FILE,
  OPTIMIZER_FILE,
  optimizerFiles,
  restoreOptimizer,
  stateOfFiles,
} from '../../bundle/optimizer_files';
import {setOptimizer} from '../../tfjs_internals';
import type {RunFolder} from './run_folder';

/** The folder within a stage's that has the moments of its model's optimizer. */
const FOLDER = 'optimizer';

/** Keep the moments of a trained model in its stage's folder, where there are any. */
export async function saveMoments(stage: string, model: tfl.LayersModel): Promise<void> {
  if (!(await hasMoments(model))) return;
  const folder = path.join(stage, FOLDER);
  await mkdir(folder, {recursive: true});
  for (const [name, bytes] of await optimizerFiles('retrain', model)) await writeFile(path.join(folder, name), bytes);
}

/**
 * Give the model that a stage has left its optimizer with the moments; `dispose()` then disposes both.
 *
 * @returns Whether there are any: stages of earlier versions have none.
 */
export async function restoreMoments(model: tfl.LayersModel, folder: RunFolder, stage: string): Promise<boolean> {
  const [json, bytes] = [OPTIMIZER_FILE, MOMENTS_FILE].map(name => folder.file(stage, FOLDER, name));
  if (!existsSync(json)) return false;
  const saved = stateOfFiles(folder.file(stage, FOLDER), await readFile(json), await readFile(bytes));
  const optimizer = await restoreOptimizer('retrain', saved);
  tf.dispose(saved.slots.map(({tensors}) => tensors));
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  setOptimizer(model, optimizer, true);
  return true;
}
