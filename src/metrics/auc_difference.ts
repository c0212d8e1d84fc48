import {AutofisError} from '../errors';
import {INTERVAL, meanOfRows} from '../statistics';
import {studentTQuantile} from '../student_t';
import {checkScores} from './check_scores';
import {totalWeight} from './row_weights';

export interface ScoreDifference {
  /** Score of a - score of b. */
  difference: number;
  /** Its standard error over rows, or over groups; of AUCs 0 where both put the rows in the same order. */
  standardError: number;
}

/**
 * The difference of two AUCs on the same rows and its standard error (DeLong, DeLong and Clarke-Pearson, Biometrics
 * 1988).
 *
 * With V(x) the share of the other class that a row x is on the right side of, ties counting one half, AUC is the mean
 * of V over the P positives, and over the N negatives; for D = V_a - V_b
 *
 *   var(AUC_a - AUC_b) = var_positives(D) / P + var_negatives(D) / N.
 *
 * Both models are seen on the same rows, so what they have in common cancels: the error is far below those of the two
 * AUCs. With weights, V is the weighted share, and mean and error of D are those of a weighted mean: for n rows of a
 * class with weights above 0, m = sum(w D) / sum(w) and sqrt(n / (n - 1) sum(w^2 (D - m)^2)) / sum(w). O(n log n).
 *
 * Rows of one group, such as a user, are correlated. With e_i = w_i (D_i - m) / sum(w), sum and m over the class of row
 * i, the error over G groups is sqrt(G / (G - 1) sum_g (sum_{i in g} e_i)^2) (Obuchowski, Biometrics 1997).
 *
 * @param weights One per row, finite numbers >= 0; without them all rows count alike.
 * @param groups The group of each row, as a number.
 * @throws AutofisError unless there are two rows of each class, and two groups where rows have some.
 *
 * @example
 * const {difference, standardError} = aucDifference(labels, ours, theirs);
 */
export function aucDifference(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights?: ArrayLike<number>,
  groups?: ArrayLike<number>,
): ScoreDifference {
  const {difference, standardError} = byClass(labels, a, b, {weights, groups});
  return {difference, standardError};
}

/**
 * The difference of two AUCs with an error of which {@link INTERVAL} to each side are a 95 % interval also where rows
 * of one label are few: that of {@link aucDifference}, times the ratio of the quantiles of Student's t and of the
 * normal distribution. The degrees of freedom are those of Welch and Satterthwaite for the errors of both classes, or
 * one less than the groups.
 */
export function aucInterval(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights?: ArrayLike<number>,
  groups?: ArrayLike<number>,
): ScoreDifference {
  const {difference, standardError, freedom} = byClass(labels, a, b, {weights, groups});
  return {difference, standardError: (standardError * studentTQuantile(0.05, freedom)) / INTERVAL};
}

function byClass(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  {weights, groups}: {weights?: ArrayLike<number>; groups?: ArrayLike<number>},
): ScoreDifference & {freedom: number} {
  checkScores('aucDifference', labels, a, weights);
  checkScores('aucDifference', labels, b);
  const ofA = placements(labels, a, weights);
  const ofB = placements(labels, b, weights);
  const differences = ofA.map((share, i) => share - ofB[i]);
  const [positives, negatives] = [1, 0].map(label => {
    const members = ofA.flatMap((_, i) => (labels[i] === label ? [i] : []));
    const memberWeights = weights && members.map(i => weights[i]);
    const values = members.map(i => differences[i]);
    return {...meanOfRows(values, memberWeights), weight: totalWeight(members.length, memberWeights)};
  });
  if (positives.rows < 2 || negatives.rows < 2) {
    throw new AutofisError(
      `aucDifference: needs two rows of each class${weights ? ' with weights above 0' : ''}. ` +
        `Received: ${positives.rows} positive and ${negatives.rows} negative rows.`,
    );
  }
  if (groups !== undefined) {
    // The sum of two means is one over the rows of both classes, each row in units of its class's weight.
    const classes = [negatives, positives];
    const total = negatives.weight + positives.weight;
    const residuals = differences.map((d, i) => ((d - classes[labels[i]].mean) * total) / classes[labels[i]].weight);
    const {error, rows} = meanOfRows(residuals, weights, groups);
    if (rows < 2) throw new AutofisError(`aucDifference: needs two groups. Received: ${rows}.`);
    return {difference: positives.mean, standardError: error, freedom: rows - 1};
  }
  const standardError = Math.hypot(positives.error, negatives.error);
  const spread = positives.error ** 4 / (positives.rows - 1) + negatives.error ** 4 / (negatives.rows - 1);
  return {
    difference: positives.mean,
    standardError,
    freedom: spread === 0 ? positives.rows + negatives.rows - 2 : standardError ** 4 / spread,
  };
}

/** For each row the share of the other class on the right side of it: below a positive, above a negative. */
function placements(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): number[] {
  const classes = [0, 1].map(label => sortedClass(labels, scores, weights, label));
  return Array.from(scores, (score, i) => {
    const {sorted, weightOfFirst} = classes[1 - labels[i]];
    const below = weightOfFirst(countBelow(sorted, score, false)) + weightOfFirst(countBelow(sorted, score, true));
    const share = below / 2 / weightOfFirst(sorted.length);
    return labels[i] === 1 ? share : 1 - share;
  });
}

/** The scores of a class in rising order, and the weight of the first k of them. */
function sortedClass(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  label: number,
): {sorted: Float64Array; weightOfFirst: (k: number) => number} {
  if (weights === undefined) {
    return {
      sorted: Float64Array.from(scores)
        .filter((_, i) => labels[i] === label)
        .sort(),
      weightOfFirst: k => k,
    };
  }
  const order = new Uint32Array(labels.length)
    .map((_, i) => i)
    .filter(i => labels[i] === label)
    .sort((i, j) => scores[i] - scores[j]);
  const sums = new Float64Array(order.length + 1);
  order.forEach((row, k) => {
    sums[k + 1] = sums[k] + weights[row];
  });
  return {sorted: Float64Array.from(order, row => scores[row]), weightOfFirst: k => sums[k]};
}

/** Count the sorted values below x, with `equal` those equal to it as well. */
function countBelow(sorted: Float64Array, x: number, equal: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x || (equal && sorted[middle] === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}
