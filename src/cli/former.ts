import {existsSync} from 'node:fs';
import path from 'node:path';
import {UsageError} from './usage_error';

/** Commands of earlier versions, and what takes their place. */
export const FORMER_COMMANDS: {readonly [name: string]: string} = {
  init: '`encode data.csv --write-schema schema.json` writes the inferred schema and stops',
  search: '`select --method paper` searches and retrains',
  retrain: '`select --method paper` searches and retrains',
  judge: 'the report of `run` compares the selection with random sets of its size',
  bench: '`doctor` times a search step on each backend',
};

const PAPER = '`select --method paper` does as the paper; for other ways use SearchStage in a program';
const JUDGE = FORMER_COMMANDS['judge'];
const BENCH = FORMER_COMMANDS['bench'];

/** Settings of earlier versions by their keys, and what takes their place. */
export const FORMER_SETTINGS: {readonly [key: string]: string} = {
  bundle: '`update BUNDLE new.csv` takes the bundle as its first argument',
  run: '`report run.json` takes the file as its first argument',
  headerless: '--columns none numbers the columns',
  integers: '--vocabulary integers',
  gpu: '`setup --backend tfjs-node-gpu`',
  updateEpochs: '--epochs, also in `update`',
  title: 'the title names the label; `recordRun` in a program takes another one',
  precision: '`useBackend` in a program takes it',
  fields: BENCH,
  size: BENCH,
  seconds: BENCH,
  seeds: JUDGE,
  randomSets: JUDGE,
  recipe: PAPER,
  form: PAPER,
  dropout: PAPER,
  embeddingDropout: PAPER,
  l2: PAPER,
  patience: PAPER,
  leastEpochs: PAPER,
  checkpointMinutes: 'checkpoints are written every two minutes',
  checkpointSteps: 'checkpoints are written every two minutes',
};

/** Check that a folder was not written by the former `search`, whose results nothing reads any more. */
export function checkFormerRun(folder: string): void {
  if (!existsSync(path.join(folder, 'search'))) return;
  throw new UsageError(
    `${folder} holds a search of an earlier version. Its bundle still predicts, exports and updates; for all else ` +
      'encode the table into another --folder, and run `tfjs-autofis select --method paper` there.',
  );
}
