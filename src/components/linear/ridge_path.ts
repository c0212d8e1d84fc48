import type {FieldSpec} from '../../../layers/field_layout';
import {OneHotDesign} from './one_hot_design';
import type {Ridge} from './ridge_penalty';
import {IdTable, LinearFit, pointOf, RidgeRegression} from './ridge_regression';

/**
 * Fit logistic regression with an L2 penalty, for each of several penalties:
 *
 *   minimise  sum_i w_i logloss(y_i, w0 + <w, x_i>) + ridge / 2 |w|^2   over w and w0.
 *
 * `ridge` counts against the sum of the loss, so 1 is scikit-learn's C = 1; it can be a list with one for each field.
 * For an ordered field, such as a number in bins, |w|^2 is that of the steps between neighbours (`RidgePenalty`).
 *
 * @param ridges > 0, from large to small: each fit starts at the last.
 * @param options `start` is a fit near the first one; default from 0.
 * @returns One fit for each ridge, in the given order.
 * @throws AutofisError if the ids are not those of the fields.
 */
export function ridgePath(
  table: IdTable,
  fields: readonly FieldSpec[],
  ridges: readonly Ridge[],
  {start}: {start?: LinearFit} = {},
): LinearFit[] {
  const regression = RidgeRegression.of('ridgePath', table, fields);
  const fits: LinearFit[] = [];
  for (const ridge of ridges) fits.push(regression.fit(ridge, fits.at(-1) ?? start));
  return fits;
}

/** Logits of rows under a fit: w0 + <w, x>. */
export function linearLogits(
  ids: Int32Array,
  fields: readonly FieldSpec[],
  fit: Pick<LinearFit, 'kernel' | 'bias'>,
): Float64Array {
  return OneHotDesign.of('linearLogits', ids, fields).times(pointOf(fit));
}
