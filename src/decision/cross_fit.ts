import {type GarroteFit, gatedLogits} from './garrote';
import {type FamilyRows, type SharedFit, SharedGates} from './shared_gates';

/** Rows that no component was fitted to, dealt into folds. */
export interface FoldedRows extends FamilyRows {
  /** The fold of each row [n], counted from 0. */
  folds: ArrayLike<number>;
  /** Cluster of each row, whose rows are in one fold: standard errors are those of clusters. */
  clusters?: ArrayLike<number>;
}

/** Gates of every fold at one penalty, each fitted to the rows of the other folds. */
export interface CrossFit {
  fits: SharedFit[];
  /** Logits [n] of each row by the gates that did not learn from it. */
  logits: Float64Array;
}

/**
 * Fit the gates of one penalty once without each fold, and predict that fold.
 *
 * @param starts Fits of a neighbouring penalty; they change the time and not the result.
 */
export function crossFit(
  rows: FoldedRows,
  {gates, lambda, starts}: {gates: SharedGates; lambda: number; starts?: readonly SharedFit[]},
): CrossFit {
  const logits = new Float64Array(rows.base.length);
  const fits = Array.from({length: foldCount(rows)}, (_, k) => {
    const fit = gates.fit(lambda, weightsWithout(rows, k), starts?.[k]);
    const predictions = gatedLogits(rows, fit);
    for (let i = 0; i < logits.length; i++) if (rows.folds[i] === k) logits[i] = predictions[i];
    return fit;
  });
  return {fits, logits};
}

/** Number of folds. */
export function foldCount({folds}: Pick<FoldedRows, 'folds'>): number {
  let most = 0;
  for (let i = 0; i < folds.length; i++) most = Math.max(most, folds[i]);
  return most + 1;
}

/** Weights of the rows that are 0 in one fold. */
function weightsWithout({folds, weights}: FoldedRows, fold: number): Float64Array {
  const others = new Float64Array(folds.length);
  for (let i = 0; i < others.length; i++) if (folds[i] !== fold) others[i] = weights === undefined ? 1 : weights[i];
  return others;
}

/** Select some columns of the components of rows. */
function withColumns<T extends FamilyRows>(rows: T, columns: readonly number[]): T {
  const {products, base, families} = rows;
  const count = products.length / base.length;
  const subset = new Float32Array(base.length * columns.length);
  for (let i = 0, at = 0; i < base.length; i++)
    for (const column of columns) subset[at++] = products[i * count + column];
  return {...rows, products: subset, ...(families === undefined ? {} : {families: columns.map(c => families[c])})};
}

interface Columns {
  columns: readonly number[];
  lambda: number;
}

/** Fit the gates of some columns to all rows, with closed gates at 0. */
export function fitColumnGates(rows: FoldedRows, {columns, lambda}: Columns): GarroteFit {
  return ofAllColumns(rows, columns, new SharedGates(withColumns(rows, columns)).fit(lambda));
}

/** Fit the gates of some columns to all rows and once without each fold, with closed gates at 0. */
export function crossFitColumns(
  rows: FoldedRows,
  {columns, lambda}: Columns,
): {fit: GarroteFit; logits: Float64Array; fits: GarroteFit[]} {
  const subset = withColumns(rows, columns);
  const gates = new SharedGates(subset);
  const crossed = crossFit(subset, {gates, lambda});
  const fit = gates.fit(lambda, rows.weights, crossed.fits[0]);
  return {
    fit: ofAllColumns(rows, columns, fit),
    logits: crossed.logits,
    fits: crossed.fits.map(foldFit => ofAllColumns(rows, columns, foldFit)),
  };
}

/** The gates of some columns among those of all, which are 0. */
function ofAllColumns(
  {products, base}: FoldedRows,
  columns: readonly number[],
  {lambda, alpha: some, intercept}: SharedFit,
): GarroteFit {
  const alpha = new Float64Array(products.length / base.length);
  columns.forEach((column, k) => (alpha[column] = some[k]));
  return {lambda, alpha, intercept};
}
