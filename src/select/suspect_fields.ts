import type {FieldSpec} from '../../layers/field_layout';
import {auc} from '../metrics/auc';
import type {LabeledRows, TrainingRows} from '../training/rows';
import {idTable, ofRows} from './linear_model';
import {linearLogits} from './ridge_path';
import {designOf} from './ridge_regression';

/** A model that orders test rows as well as this is rarely true. */
const SUSPECT = 0.999;

/**
 * What is said of a model that is nearly perfect on the test rows: fields may hold what the label says. Those fields
 * are named that tell the labels as well by themselves, by the rate of each of their values in the training rows.
 *
 * @param found The model's test AUC.
 * @param fields Null where they are not known.
 * @returns Null where the AUC is a usual one.
 */
export async function suspicion(
  found: number,
  fields: readonly FieldSpec[] | null,
  {train, test, seed}: {train: TrainingRows; test: LabeledRows; seed: number},
): Promise<string | null> {
  if (found < SUSPECT) return null;
  const named = fields === null ? [] : tellingFields(fields, await idTable(train, seed), ofRows(test));
  const which = named.length === 0 ? 'fields may hold' : `${named.join(' and ')} may hold`;
  return (
    `The AUC on the test rows is ${found.toFixed(4)}: ${which} what the label says, such as a value that is known ` +
    'only afterwards. Leave such columns out.'
  );
}

/** The fields whose values by themselves tell the labels of the test rows. */
function tellingFields(
  fields: readonly FieldSpec[],
  train: ReturnType<typeof ofRows>,
  test: ReturnType<typeof ofRows>,
): string[] {
  const design = designOf('suspicion', train, fields);
  const weights = Float64Array.from(train.labels, (_, i) => train.weights?.[i] ?? 1);
  const rows = new Float64Array(design.features + 1);
  const positives = rows.slice();
  design.addTransposed(weights, rows);
  design.addTransposed(
    weights.map((weight, i) => weight * train.labels[i]),
    positives,
  );
  const base = positives[design.features] / rows[design.features];
  const rates = positives.subarray(0, -1).map((count, j) => (rows[j] === 0 ? base : count / rows[j]));
  let end = 0;
  return fields.flatMap(({name, size}) => {
    const start = end;
    end += size;
    const kernel = rates.map((rate, j) => (j >= start && j < end ? rate : 0));
    return auc(test.labels, linearLogits(test.ids, fields, {kernel, bias: 0}), test.weights) >= SUSPECT ? [name] : [];
  });
}
