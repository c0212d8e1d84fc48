import {sigmoid} from '../../logistic';
import type {IdTable} from '../linear/ridge_regression';
import type {CoarseField} from './coarse_field';
import {Cells, levelsOf} from './cells';
import type {IdColumns} from './id_columns';

/** Penalties of a table that are tried, by powers of ten. */
const POWERS = Array.from({length: 11}, (_, k) => -1 + k / 2);

/** A table with more cells than this share of the rows says nothing of others: hardly any two have the same cell. */
const MOST_CELLS = 0.9;

/**
 * Compute the log Bayes factor of a model with a table of the fields' cells against the model alone.
 *
 * The weights are integrated out, w ~ N(0, 1 / ridge), to second order at w = 0, and the result is the maximum over
 * ridges and levels:
 *
 *   1/2 sum over cells c of  g_c^2 / (h_c + ridge) - log(1 + h_c / ridge),
 *
 * where g_c is the sum of y - p over the rows of a cell and h_c that of p (1 - p). A table of many cells must explain
 * more to reach the same value, so no held-out rows are needed.
 */
export function tableEvidence(
  rows: IdColumns,
  {push, curvature}: Residuals,
  fields: readonly CoarseField[],
  levels: readonly number[] = levelsOf(fields),
): number {
  const evidence = levels.map(level => {
    const cells = new Cells(fields, level);
    const groups = cells.addRows(rows);
    if (cells.size > MOST_CELLS * groups.length) return 0;
    return groupEvidence(groups, cells.size, {push, curvature});
  });
  return Math.max(...evidence);
}

/** Compute the log Bayes factor of one grouping of the rows. Rows of group 0 do not count. */
export function groupEvidence(group: Int32Array | Uint8Array, size: number, {push, curvature}: Residuals): number {
  const g = new Float64Array(size);
  const h = new Float64Array(size);
  for (let i = 0; i < group.length; i++) {
    g[group[i]] += push[i];
    h[group[i]] += curvature[i];
  }
  return Math.max(...POWERS.map(power => logEvidence(g, h, 10 ** power)));
}

function logEvidence(g: Float64Array, h: Float64Array, ridge: number): number {
  let sum = 0;
  for (let c = 1; c < g.length; c++) sum += (g[c] * g[c]) / (h[c] + ridge) - Math.log1p(h[c] / ridge);
  return sum / 2;
}

/** Residuals of rows under a model, w_i (y_i - p_i), and their curvature, w_i p_i (1 - p_i). */
export interface Residuals {
  push: Float64Array;
  curvature: Float64Array;
}

/** Compute the residuals of rows under given logits. */
export function residualsOf({labels, weights}: IdTable, logits: Float64Array): Residuals {
  const push = new Float64Array(logits.length);
  const curvature = new Float64Array(logits.length);
  logits.forEach((z, i) => {
    const p = sigmoid(z);
    const weight = weights === undefined ? 1 : weights[i];
    push[i] = weight * (labels[i] - p);
    curvature[i] = weight * p * (1 - p);
  });
  return {push, curvature};
}
