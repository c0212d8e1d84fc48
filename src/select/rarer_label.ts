import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';

/** Rows of the label that fewer rows have; rows of weight 0 do not count. */
export function rarerLabel(rows: LabeledRows): number {
  const weights = weightsOf(rows);
  const labels = labelsOfRows(rows).filter((_, i) => weights?.[i] !== 0);
  const positives = labels.reduce((sum, y) => sum + y, 0);
  return Math.min(positives, labels.length - positives);
}
