import type {Bundle} from '../../bundle/bundle';
import {AutofisError} from '../../errors';
import {MetricAccumulator} from '../../metrics/metric_accumulator';
import {labelReader, labelsInWords} from '../../schema/label';
import type {Row} from '../../schema/row_encoder';
import {parseNumber} from '../../schema/rules/numeric';
import {predictions} from './predict';
import type {TableSource} from './table_source';

/** AUC and logloss of a bundle on a table with labels, and with weights where its schema has some. */
export async function scoreFile(
  bundle: Bundle,
  table: TableSource,
): Promise<{rows: number; auc: number; logloss: number}> {
  const {label, weight} = bundle.fitted.schema;
  const rule = label!;
  const {column} = rule;
  const read = labelReader(rule);
  const sum = new MetricAccumulator();
  let count = 0;
  for await (const {rows, probabilities} of predictions(bundle, table, true)) {
    const labels = rows.map(row => (row[column] === null ? NaN : (read(String(row[column])) ?? NaN)));
    const bad = labels.findIndex(label => label !== 0 && label !== 1);
    if (bad >= 0)
      throw new AutofisError(
        `${table.name}: row ${count + bad + 1} has the label ${JSON.stringify(rows[bad][column])}; ` +
          `${labelsInWords(rule)}.`,
      );
    sum.add(labels, probabilities, undefined, weight && weightsOf(table.name, rows, weight.column, count));
    count += rows.length;
  }
  const {auc, logloss} = sum.compute(['auc', 'logloss'], {});
  return {rows: count, auc, logloss};
}

/** The weights of rows; `before` rows came before them. */
function weightsOf(table: string, rows: readonly Row[], column: string, before: number): number[] {
  return rows.map((row, i) => {
    const weight = parseNumber(String(row[column] ?? ''));
    if (weight !== undefined && weight >= 0) return weight;
    throw new AutofisError(
      `${table}: row ${before + i + 1} has the weight ${JSON.stringify(row[column])}; weights are numbers >= 0.`,
    );
  });
}
