import {garrote, gatedLogits, type GarroteFit} from './garrote';
import type {GarroteRows} from './gated_loss';

/** Upper bound of alpha: gates of folds that are much larger fit how those folds differ. */
const MOST_ALPHA = 2;

/** Rows that no component was fitted to, dealt into folds. */
export interface FoldedRows extends GarroteRows {
  /** The fold of each row [n], counted from 0. */
  folds: ArrayLike<number>;
}

/** Gates of every fold at one penalty, each fitted to the rows of the other folds. */
export interface CrossFit {
  fits: GarroteFit[];
  /** Logits [n] of each row by the gates that did not learn from it. */
  logits: Float64Array;
}

/**
 * Fit the gates of one penalty once without each fold, and predict that fold.
 *
 * @param starts Fits of a neighbouring penalty; they change the time and not the result.
 */
export function crossFit(rows: FoldedRows, lambda: number, starts?: readonly GarroteFit[]): CrossFit {
  const count = foldCount(rows);
  const logits = new Float64Array(rows.base.length);
  const fits = Array.from({length: count}, (_, k) => {
    const fit = fitGates({...rows, weights: weightsWithout(rows, k)}, lambda, starts?.[k]);
    const predictions = gatedLogits(rows, fit);
    for (let i = 0; i < logits.length; i++) if (rows.folds[i] === k) logits[i] = predictions[i];
    return fit;
  });
  return {fits, logits};
}

/** Fit the gates of one penalty; without columns nothing is added to the base. */
export function fitGates(rows: GarroteRows, lambda: number, start?: GarroteFit): GarroteFit {
  if (rows.products.length === 0) return {lambda, alpha: new Float64Array(0), intercept: 0};
  const [fit] = garrote(rows, {lambdas: [lambda], most: MOST_ALPHA, ...(start === undefined ? {} : {start})});
  return fit;
}

/** Number of folds. */
export function foldCount({folds}: Pick<FoldedRows, 'folds'>): number {
  let most = 0;
  for (let i = 0; i < folds.length; i++) most = Math.max(most, folds[i]);
  return most + 1;
}

/** Weights of the rows that are 0 in one fold. */
function weightsWithout({folds, weights}: FoldedRows, fold: number): Float64Array {
  return Float64Array.from(folds, (k, i) => (k === fold ? 0 : (weights?.[i] ?? 1)));
}

/** Select some columns of the components of rows. */
export function withColumns<T extends GarroteRows>(rows: T, columns: readonly number[]): T {
  const {products, base} = rows;
  const count = products.length / base.length;
  const subset = new Float32Array(base.length * columns.length);
  for (let i = 0, at = 0; i < base.length; i++)
    for (const column of columns) subset[at++] = products[i * count + column];
  return {...rows, products: subset};
}
