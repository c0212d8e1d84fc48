import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';

/** Rows of the label that fewer rows have, of all parts together; rows of weight 0 do not count. */
export function rarerLabel(...parts: LabeledRows[]): number {
  const counts = [0, 0];
  for (const rows of parts) {
    const weights = weightsOf(rows);
    labelsOfRows(rows).forEach((label, i) => {
      if (weights?.[i] !== 0) counts[label]++;
    });
  }
  return Math.min(...counts);
}
