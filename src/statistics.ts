/** Statistics of repeated runs, and of rows. */

import {studentTQuantile, studentTTail} from './student_t';

/** Standard errors to each side of a 95 % interval. */
export const INTERVAL = 1.96;

/** "+0.0120 ± 0.0031": a difference with its sign, and its 95 % interval. */
export function withInterval(difference: number, standardError: number): string {
  return `${difference >= 0 ? '+' : ''}${difference.toFixed(4)} ± ${(INTERVAL * standardError).toFixed(4)}`;
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Sample standard deviation (n - 1 below the line); 0 for one value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1));
}

/** Size of the intersection of two sets divided by that of their union; 1 for two empty sets. */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  const other = new Set(b);
  const common = a.filter(x => other.has(x)).length;
  const all = a.length + b.length - common;
  return all === 0 ? 1 : common / all;
}

/**
 * Mean of rows and its standard error. With weights w of n rows above 0 the mean m is sum(w x) / sum(w), and the error
 * that of a ratio,
 *   sqrt(n / (n - 1) sum(w^2 (x - m)^2)) / sum(w),
 * which for equal weights is sd / sqrt(n). `rows` is n. Rows of one cluster are correlated: their w (x - m) are summed
 * before they are squared, and n is the number of clusters.
 */
export function meanOfRows(
  values: readonly number[] | Float64Array,
  weights?: ArrayLike<number>,
  clusters?: ArrayLike<number>,
): {mean: number; error: number; rows: number} {
  const weightOf = (i: number) => weights?.[i] ?? 1;
  const sums = new Map<number, number>();
  let rows = 0;
  let total = 0;
  let sum = 0;
  let squares = 0;
  values.forEach((x, i) => {
    if (weightOf(i) > 0) {
      if (clusters === undefined) rows++;
      else sums.set(clusters[i], 0);
    }
    total += weightOf(i);
    sum += weightOf(i) * x;
  });
  const centre = sum / total;
  values.forEach((x, i) => {
    const residual = weightOf(i) * (x - centre);
    if (clusters === undefined) squares += residual ** 2;
    else if (residual !== 0) sums.set(clusters[i], sums.get(clusters[i])! + residual);
  });
  for (const residual of sums.values()) squares += residual ** 2;
  if (clusters !== undefined) rows = sums.size;
  return {mean: centre, error: rows < 2 ? 0 : Math.sqrt((rows / (rows - 1)) * squares) / total, rows};
}

export interface Estimate {
  mean: number;
  /** Standard deviation over the runs. */
  sd: number;
  /** The 95 % interval of the mean by Student's t; null for one run. */
  interval: [number, number] | null;
  runs: number;
}

/** Estimates of the scores of repeated runs. */
export function estimatedScores(runs: ReadonlyArray<Record<'auc' | 'logloss', number>>) {
  const [aucs, loglosses] = [runs.map(({auc}) => auc), runs.map(({logloss}) => logloss)];
  return {auc: estimate(aucs, {least: 0, most: 1}), logloss: estimate(loglosses, {least: 0})};
}

/**
 * Mean, standard deviation and 95 % interval of repeated runs.
 *
 * @param range The least and the largest value that are possible, where there are such: the interval ends at them.
 */
export function estimate(values: readonly number[], {least = -Infinity, most = Infinity} = {}): Estimate {
  const centre = mean(values);
  const sd = deviation(values);
  const runs = values.length;
  const half = runs < 2 ? null : (studentTQuantile(0.05, runs - 1) * sd) / Math.sqrt(runs);
  const interval: Estimate['interval'] =
    half === null ? null : [Math.max(least, centre - half), Math.min(most, centre + half)];
  return {mean: centre, sd, runs, interval};
}

export interface Comparison {
  /** Mean of the paired differences a - b. */
  difference: number;
  /** Two-sided p-value of the paired t-test; null for one pair. */
  p: number | null;
  pairs: number;
}

/** The paired t-test of a against b, element by element. */
export function compare(a: readonly number[], b: readonly number[]): Comparison {
  const differences = a.map((x, i) => x - b[i]);
  const difference = mean(differences);
  const pairs = differences.length;
  if (pairs < 2) return {difference, p: null, pairs};
  const error = deviation(differences) / Math.sqrt(pairs);
  const certain = difference === 0 ? 1 : 0;
  const p = error === 0 ? certain : studentTTail(difference / error, pairs - 1);
  return {difference, p, pairs};
}

/** Pearson's correlation of two lists; 0 where one does not vary. */
export function pearson(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    ab += (x - ma) * (b[i] - mb);
    aa += (x - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

/** Spearman's: Pearson's of the ranks, equal values sharing their mean rank. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(ranks(a), ranks(b));
}

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((i, j) => values[i] - values[j]);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) result[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}
