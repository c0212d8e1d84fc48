import {aucDifference} from '../metrics/auc_difference';
import {logloss} from '../metrics/logloss';
import {baseRate} from '../metrics/row_weights';
import type {DriftReport} from '../schema/drift';
import {INTERVAL} from '../statistics';
import {rateLogloss} from '../warnings/no_better_than_rate';
import {labelsOfRows, type LabeledRows, weightsOf} from '../training/rows';

/** A reason to doubt the newer rows, or the model that they make; plain JSON. */
export type UpdateDoubt =
  /** The old model ranks them the wrong way round, as labels that mean the opposite do. */
  | {kind: 'labels inverted'; auc: number; standardError: number}
  /** The new model predicts the held-out rows no better than their rate of labels 1. */
  | {kind: 'no better than the rate'; logloss: number; ofRate: number}
  /** More than half of the rows have values that training has not seen, in more than half of the fields. */
  | {kind: 'mostly unseen'; fields: string[]; of: number};

/** Find reasons not to replace a bundle by what newer rows have made of it, which no comparison of the two shows. */
export function updateDoubts(
  rows: LabeledRows,
  {before, after, drift}: {before: Float32Array; after: Float32Array; drift: DriftReport},
): UpdateDoubt[] {
  const labels = labelsOfRows(rows);
  const weights = weightsOf(rows);
  const {difference, standardError} = aucDifference(labels, before, new Float32Array(before.length), weights);
  const scores = {
    logloss: logloss(labels, after, undefined, weights),
    ofRate: rateLogloss(baseRate({labels, weights}), labels, weights),
  };
  const unseen = drift.fields.filter(({now}) => now.unseen > 0.5).map(({name}) => name);
  const doubts: Array<UpdateDoubt | null> = [
    difference < -INTERVAL * standardError ? {kind: 'labels inverted', auc: 0.5 + difference, standardError} : null,
    scores.logloss < scores.ofRate ? null : {kind: 'no better than the rate', ...scores},
    2 * unseen.length > drift.fields.length ? {kind: 'mostly unseen', fields: unseen, of: drift.fields.length} : null,
  ];
  return doubts.filter(doubt => doubt !== null);
}

/** A doubt in a sentence. */
export function doubtInWords(doubt: UpdateDoubt): string {
  switch (doubt.kind) {
    case 'labels inverted': {
      const error = (INTERVAL * doubt.standardError).toFixed(4);
      const auc = `${doubt.auc.toFixed(4)} ± ${error}`;
      return `The old model's AUC on these rows is ${auc}, below .5: are their labels inverted?`;
    }
    case 'no better than the rate':
      return (
        `The new model's logloss, ${doubt.logloss.toFixed(4)}, is not below that of the rate of labels 1 alone, ` +
        `${doubt.ofRate.toFixed(4)}.`
      );
    case 'mostly unseen':
      return (
        `Most values of ${doubt.fields.length} of ${doubt.of} fields are new (${doubt.fields.join(', ')}): are the ` +
        'columns those of the training?'
      );
  }
}
