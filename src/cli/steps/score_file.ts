import {AutofisError} from '../../errors';
import {MetricAccumulator} from '../../metrics/metric_accumulator';
import {labelReader, labelsInWords} from '../../schema/label';
import type {Row} from '../../schema/row_encoder';
import {parseNumber} from '../../schema/rules/numeric';
import {predictions} from './predict';
import {rowFault} from './row_fault';
import type {Scoring} from './scoring';
import type {TableSource} from './table_source';

/** AUC and logloss of a model on a table. */
export interface TableScore {
  rows: number;
  /** Further rows, of weight 0, which do not count. */
  weightless: number;
  auc: number;
  logloss: number;
}

/** AUC and logloss of a bundle on a table with labels, and with weights where its schema has some. */
export async function scoreFile(scoring: Scoring): Promise<TableScore> {
  const {bundle, table} = scoring;
  const {label: rule, weight} = bundle.fitted.schema;
  if (rule === undefined)
    throw new AutofisError(
      `${table.name} cannot be scored: the bundle's schema has no label. Save the bundle with a schema that has one, ` +
        'or use `predict`.',
    );
  const {column} = rule;
  const read = labelReader(rule);
  const sum = new MetricAccumulator();
  let count = 0;
  let weightless = 0;
  let positives = 0;
  for await (const {rows, probabilities} of predictions(scoring, true)) {
    const labels = rows.map(row => read(textIn(row, column)) ?? NaN);
    const bad = labels.findIndex(label => label !== 0 && label !== 1);
    if (bad >= 0) {
      const reason = `is not a label: ${labelsInWords(rule)}`;
      throw await rowFault(table, count + bad, {column, value: rows[bad][column], reason});
    }
    const weights = weight && (await weightsOf(table, rows, weight.column, count));
    sum.add(labels, probabilities, undefined, weights);
    count += rows.length;
    weightless += weights?.filter(value => value === 0).length ?? 0;
    positives += labels.filter((label, i) => label === 1 && weights?.[i] !== 0).length;
  }
  checkBothLabels(table.name, count - weightless, positives);
  const {auc, logloss} = sum.compute(['auc', 'logloss'], {});
  return {rows: count - weightless, weightless, auc, logloss};
}

/** Check that the rows that count have both labels, without which AUC is undefined. */
function checkBothLabels(name: string, rows: number, positives: number): void {
  if (positives > 0 && positives < rows) return;
  throw new AutofisError(
    `${name}: of the ${rows} rows that count, ${positives} have the label 1, and ${rows - positives} the label 0. ` +
      'AUC needs 1 or more of each. Give more rows, such as those of several days.',
  );
}

/** The weights of rows; `before` rows came before them. */
async function weightsOf(table: TableSource, rows: readonly Row[], column: string, before: number): Promise<number[]> {
  const weights = rows.map(row => parseNumber(textIn(row, column)) ?? NaN);
  const bad = weights.findIndex(weight => !(weight >= 0));
  if (bad < 0) return weights;
  const reason = 'is not a weight: weights are numbers >= 0';
  throw await rowFault(table, before + bad, {column, value: rows[bad][column], reason});
}

/** The text of a value, '' for none and for a list. */
const textIn = (row: Row, column: string) => (typeof row[column] === 'string' ? row[column] : '');
