import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {bindHooks, callbackModel} from './callbacks';
import {checkMetricNames, isOfProbabilities, isRegression, MetricAccumulator, MetricName} from './metric_accumulator';
import {RegressionSums} from './regression';
import {checkRowTensors} from './row_tensors';

/** Rows in one piece of memory. The caller keeps and disposes the tensors. */
export interface MetricRows {
  /** Inputs as `predict` takes them. */
  xs: tf.Tensor | tf.Tensor[];
  /** Labels, [rows] or [rows, 1]: 0 or 1, or numbers for the metrics of numbers. */
  ys: tf.Tensor;
  /** The weight of each row, >= 0, [rows] or [rows, 1]; without it all rows count alike. */
  weights?: tf.Tensor;
  /** The group of each row, such as its user; `gauc` needs it. */
  groups?: ArrayLike<number | string>;
}

/**
 * Rows batch by batch, as `fitDataset` reads them; read from the start at each epoch's end. Its tensors are disposed;
 * `groups` and `weights` may be tensors or arrays.
 */
export interface MetricDataset {
  iterator(): Promise<{next(): Promise<IteratorResult<unknown>>}>;
}

export interface EpochMetricsArgs {
  /** The rows to evaluate: all at once, or a dataset of {xs, ys, weights?, groups?}. */
  data: MetricRows | MetricDataset;
  /** Which metrics; default ['auc', 'logloss']. Those of a regression are 'rmse', 'mae' and 'r2'. */
  metrics?: readonly MetricName[];
  /** Name of the output to evaluate, in a model of several; `data.ys` are its labels. */
  output?: string;
  /** Rows that are predicted at once; default 10,000. A dataset has batches of its own. */
  batchSize?: number;
  /** Bins of `ece`; default 10. */
  bins?: number;
  /** Prefix of the names in the logs; default 'val_', or 'val_click_' with `output` 'click'. */
  prefix?: string;
}

/**
 * Exact metrics over a whole data set at each epoch's end, written into the logs: `val_auc`, `val_logloss`, `val_gauc`,
 * `val_calibration`, `val_ece`. (`metrics` given to `compile` are means over batches, which is wrong for an AUC.)
 *
 * `History`, and the callbacks after it in `callbacks` see the values: RestoreBest, or
 * `tf.callbacks.earlyStopping({monitor: 'val_auc', mode: 'max'})`, whose mode must be given, since it takes every
 * metric whose name has no "acc" for a loss.
 *
 * @throws AutofisError in `onEpochEnd` where a metric is not defined, e.g. when all rows are of one class or a
 *   prediction is NaN.
 *
 * @example
 * const metrics = new EpochMetrics({data: {xs: validationIds, ys: validationLabels}});
 * await model.fit(ids, labels, {epochs: 60, callbacks: [metrics, new RestoreBest({patience: 3, leastEpochs: 10})]});
 */
export class EpochMetrics extends tfl.Callback {
  private readonly evaluation: Evaluation<MetricName>;
  private readonly prefix: string;

  constructor(args: EpochMetricsArgs) {
    super();
    const where = 'EpochMetrics';
    const {output, prefix = output === undefined ? 'val_' : `val_${output}_`} = args ?? {};
    this.evaluation = checkArgs(where, args, ['prefix']);
    if (typeof prefix !== 'string') throw invalidArgument(where, 'prefix', 'be a string', prefix);
    this.prefix = prefix;
    bindHooks(this);
  }

  override async onTrainBegin(): Promise<void> {
    checkOutput('EpochMetrics', callbackModel('EpochMetrics', this.model), this.evaluation.output);
  }

  override async onEpochEnd(_epoch: number, logs?: tfl.Logs): Promise<void> {
    const values = await evaluate(this.model as tfl.LayersModel, this.evaluation);
    for (const name of this.evaluation.metrics) if (logs !== undefined) logs[this.prefix + name] = values[name];
  }
}

/**
 * Metrics of a model over a whole data set; the options are those of EpochMetrics but for `prefix`.
 *
 * @throws AutofisError if an argument breaks its rule or a metric is not defined on these rows.
 * @example
 * const {auc, logloss} = await evaluateMetrics(model, {data: {xs: testIds, ys: testLabels}});
 */
export async function evaluateMetrics<N extends MetricName = 'auc' | 'logloss'>(
  model: tfl.LayersModel,
  args: Omit<EpochMetricsArgs, 'prefix' | 'metrics'> & {metrics?: readonly N[]},
): Promise<Record<N, number>> {
  const checked = checkArgs<N>('evaluateMetrics', args, []);
  checkOutput('evaluateMetrics', model, checked.output);
  return evaluate(model, checked);
}

/** Check that the output to evaluate is one number per row. */
function checkOutput(where: string, {outputs, outputNames}: tfl.LayersModel, output: string | undefined): void {
  const shown = outputs.map(({shape}, i) => `${outputNames[i]} [${shape.map(n => n ?? 'rows')}]`).join(', ');
  if (output === undefined ? outputs.length > 1 : !outputNames.includes(output)) {
    throw new AutofisError(
      `${where}: \`output\` must be the name of one of the model's outputs: ${shown}. ` +
        `Received: ${output ?? 'none'}.`,
    );
  }
  if (outputs[positionOf(outputNames, output)].shape.slice(1).some(size => size !== 1))
    throw new AutofisError(`${where}: the output must be one number per row, [rows, 1]. Received: ${shown}.`);
}

