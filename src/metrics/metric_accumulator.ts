import {checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {auc} from './auc';
import {calibration, expectedCalibrationError} from './calibration';
import {checkScores} from './check_scores';
import {gauc} from './gauc';
import {logloss} from './logloss';
import {REGRESSION, RegressionMetric} from './regression';

/**
 * The metrics by the names that logs use; each with its best value: the largest, the smallest, or the closest to 1. The
 * last three are of predicted numbers, the others of probabilities.
 */
export const METRICS = {
  auc: 'max',
  gauc: 'max',
  logloss: 'min',
  ece: 'min',
  calibration: 'one',
  rmse: 'min',
  mae: 'min',
  r2: 'max',
} as const;
export type MetricName = keyof typeof METRICS;
/** Metrics of probabilities. */
export type ProbabilityMetric = Exclude<MetricName, RegressionMetric>;

/** Tell whether a metric applies to predicted numbers rather than probabilities. */
export function isRegression(name: MetricName): name is RegressionMetric {
  return (REGRESSION as readonly string[]).includes(name);
}

export function isOfProbabilities(name: MetricName): name is ProbabilityMetric {
  return !isRegression(name);
}

/**
 * Metrics of probabilities that come batch by batch, exact: it keeps 9 bytes per row, 17 with weights, and the groups.
 *
 * @throws AutofisError on invalid labels, probabilities, groups or weights, and on metrics that are not defined.
 * @example
 * const metrics = new MetricAccumulator();
 * for (const batch of batches) metrics.add(batch.labels, predict(batch));
 * const {auc, logloss} = metrics.compute(['auc', 'logloss']);
 */
export class MetricAccumulator {
  private labels = new Uint8Array(1024);
  private scores = new Float64Array(1024);
  /** Null where rows have no weights. */
  private weights: Float64Array | null = null;
  private readonly groups: Array<number | string> = [];
  private count = 0;

  /** Rows so far. */
  get rows(): number {
    return this.count;
  }

  /**
   * Take in rows: labels 0 or 1, their probabilities, for `gauc` the group of each, and the weight of each.
   * @throws AutofisError on invalid labels or weights, on NaN, and where groups or weights are given for a part of the
   * rows only.
   */
  add(
    labels: ArrayLike<number>,
    probabilities: ArrayLike<number>,
    groups?: ArrayLike<number | string>,
    weights?: ArrayLike<number>,
  ): void {
    const where = 'MetricAccumulator.add';
    checkScores(where, labels, probabilities);
    const before = {groups: this.groups.length, weights: this.weights === null ? 0 : this.count};
    for (const [name, given] of Object.entries({groups, weights})) {
      const known = before[name as 'groups' | 'weights'];
      const isPart = given !== undefined && given.length !== labels.length;
      if (!isPart && (this.count === 0 || (given === undefined) === (known === 0))) continue;
      throw new AutofisError(
        `${where}: give \`${name}\` for all rows or for none. Received: ${given?.length ?? 0} ${name} for ` +
          `${labels.length} rows, after ${known} ${name} for ${this.count} rows.`,
      );
    }
    const total = this.count + labels.length;
    if (total > this.labels.length) {
      const size = Math.max(total, 2 * this.labels.length);
      this.labels = grown(this.labels, new Uint8Array(size));
      this.scores = grown(this.scores, new Float64Array(size));
      if (this.weights !== null) this.weights = grown(this.weights, new Float64Array(size));
    }
    this.labels.set(labels, this.count);
    this.scores.set(probabilities, this.count);
    if (weights !== undefined) (this.weights ??= new Float64Array(this.labels.length)).set(weights, this.count);
    for (let i = 0; i < (groups?.length ?? 0); i++) this.groups.push(groups![i]);
    this.count = total;
  }

  /**
   * The named metrics of all rows so far.
   * @throws AutofisError where one is not defined, e.g. `auc` of rows of one class or `logloss` of logits.
   */
  compute<N extends ProbabilityMetric>(names: readonly N[], options: {bins?: number} = {}): Record<N, number> {
    const where = 'MetricAccumulator.compute';
    checkKeys(where, options, ['bins']);
    checkMetricNames(where, names, PROBABILITY);
    const [labels, scores] = [this.labels, this.scores].map(values => values.subarray(0, this.count));
    const weights = this.weights?.subarray(0, this.count);
    const functions: Record<ProbabilityMetric, () => number> = {
      auc: () => auc(labels, scores, weights),
      gauc: () => gauc(labels, scores, this.groups, weights),
      logloss: () => logloss(labels, scores, undefined, weights),
      ece: () => expectedCalibrationError(labels, scores, options.bins, weights),
      calibration: () => calibration(labels, scores, weights),
    };
    return Object.fromEntries(names.map(name => [name, functions[name]()])) as Record<N, number>;
  }
}

const ALL = Object.keys(METRICS) as MetricName[];
const PROBABILITY = ALL.filter(isOfProbabilities);

/** Check that all are names of metrics. */
export function checkMetricNames(where: string, names: readonly string[], known: readonly string[] = ALL): void {
  if (!Array.isArray(names) || names.length === 0 || names.some(name => !known.includes(name))) {
    throw invalidArgument(where, 'metrics', `be a list of ${known.map(name => `'${name}'`).join(', ')}`, names);
  }
}

function grown<A extends Uint8Array | Float64Array>(from: A, to: A): A {
  to.set(from as never);
  return to;
}
