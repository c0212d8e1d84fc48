import {columnCount, type FieldSpec} from '../../layers/field_layout';
import {counted} from '../counted';
import type {IdTable} from '../components/linear/ridge_regression';
import {ofRows} from '../components/linear_model';
import {type LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {rarerLabel} from './rarer_label';
import {aucOrNull} from '../metrics/auc';
import {baseRate} from '../metrics/row_weights';

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

/** Predictive power of one field by itself. */
interface FieldAlone {
  name: string;
  /** AUC of the training rates of its values, on the test rows and on the training rows. */
  test: number;
  train: number;
  /** The value that comes with one label only, where it is the only one of its field. */
  pure: PureValue | null;
}

/** A value with nearly one label: of `rows` training rows `same` have it. */
interface PureValue {
  id: number;
  label: number;
  rows: number;
  same: number;
}

/** Rows that a field is scored on, at most. */
const SCORED = 100_000;
/**
 * A value is pure if it has at least `rows` training rows, and `share` of them, and `ofTest` of its test rows, have one
 * label. It counts if it covers `cover` of the label's rows. `base` is the largest share of the label among all rows:
 * nothing is strange about a value without clicks where clicks are rare.
 */
const PURE = {rows: 100, share: 0.99, ofTest: 0.95, cover: 0.05, base: 0.6};

/** Look at each field by itself. */
function fieldsAlone(fields: readonly FieldSpec[], train: IdTable, test: IdTable): FieldAlone[] {
  const columns = columnCount(fields);
  let start = 0;
  return fields.map(({name, size, width = 1}) => {
    const field = {start, width, columns, size};
    start += width;
    const counts = countsOf(train, field);
    const base = baseRate(train);
    const rates = counts.rows.map((rows, id) => (rows === 0 ? base : counts.positives[id] / rows));
    return {
      name,
      test: aucOf(rates, test, field),
      train: aucOf(rates, train, field),
      pure: pureValue(counts, countsOf(test, field), base),
    };
  });
}

/** Where the ids of a field are: `width` of `columns` columns, from `start` on. */
interface Columns {
  start: number;
  width: number;
  columns: number;
  size: number;
}

interface Counts {
  /** Total weight of the rows of each value, and of those among them with label 1. */
  rows: Float64Array;
  positives: Float64Array;
}

function countsOf({ids, labels, weights}: IdTable, {start, width, columns, size}: Columns): Counts {
  const counts = {rows: new Float64Array(size), positives: new Float64Array(size)};
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    for (let at = row * columns + start, end = at + width; at < end; at++) {
      if (ids[at] < 0) continue;
      counts.rows[ids[at]] += weight;
      counts.positives[ids[at]] += weight * labels[row];
    }
  }
  return counts;
}

/** The AUC of the mean rate of a row's values; 1/2 where the rows have one label. */
function aucOf(rates: Float64Array, {ids, labels, weights}: IdTable, {start, width, columns}: Columns): number {
  const step = Math.ceil(labels.length / SCORED);
  const rows = Array.from({length: Math.ceil(labels.length / step)}, (_, i) => i * step);
  const scores = rows.map(row => {
    let sum = 0;
    let values = 0;
    for (let at = row * columns + start, end = at + width; at < end; at++) {
      if (ids[at] < 0) continue;
      sum += rates[ids[at]];
      values++;
    }
    return sum / Math.max(1, values);
  });
  const of = (list: ArrayLike<number>) => rows.map(row => list[row]);
  return aucOrNull(of(labels), scores, weights && of(weights)) ?? 1 / 2;
}

function pureValue(train: Counts, test: Counts, base: number): PureValue | null {
  const share = ({rows, positives}: Counts, id: number, label: number) =>
    (label === 1 ? positives[id] : rows[id] - positives[id]) / rows[id];
  const pure = [...train.rows.keys()].flatMap(id => {
    if (train.rows[id] < PURE.rows) return [];
    const label = [1, 0].find(y => share(train, id, y) >= PURE.share && !(share(test, id, y) < PURE.ofTest));
    return label === undefined
      ? []
      : [{id, label, rows: train.rows[id], same: train.rows[id] * share(train, id, label)}];
  });
  if (pure.length !== 1) return null;
  const [{label, same}] = pure;
  const ofLabel = label === 1 ? base : 1 - base;
  const all = train.rows.reduce((sum, rows) => sum + rows, 0);
  return ofLabel <= PURE.base && same >= PURE.cover * ofLabel * all ? pure[0] : null;
}
