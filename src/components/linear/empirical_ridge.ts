import type {FieldSpec} from '../../../layers/field_layout';
import {FixedPoint} from './fixed_point';
import {RidgePenalty, ridgesOf} from './ridge_penalty';
import {fitOf, type IdTable, type LinearFit, pointOf, RidgeRegression} from './ridge_regression';

/** Steps at most. */
const ROUNDS = 30;
/** Tolerance of each step's equations, as a share of the gradient. */
const TOLERANCE = 0.1;
/** The degrees of freedom of fields are settled where they change by less than this share of all. */
const SETTLED = 0.01;
/** A field at the upper end has no weight that counts; one at the lower end is as if without a penalty. */
const RANGE = {least: 1e-2, most: 1e6};

/**
 * Fit logistic regression with a penalty of its own for each field, found from the rows that it is fitted to (empirical
 * Bayes). A number whose effect is a slope needs a firm penalty on its steps, one with a threshold a light one, and an
 * id of thousands of values another; no single penalty suits all.
 *
 * The weights of field f are taken for draws from a normal distribution of variance 1 / ridge_f. The ridge that makes
 * the rows most likely then fulfils (MacKay 1992; for smooth terms Wood and Fasiolo 2017)
 *
 *   ridge_f = degrees_f / |w_f|^2_A,
 *
 * where degrees_f are the field's effective degrees of freedom, taken as if the other fields were fixed. Ridges and
 * steps of Newton's method take turns until they agree.
 *
 * @param start Where to begin, such as the best fit of `ridgePath`.
 * @throws AutofisError if the ids are not those of the fields.
 */
export function empiricalRidge(table: IdTable, fields: readonly FieldSpec[], start: LinearFit): LinearFit {
  // On few rows, penalties that stop near a common start are the better ones.
  return settledRidge(RidgeRegression.of('empiricalRidge', table, fields), start, {settled: SETTLED, longest: 1});
}

/** Where penalties begin, weights need not be settled. */
const ROUGH = 1e-3;

/** Stopping rules and step length of the search for the penalties of a regression. */
export interface Settling {
  /** The search ends when the degrees of freedom change by less than this share of all. */
  settled: number;
  /** Longest step of the penalties, as a multiple of the distance to their update: see {@link FixedPoint}. */
  longest: number;
  /** Smallest gain of a Newton step, as in `fit`, for the final fit with the penalties that are found. */
  enough?: number;
}

/** Find the penalties of an existing regression as {@link empiricalRidge} does, and fit it with them. */
export function settledRidge(
  regression: RidgeRegression,
  start: LinearFit,
  {settled, longest, enough}: Settling,
): LinearFit {
  const {fields} = regression;
  let ridge = ridgesOf(start.ridge, fields);
  const settling = new FixedPoint(ridge, RANGE, longest);
  // New tables begin at 0, which says nothing of their variance.
  let point = regression.minimum(ridge, regression.at(pointOf(start)), ROUGH);
  let before: number[] | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const penalty = new RidgePenalty(fields, ridge);
    const degrees = penalty.degrees(point.diagonal);
    const squares = penalty.squares(point.w);
    ridge = settling.next(degrees.map((degree, f) => degree / Math.max(squares[f], 1e-30)));
    // One step is enough: the next penalties change where it should end.
    point = regression.step(point, new RidgePenalty(fields, ridge), TOLERANCE) ?? point;
    const change = degrees.reduce((sum, degree, f) => sum + Math.abs(degree - (before?.[f] ?? 0)), 0);
    if (change <= settled * degrees.reduce((sum, degree) => sum + degree, 0)) break;
    before = degrees;
  }
  return fitOf(ridge, regression.minimum(ridge, point, enough));
}

/** Tell whether a penalty is so large that the weights of its field are negligible. */
export function isHeld(ridge: number): boolean {
  return ridge >= RANGE.most;
}
