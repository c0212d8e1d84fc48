import {meanOfRows} from '../statistics';
import type {AdditiveLogit} from './additive_logit';
import type {FittedFamily, Ids} from './family';
import type {IdTable} from './linear/ridge_regression';
import {thinnedTable} from './table_rows';

/** Rows that means are taken from, at most: of more rows every k-th. */
const MOST_ROWS = 10_000;

/**
 * Move the means of a family's components on some rows into its linear part. A joint fit settles the mean of their sum
 * alone, so gates that multiply them one by one would move it differently in every fold.
 *
 * @param table The rows that the family was fitted to.
 */
export function centred(family: FittedFamily, table: IdTable): FittedFamily {
  const linear = family.components.findIndex(({type}) => type === 'linear');
  if (linear < 0) return family;
  const rows = thinnedTable(table, 1, MOST_ROWS);
  const shifts = family.columns(rows).map(column => -meanOfRows(Float64Array.from(column), rows.weights).mean);
  shifts[linear] = shifts.reduce((sum, shift, c) => (c === linear ? sum : sum - shift), 0);
  return {
    components: family.components,
    columns: (each: Ids) => family.columns(each).map((column, c) => column.map(value => value + shifts[c])),
    addTo: (logit: AdditiveLogit, alpha: ArrayLike<number>) => {
      family.addTo(logit, alpha);
      logit.addBias(shifts.reduce((sum, shift, c) => sum + alpha[c] * shift, 0));
    },
    dispose: () => family.dispose(),
  };
}
