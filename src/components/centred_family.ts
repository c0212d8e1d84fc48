import {meanOfRows} from '../statistics';
import type {AdditiveLogit} from './additive_logit';
import type {FittedFamily, Ids} from './family';
import type {IdTable} from './linear/ridge_regression';
import {thinnedTable} from './table_rows';

/** Rows that means are taken from, at most: of more rows every k-th. */
const MOST_ROWS = 10_000;

/**
 * Give the components of a family the mean 0, and their means to its linear part where it has one. A joint fit settles
 * the mean of their sum alone, so gates that multiply them one by one would move it differently in every fold, and a
 * component that is nearly constant would have a gate in place of the intercept.
 *
 * @param table The rows that the family was fitted to.
 * @param means Mean of each component over these rows as the fit saw them; default: of what the family predicts.
 */
export function centred(family: FittedFamily, table: IdTable, means = columnMeans(family, table)): FittedFamily {
  const shifts = family.components.map(({type}, c) =>
    type === 'linear' ? means.reduce((sum, mean, k) => (k === c ? sum : sum + mean), 0) : -means[c],
  );
  return {
    components: family.components,
    columns: (rows: Ids) => family.columns(rows).map((column, c) => column.map(value => value + shifts[c])),
    addTo: (logit: AdditiveLogit, alpha: ArrayLike<number>) => {
      family.addTo(logit, alpha);
      logit.addBias(shifts.reduce((sum, shift, c) => sum + alpha[c] * shift, 0));
    },
    dispose: () => family.dispose(),
  };
}

function columnMeans(family: FittedFamily, table: IdTable): number[] {
  const rows = thinnedTable(table, 1, MOST_ROWS);
  return family.columns(rows).map(column => meanOfRows(Float64Array.from(column), rows.weights).mean);
}