/** The place of the output to evaluate among the model's. */
function positionOf(outputNames: readonly string[], output: string | undefined): number {
  return output === undefined ? 0 : outputNames.indexOf(output);
}

/** Checked arguments of an evaluation. */
interface Evaluation<N extends MetricName> {
  data: MetricRows | MetricDataset;
  metrics: readonly N[];
  batchSize: number;
  bins: number | undefined;
  output: string | undefined;
}

function checkArgs<N extends MetricName>(
  where: string,
  args: Omit<EpochMetricsArgs, 'metrics'> & {metrics?: readonly N[]},
  extraKeys: readonly string[],
): Evaluation<N> {
  checkKeys(where, args ?? {}, ['data', 'metrics', 'batchSize', 'bins', 'output', ...extraKeys]);
  const {data, metrics = ['auc', 'logloss'] as N[], batchSize = 10000, bins, output} = args ?? {};
  checkMetricNames(where, metrics);
  checkInteger(where, 'batchSize', batchSize, 1);
  if (bins !== undefined) checkInteger(where, 'bins', bins, 1);
  checkData(where, data, metrics);
  return {data, metrics, batchSize, bins, output};
}

async function evaluate<N extends MetricName>(
  model: tfl.LayersModel,
  {data, metrics, batchSize, bins, output}: Evaluation<N>,
): Promise<Record<N, number>> {
  const ofNumbers = (metrics as readonly MetricName[]).filter(isRegression);
  const ofProbabilities = (metrics as readonly MetricName[]).filter(isOfProbabilities);
  const sums = new RegressionSums('evaluateMetrics');
  const rows = new MetricAccumulator();
  for await (const {xs, ys, groups, weights} of batchesOf(data, batchSize)) {
    const predictions = tf.tidy(() => [model.predictOnBatch(xs)].flat()[positionOf(model.outputNames, output)]);
    try {
      const values = [(await ys.data()) as Float32Array, (await predictions.data()) as Float32Array] as const;
      if (ofNumbers.length > 0) sums.add(...values, weights);
      if (ofProbabilities.length > 0) rows.add(...values, groups, weights);
    } finally {
      predictions.dispose();
    }
  }
  return Object.fromEntries([
    ...ofNumbers.map(name => [name, sums.compute(name)]),
    ...(ofProbabilities.length > 0 ? Object.entries(rows.compute(ofProbabilities, {bins})) : []),
  ]) as Record<N, number>;
}

function isDataset(data: MetricRows | MetricDataset): data is MetricDataset {
  return typeof (data as MetricDataset)?.iterator === 'function';
}

function checkData(where: string, data: MetricRows | MetricDataset, metrics: readonly MetricName[]): void {
  if (data != null && isDataset(data)) return;
  const rows = checkRowTensors(where, 'data', data, ', or a dataset with iterator()');
  const {groups} = data as MetricRows;
  if ((groups !== undefined && groups.length !== rows) || (groups === undefined && metrics.includes('gauc'))) {
    throw new AutofisError(
      `${where}: \`data.groups\` must name the group of each of the ${rows} rows` +
        `${groups === undefined ? ", since `metrics` has 'gauc'" : ''}. Received: ${groups?.length ?? 'none'}.`,
    );
  }
}

/** Rows with groups and weights in plain memory. */
type Piece = Pick<MetricRows, 'xs' | 'ys' | 'groups'> & {weights?: ArrayLike<number>};

/** The rows in pieces; a piece's tensors are disposed when the next is asked for. */
async function* batchesOf(data: MetricRows | MetricDataset, batchSize: number): AsyncGenerator<Piece> {
  if (isDataset(data)) {
    const iterator = await data.iterator();
    for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
      const {xs, ys, groups, weights} = item.value as Pick<MetricRows, 'xs' | 'ys'> & {
        groups?: Values<number | string>;
        weights?: Values<number>;
      };
      try {
        yield {xs, ys, groups: await plain(groups), weights: await plain(weights)};
      } finally {
        tf.dispose([xs, ys]);
        for (const values of [groups, weights]) if (values instanceof tf.Tensor) values.dispose();
      }
    }
    return;
  }
  const {xs, ys, groups} = data;
  const rows = ys.shape[0];
  const weights = await plain<number>(data.weights);
  for (let start = 0; start < rows; start += batchSize) {
    const count = Math.min(batchSize, rows - start);
    const part = (t: tf.Tensor) => tf.slice(t, start, count);
    const batch = {xs: Array.isArray(xs) ? xs.map(part) : part(xs), ys: part(ys)};
    try {
      const cut = <T>(values: ArrayLike<T>) => Array.prototype.slice.call(values, start, start + count) as T[];
      yield {...batch, groups: groups && cut(groups), weights: weights && cut(weights)};
    } finally {
      tf.dispose([batch.xs, batch.ys]);
    }
  }
}

type Values<T> = ArrayLike<T> | tf.Tensor;

/** Values of a tensor or an array. */
async function plain<T extends number | string>(values: Values<T> | undefined): Promise<ArrayLike<T> | undefined> {
  return values instanceof tf.Tensor ? ((await values.data()) as unknown as ArrayLike<T>) : values;
}
