import {logloss} from '../metrics/logloss';
import type {Scores} from '../training/evaluation';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';

/**
 * What is said of a model whose probabilities are useless on the test rows: their logloss is not below that of one
 * probability for every row, the share of positives among the validation rows. An AUC says nothing of that.
 *
 * @param scores The model's, on the test rows.
 * @returns Null where the probabilities say something.
 */
export function noBetterThanRate(
  scores: Scores,
  {validation, test}: {validation: LabeledRows; test: LabeledRows},
): string | null {
  const labels = labelsOfRows(test);
  const constant = new Float32Array(labels.length).fill(shareOfPositives(validation));
  const without = logloss(labels, constant, undefined, weightsOf(test));
  if (scores.logloss < without) return null;
  const [own, other] = [scores.logloss, without].map(loss => loss.toFixed(4));
  return (
    `The probabilities are useless on the test rows: their logloss is ${own}, that of one probability for every ` +
    `row, the share of positives among the validation rows, is ${other}. Either these columns hardly say anything ` +
    'of the label, or the test rows differ from those before them.'
  );
}

function shareOfPositives(rows: LabeledRows): number {
  const weights = weightsOf(rows);
  const totals = [0, 0];
  labelsOfRows(rows).forEach((label, i) => {
    totals[label] += weights?.[i] ?? 1;
  });
  return totals[1] / (totals[0] + totals[1]);
}
