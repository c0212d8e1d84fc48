/**
 * The process that kills.ts kills: `tsx killed_training.ts FOLDER ROWS` runs search and retrain with checkpoints in
 * FOLDER, from wherever they stand, and writes FOLDER/result.json. Prints `training` when it begins.
 */
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {retrainModel, SearchStage, SeededBatches} from 'tfjs-autofis';
import {Checkpoints} from 'tfjs-autofis/checkpoints';
import {readSelection, writeSelection} from 'tfjs-autofis/export';
import {autoDeepFm} from 'tfjs-autofis/models';
import {useBackend} from 'tfjs-autofis/runtime';
import {asTensors, plantedRows} from '../helpers/models';

const FIELDS = [60, 50, 40, 30, 20].map((size, i) => ({name: `f${i}`, size}));
const EPOCHS = 2;
const PLAN = {batchSize: 64, seed: 7};

async function train(
  folder: string,
  count: number,
  model: tfl.LayersModel,
  search?: SearchStage,
): Promise<{[name: string]: number[]}> {
  const rows = plantedRows(
    count,
    FIELDS,
    [
      [0, 1],
      [2, 3],
    ],
    3,
  );
  const checkpoints = new Checkpoints({folder, everySteps: 3, settings: PLAN});
  const {step, epoch} = await checkpoints.resume(model);
  await model.fitDataset(new SeededBatches(asTensors(rows), {...PLAN, fromStep: step}), {
    epochs: EPOCHS,
    initialEpoch: epoch,
    verbose: 0,
    callbacks: search === undefined ? [checkpoints] : [checkpoints, search],
  });
  return checkpoints.history;
}

function hashOf(model: tfl.LayersModel): string {
  const hash = createHash('sha256');
  for (const weight of model.getWeights()) hash.update(weight.dataSync());
  return hash.digest('hex');
}

async function main(folder: string, rows: number): Promise<void> {
  console.warn = () => {};
  const {reason} = await useBackend();
  const model = autoDeepFm({fields: FIELDS, embeddingDim: 8, hiddenUnits: [32, 16], dropout: 0.2, seed: 1});
  console.log('training');
  const kept = path.join(folder, 'selection.json');
  if (!fs.existsSync(kept)) {
    const search = new SearchStage({method: {type: 'grda', c: 0.01}});
    await train(path.join(folder, 'search'), rows, model, search);
    await writeSelection(kept, search.selection);
  }
  const selection = await readSelection(kept);
  // A process that continues with the retrain alone does not know the recipe of the search.
  const slim = retrainModel(model, selection, {seed: 2});
  const history = await train(path.join(folder, 'retrain'), rows, slim);
  const result = {backend: reason, weights: hashOf(slim), selection, history};
  fs.writeFileSync(path.join(folder, 'result.json.partial'), JSON.stringify(result));
  fs.renameSync(path.join(folder, 'result.json.partial'), path.join(folder, 'result.json'));
}

void main(process.argv[2], Number(process.argv[3]));
