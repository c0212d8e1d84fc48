import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {writeOnnx} from 'tfjs-autofis/export';
import {fileSystem} from '../../src/runtime/file_system';
import {type Case, cases, predict, randomIds} from '../export/models';

/** Writes the trained models of test/export with their ONNX files and predictions, for python/tests/keras. */
export async function writeTrainedModels(
  folder: string,
  models: readonly tfl.LayersModel[],
  of: readonly Case[] = cases,
): Promise<void> {
  const listed: object[] = [];
  for (const [i, {title, fields}] of of.entries()) {
    const ids = randomIds(fields, 1000, 9);
    const at = path.join(folder, `case-${i}`);
    await models[i].save(fileSystem(`file://${at}`), {includeOptimizer: true});
    await writeOnnx(path.join(at, 'model.onnx'), models[i]);
    listed.push({title, folder: `case-${i}`, ids, predictions: predict(models[i], ids)});
  }
  writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(listed));
}
