import type {FieldSpec} from '../../layers/field_layout';
import {counted} from '../counted';
import type {IdTable} from '../components/linear/ridge_regression';
import {ofRows} from '../components/linear_model';
import {type LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {type FieldAlone, fieldsAlone} from './fields_alone';
import {rarerLabel} from './rarer_label';

/** A model that orders test rows as well as this is rarely true. */
const SUSPECT = 0.999;
/** A single field that orders test rows as well as this may be a noisy copy of the label. */
const NEAR = 0.95;
/** With fewer test rows of the rarer label than these a true model may be perfect by chance. */
const FEW = 20;
const CAUSE = 'such as a value that is known only afterwards';

/**
 * Say which fields may hold what the label says: of a model that is nearly perfect on the test rows those that tell the
 * labels as well by themselves, by the rate of each of their values in the training rows; of any model those that
 * nearly do, and values that come with one label only. With few test rows only fields count that tell both the labels
 * of the test rows and those of the training rows.
 *
 * @param found The model's test AUC.
 * @param fields Null where they are not known.
 * @returns Null where nothing is suspect, or may be chance.
 */
export function suspicion(
  found: number,
  fields: readonly FieldSpec[] | null,
  {train, test}: {train: IdTable; test: LabeledRows},
): string | null {
  const isFew = rarerLabel({labels: labelsOfRows(test), weights: weightsOf(test)}) < FEW;
  const isPerfect = found >= SUSPECT;
  if (isFew && !isPerfect) return null;
  const alone = fields === null ? [] : fieldsAlone(fields, train, ofRows(test));
  const auc = `The AUC on the test rows is ${found.toFixed(4)}`;
  const telling = alone.filter(({test, train}) => test >= SUSPECT && (!isFew || train >= SUSPECT));
  if (isPerfect && telling.length > 0) {
    const names = telling.map(({name}) => name).join(' and ');
    return `${auc}: ${names} may hold what the label says, ${CAUSE}. Leave such columns out.`;
  }
  if (isFew) return null;
  // A model is nearly perfect where labels follow from fields; then they may follow from single values, too.
  const near = alone.flatMap(field => nearlyTelling(isPerfect ? {...field, pure: null} : field));
  if (near.length > 0)
    return `${near.join('; ')}. Does it hold what the label says, ${CAUSE}? If so, leave the column out.`;
  if (!isPerfect) return null;
  const none = fields === null ? '' : ' None does so by itself.';
  return `${auc}. Do some fields hold what the label says, ${CAUSE}?${none}`;
}

/** Describe a field that nearly reveals the labels; return an empty list for any other field. */
function nearlyTelling({name, test, train, pure}: FieldAlone): string[] {
  if (Math.min(test, train) >= NEAR) return [`${name} alone has AUC ${test.toFixed(4)} on the test rows`];
  if (pure === null) return [];
  const {id, rows, same, label} = pure;
  return [`${same} of ${counted(rows, 'training row')} with the value of id ${id} of ${name} have label ${label}`];
}
