import path from 'node:path';
import {generateRows, generateWeights, rowsTouched, writeRows, writeWeights} from '../data';
import type {SearchInput} from '../programs';

/** What every section gets. */
export interface Context {
  quick: boolean;
  python: string;
  /** A folder for the input files. */
  folder: string;
}

export const BATCH = 2000;
export const MILLION = 1_000_000;
const SEED = 20;

/** Writes rows once and returns their folder and how many rows of the table a batch touches. */
export function inputRows({folder, quick}: Context, V: number, batchSize = BATCH): {rows: string; touched: number} {
  const generated = generateRows({V, batchSize, batches: quick ? 5 : 20, seed: SEED});
  const rows = path.join(folder, `rows-${V}-${batchSize}`);
  writeRows(rows, generated);
  return {rows, touched: rowsTouched(generated)};
}

/** Rows and start weights of the model with 1 M ids. */
export function searchInput(context: Context, d: number, hidden: number[]): SearchInput {
  const {rows} = inputRows(context, MILLION);
  const weights = path.join(context.folder, `weights-${d}-${hidden.length}`);
  writeWeights(weights, generateWeights({V: MILLION, m: 39, d, hidden, seed: SEED + 1}));
  return {rows, weights, d, hidden};
}

/** Turns behind a pass over all batches, which touches rows of a table for the first time. */
export function turnsBehindAPass({quick}: Context) {
  return {warmUp: quick ? 5 : 20, rounds: quick ? 3 : 10, steps: quick ? 1 : 3};
}
