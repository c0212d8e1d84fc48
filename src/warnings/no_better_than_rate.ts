import {logloss} from '../metrics/logloss';
import {baseRate} from '../metrics/row_weights';
import type {Scores} from '../training/evaluation';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';

/**
 * Describe a model whose test logloss is not below that of one constant probability for every row.
 *
 * The constant is the share of positives among the validation rows. An AUC does not show such a failure.
 *
 * @param scores Scores of the model on the test rows.
 * @returns Null where the model beats the constant.
 */
export function noBetterThanRate(
  scores: Scores,
  {validation, test}: {validation: LabeledRows; test: LabeledRows},
): string | null {
  const rate = baseRate({labels: labelsOfRows(validation), weights: weightsOf(validation)});
  const without = rateLogloss(rate, labelsOfRows(test), weightsOf(test));
  if (scores.logloss < without) return null;
  const [model, other] = [scores.logloss, without].map(loss => loss.toFixed(4));
  return (
    `On the test rows the probabilities are no better than one for every row: their logloss is ${model}, that of the ` +
    `share of positives among the validation rows is ${other}. Either these columns hardly say anything of the ` +
    'label, or the test rows differ from those before them, or are too few to show it.'
  );
}

/** Logloss of one probability for all rows. */
export function rateLogloss(rate: number, labels: ArrayLike<number>, weights?: ArrayLike<number>): number {
  return logloss(labels, new Float32Array(labels.length).fill(rate), undefined, weights);
}
