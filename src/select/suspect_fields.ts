import type {FieldSpec} from '../../layers/field_layout';
import {auc} from '../metrics/auc';
import type {LabeledRows, TrainingRows} from '../training/rows';
import {idTable, ofRows} from '../components/linear_model';
import {rarerLabel} from './rarer_label';
import {linearLogits} from '../components/linear/ridge_path';
import {designOf} from '../components/linear/ridge_regression';

/** A model that orders test rows as well as this is rarely true. */
const SUSPECT = 0.999;

/** With fewer test rows of the rarer label than these a true model may be perfect by chance. */
const FEW = 20;

/**
 * What is said of a model that is nearly perfect on the test rows: fields may hold what the label says. Those fields
 * are named that tell the labels as well by themselves, by the rate of each of their values in the training rows. With
 * few test rows only those count that also tell the labels of the training rows.
 *
 * @param found The model's test AUC.
 * @param fields Null where they are not known.
 * @returns Null where the AUC is a usual one, or may be chance.
 */
export async function suspicion(
  found: number,
  fields: readonly FieldSpec[] | null,
  {train, test, seed}: {train: TrainingRows; test: LabeledRows; seed: number},
): Promise<string | null> {
  if (found < SUSPECT) return null;
  const isFew = rarerLabel(test) < FEW;
  const named = fields === null ? [] : tellingFields(fields, await idTable(train, seed), ofRows(test), isFew);
  const auc = `The AUC on the test rows is ${found.toFixed(4)}`;
  if (named.length > 0) {
    return (
      `${auc}: ${named.join(' and ')} may hold what the label says, such as a value that is known only afterwards. ` +
      'Leave such columns out.'
    );
  }
  if (isFew) return null;
  const none = fields === null ? '' : ' None does so by itself.';
  return `${auc}. Do some fields hold what the label says, such as a value that is known only afterwards?${none}`;
}

/** The fields whose values by themselves tell the labels of the test rows, and if asked for of the training rows. */
function tellingFields(
  fields: readonly FieldSpec[],
  train: ReturnType<typeof ofRows>,
  test: ReturnType<typeof ofRows>,
  inTraining: boolean,
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
    const isTold = ({labels, ids, weights: own}: typeof test) =>
      auc(labels, linearLogits(ids, fields, {kernel, bias: 0}), own) >= SUSPECT;
    return isTold(test) && (!inTraining || isTold(train)) ? [name] : [];
  });
}
