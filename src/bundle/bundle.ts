import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {driftReport, DriftReport} from '../schema/drift';
import {issueText, Row, RowEncoder} from '../schema/row_encoder';
import type {FittedSchema} from '../schema/vocabulary';
import type {Selection} from '../stages/selection';
import {Explainer, type Explanation} from './explanation';
import {LogitShares} from './logit_shares';

export interface BundlePredictOptions {
  /** Rows that are computed at a time; default 4,096. It changes memory and speed, not the result. */
  batchSize?: number;
}

export interface BundleExplainOptions extends BundlePredictOptions {
  /** Shares of each row at most, the strongest; by default all that are not 0. */
  most?: number;
}

/**
 * A model with everything that it needs to predict from raw rows; made by `loadBundle`.
 *
 * @throws AutofisError from `predict` on rows that do not fit the schema.
 */
export class Bundle {
  /** Turns raw rows into ids. */
  readonly encoder: RowEncoder;
  private explainer: Explainer | null = null;

  /** @internal */
  constructor(
    readonly model: tfl.LayersModel,
    /** The schema with its vocabularies. */
    readonly fitted: FittedSchema,
    /** Hash of the fitted schema; shards that were encoded with it have the same. */
    readonly schemaHash: string,
    /** The interactions that the search kept, or null. */
    readonly selection: Selection | null,
    /** Metadata given to `saveBundle`. */
    readonly metadata: Readonly<Record<string, unknown>>,
    /** SHA-256 of `bundle.json`, which lists every file with its hash: bundles with the same one are equal. */
    readonly hash: string,
  ) {
    this.encoder = new RowEncoder(fitted);
  }

  /**
   * Probabilities for raw rows, in their order. A value that is unseen or missing has an id of its own; see `drift` for
   * how many there are.
   *
   * @throws AutofisError if a value breaks the rule of its field: it names row, column and value; and if a row has
   *     values, but none in a column of the model.
   *
   * @example
   * const [click] = await bundle.predict([{hour: '14102100', site_id: '1fbe01fe', C1: 1005}]);
   */
  async predict(rows: readonly Row[], options: BundlePredictOptions = {}): Promise<Float32Array> {
    checkKeys('Bundle.predict', options, ['batchSize']);
    const probabilities = new Float32Array(rows.length);
    for (const {start, ids} of this.batches('Bundle.predict', rows, options.batchSize))
      probabilities.set(await this.predictIds(ids), start);
    return probabilities;
  }

  /**
   * Say why raw rows get their probabilities: what each field and each interaction adds to the logit, with the values
   * of the row. The model is one of `autoSelect`, or another sum of fields and interactions without hidden layers.
   *
   * @returns One for each row, in their order: logit = intercept + sum of shares + others, up to rounding.
   * @throws AutofisError as `predict` does, and if the model is not such a sum; without rows, too.
   *
   * @example
   * const [{probability, shares}] = await bundle.explain([{origin: 'ATL', hour: 17}], {most: 3});
   * shares.map(({words}) => words);   // ['origin ATL x hour 17: +0.42', ...]
   */
  async explain(rows: readonly Row[], options: BundleExplainOptions = {}): Promise<Explanation[]> {
    const where = 'Bundle.explain';
    checkKeys(where, options, ['batchSize', 'most']);
    const explanations: Explanation[][] = [await this.explainIds(new Int32Array(0), [], options.most)];
    for (const {start, end, ids} of this.batches(where, rows, options.batchSize))
      explanations.push(await this.explainIds(ids, rows.slice(start, end), options.most));
    return explanations.flat();
  }

  /** Encoded rows in batches. */
  private *batches(where: string, rows: readonly Row[], batchSize = 4096) {
    checkInteger(where, 'batchSize', batchSize, 1);
    const {ids, issues} = this.encoder.encode(rows);
    this.checkColumns(where, rows);
    if (issues.length > 0) {
      const more =
        issues.length > 1 ? ` ${issues.length - 1} more of the ${rows.length} rows' values are invalid.` : '';
      throw new AutofisError(`${where}: ${issueText(issues[0])}.${more} Omit a value that is unknown.`);
    }
    const {columns} = this.encoder;
    for (let start = 0; start < rows.length; start += batchSize) {
      const end = Math.min(rows.length, start + batchSize);
      yield {start, end, ids: ids.subarray(start * columns, end * columns)};
    }
  }

  /** Check that names of columns are not misspelt: all values of such a row would count as missing. */
  private checkColumns(where: string, rows: readonly Row[]): void {
    const columns = new Set(this.fitted.schema.fields.map(({column}) => column));
    const wrong = rows.findIndex(row => {
      const names = Object.keys(row);
      return names.length > 0 && !names.some(name => columns.has(name));
    });
    if (wrong < 0) return;
    throw new AutofisError(
      `${where}: row ${wrong} has no column of the model. Received: ${show(Object.keys(rows[wrong]))}. ` +
        `The columns are ${[...columns].map(name => JSON.stringify(name)).join(', ')}.`,
    );
  }

  /**
   * Probabilities for rows that `encoder` has encoded, all in one batch: for a program that handles the issues itself,
   * or joins the rows of several callers.
   *
   * @param ids [rows, W], the rows one after another.
   * @throws AutofisError if `ids` do not fill whole rows.
   */
  async predictIds(ids: Int32Array): Promise<Float32Array> {
    this.checkIds('Bundle.predictIds', ids);
    const {columns} = this.encoder;
    if (ids.length === 0) return new Float32Array(0);
    const output = tf.tidy(
      () => this.model.predictOnBatch(tf.tensor2d(ids, [ids.length / columns, columns], 'int32')) as tf.Tensor,
    );
    try {
      return (await output.data()) as Float32Array;
    } finally {
      output.dispose();
    }
  }

  /**
   * Explain rows that `encoder` has encoded, all in one batch, as {@link Bundle.explain} does.
   *
   * @param ids [rows, W], the rows one after another.
   * @param rows The raw rows, whose values the explanations show.
   * @param most Shares of each row at most, the strongest; by default all that are not 0.
   * @throws AutofisError if `ids` are not those of `rows`, or the model is not a sum of fields and interactions.
   */
  async explainIds(ids: Int32Array, rows: readonly Row[], most = Infinity): Promise<Explanation[]> {
    const where = 'Bundle.explain';
    if (most !== Infinity) checkInteger(where, 'most', most, 1);
    this.checkIds(where, ids, rows.length);
    const {model, fitted} = this;
    const names = fitted.fields.map(({name}) => name);
    this.explainer ??= new Explainer(fitted, new LogitShares(where, model, names));
    return rows.length === 0 ? [] : this.explainer.explain(rows, ids, most);
  }

  private checkIds(where: string, ids: Int32Array, rows?: number): void {
    const {columns} = this.encoder;
    if (ids instanceof Int32Array && (rows === undefined ? ids.length % columns === 0 : ids.length === rows * columns))
      return;
    throw invalidArgument(
      where,
      'ids',
      `be an Int32Array with ${columns} ids per row`,
      ids?.length,
      'Use the result of `encoder.encode(rows)`.',
    );
  }

  /** Measure how raw rows differ from the model's training rows, by {@link driftReport}. */
  drift(rows: readonly Row[]): DriftReport {
    const {rows: count, counts} = this.encoder.encode(rows);
    return driftReport(this.fitted, count, counts);
  }

  /** Free the model's memory. */
  dispose(): void {
    this.model.dispose();
  }
}
