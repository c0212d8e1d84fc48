import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError, invalidArgument, show} from '../errors';
import {driftReport, DriftReport} from '../schema/drift';
import {issueText, Row, RowEncoder} from '../schema/row_encoder';
import type {FittedSchema} from '../schema/vocabulary';
import type {Selection} from '../stages/selection';

export interface BundlePredictOptions {
  /** Rows that are computed at a time; default 4,096. It changes memory and speed, not the result. */
  batchSize?: number;
}

/**
 * A model with everything that it needs to predict from raw rows; made by `loadBundle`.
 *
 * @throws AutofisError from `predict` on rows that do not fit the schema.
 */
export class Bundle {
  /** Turns raw rows into ids. */
  readonly encoder: RowEncoder;

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
    const where = 'Bundle.predict';
    checkKeys(where, options, ['batchSize']);
    const {batchSize = 4096} = options;
    checkInteger(where, 'batchSize', batchSize, 1);
    const {ids, issues} = this.encoder.encode(rows);
    this.checkColumns(where, rows);
    if (issues.length > 0) {
      const more =
        issues.length > 1 ? ` ${issues.length - 1} more of the ${rows.length} rows' values are invalid.` : '';
      throw new AutofisError(`${where}: ${issueText(issues[0])}.${more} Omit a value that is unknown.`);
    }
    const probabilities = new Float32Array(rows.length);
    const {columns} = this.encoder;
    for (let start = 0; start < rows.length; start += batchSize) {
      probabilities.set(await this.predictIds(ids.subarray(start * columns, (start + batchSize) * columns)), start);
    }
    return probabilities;
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
    const {columns} = this.encoder;
    if (!(ids instanceof Int32Array) || ids.length % columns !== 0) {
      throw invalidArgument(
        'Bundle.predictIds',
        'ids',
        `be an Int32Array with ${columns} ids per row`,
        ids?.length,
        'Use the result of `encoder.encode(rows)`.',
      );
    }
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
