import type {FieldSpec} from '../../../layers/field_layout';
import {empiricalRidge} from './empirical_ridge';
import {ridgePath} from './ridge_path';
import {type IdTable, type LinearFit, RidgeRegression} from './ridge_regression';

/** Shares of the penalties of `empiricalRidge`, which are too firm for ids whose values have few rows each. */
const SHARES = [0.3, 0.1];
/** Where penalties of single fields are first looked for. */
const FIRST = [1000, 100, 10];

/** Fit logistic regression with the penalties of `empiricalRidge`, and with shares of them. */
export function fitLinear(table: IdTable, fields: readonly FieldSpec[]): LinearFit[] {
  const empirical = empiricalRidge(table, fields, ridgePath(table, fields, FIRST).at(-1)!);
  const ridges = [empirical.ridge].flat();
  const eased = SHARES.map(share => ridges.map(ridge => share * ridge));
  return [empirical, ...ridgePath(table, fields, eased, {start: empirical})];
}

/** Fit logistic regression with the same penalties to a part of the rows. */
export function refitLinear(table: IdTable, fields: readonly FieldSpec[], fits: readonly LinearFit[]): LinearFit[] {
  const regression = RidgeRegression.of('autoSelect', table, fields);
  return fits.map(fit => regression.fit(fit.ridge, fit));
}
