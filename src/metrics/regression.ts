import {AutofisError} from '../errors';
import {checkLengths} from './check_scores';
import {checkBatchWeights} from './row_weights';

/** Metrics of predicted numbers. */
export const REGRESSION = ['rmse', 'mae', 'r2'] as const;
export type RegressionMetric = (typeof REGRESSION)[number];

/** Root of the mean squared error, sqrt(mean((y - p)^2)), weighted where `weights` are given. */
export function rmse(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return one('rmse', labels, predictions, weights);
}

/** Mean absolute error, mean(|y - p|), weighted where `weights` are given. */
export function mae(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return one('mae', labels, predictions, weights);
}

/**
 * Share of the labels' variance that the predictions explain, 1 - sum((y - p)^2) / sum((y - mean(y))^2).
 * @throws AutofisError where all labels are equal.
 */
export function r2(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return one('r2', labels, predictions, weights);
}

function one(
  metric: RegressionMetric,
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): number {
  const sums = new RegressionSums(metric);
  sums.add(labels, predictions, weights);
  return sums.compute(metric);
}

/** Sums from which the metrics of predicted numbers follow, over rows that come batch by batch. */
export class RegressionSums {
  private total = 0;
  private squares = 0;
  private absolute = 0;
  private mean = 0;
  /** Sum of the labels' squared distances from their mean. */
  private spread = 0;

  constructor(private readonly where: string) {}

  /** Take in rows: their labels, predictions and, where they have some, weights. */
  add(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: ArrayLike<number>): void {
    this.check(labels, predictions);
    if (weights !== undefined) checkBatchWeights(this.where, weights, labels.length);
    for (let i = 0; i < labels.length; i++) {
      const weight = weights?.[i] ?? 1;
      if (weight === 0) continue;
      const error = labels[i] - predictions[i];
      this.total += weight;
      this.squares += weight * error * error;
      this.absolute += weight * Math.abs(error);
      // Welford's way, since a difference of two large sums would lose digits.
      const step = labels[i] - this.mean;
      this.mean += (weight * step) / this.total;
      this.spread += weight * step * (labels[i] - this.mean);
    }
  }

  private check(labels: ArrayLike<number>, predictions: ArrayLike<number>): void {
    const {where} = this;
    checkLengths(where, 'predictions', labels, predictions);
    for (let i = 0; i < labels.length; i++) {
      if (!Number.isFinite(labels[i]))
        throw new AutofisError(`${where}: labels must be finite numbers. Received: ${labels[i]} in row ${i}.`);
      if (!Number.isFinite(predictions[i])) {
        throw new AutofisError(
          `${where}: prediction of row ${i} is ${predictions[i]}. The model has diverged or got bad input.`,
        );
      }
    }
  }

  /**
   * A metric of all rows so far.
   * @throws AutofisError where it is not defined, as without rows that count.
   */
  compute(metric: RegressionMetric): number {
    if (this.total === 0) {
      throw new AutofisError(
        `${this.where}: ${metric} needs a row with a weight above 0. Received: none. Give other rows or weights.`,
      );
    }
    if (metric === 'rmse') return Math.sqrt(this.squares / this.total);
    if (metric === 'mae') return this.absolute / this.total;
    if (this.spread > 0) return 1 - this.squares / this.spread;
    throw new AutofisError(
      `${this.where}: r2 is not defined where all labels are equal. Received: ${this.mean} in every row. ` +
        'Use rmse or mae.',
    );
  }
}
