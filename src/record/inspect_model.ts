import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {columnCount, type FieldSpec} from '../../layers/field_layout';
import {LogitShares} from '../bundle/logit_shares';
import type {Interaction} from '../interactions';
import {sigmoid} from '../logistic';
import {INTERVAL} from '../statistics';
import {rowLogloss} from '../metrics/logloss';
import {predicted} from '../training/evaluation';
import {effectMap} from './effect_map';
import type {IdRows} from './id_rows';
import {coarseRows, type NamedRows, nameOfValue, type ValueNames} from './named_rows';
import type {ExplainedRow, Inspection} from './run_record';
import {ValueGroups} from './value_groups';

interface InspectedModel {
  model: tfl.LayersModel;
  fields: readonly FieldSpec[];
  test: IdRows;
  valueNames?: ReadonlyArray<ValueNames | undefined>;
  /** The selected ones, the strongest first. */
  interactions: readonly Interaction[];
}

/** Maps, shares of the explained row, and segments of each kind, at most. */
const [MAPS, SHARES, SEGMENTS] = [25, 5, 3];
/** Rows of a segment at least. */
const LEAST_ROWS = 50;
/** Shares of rows that are held at most; of more rows, the first ones are taken apart. */
const MOST_SHARES = 2e7;

/** Time a model on the test rows, take their logits apart, and find where it errs most. */
export async function inspectModel(
  where: string,
  {model, fields, test, valueNames = [], interactions}: InspectedModel,
): Promise<Inspection> {
  const columns = columnCount(fields);
  const ids = Int32Array.from(test.ids);
  const {probabilities, rowsPerSecond} = timed(model, ids, columns);
  const names = fields.map(({name}) => name);
  const logits = new LogitShares(where, model, names);
  const T = logits.terms.length;
  const count = Math.min(test.labels.length, Math.ceil(MOST_SHARES / T));
  const apart = await logits.of(ids.subarray(0, count * columns));
  const all = {fields, rows: {...test, ids}, names: valueNames};
  const first = {...all, rows: headOf(all.rows, count, columns)};
  const coarse = coarseRows(first);
  return {
    rowsPerSecond,
    maps: interactions.slice(0, MAPS).map(interaction => {
      const t = logits.terms.findIndex(term => `${term}` === `${interaction}`);
      const share = apart.logits.map((_, row) => apart.shares[row * T + t]);
      const without = share.map((part, row) => sigmoid(apart.logits[row] - part));
      return effectMap(coarse, interaction, {share, without, predicted: apart.probabilities});
    }),
    row: explainedRow(first, logits.terms, apart),
    segments: worstSegments(coarseRows(all), probabilities),
  };
}

/** Predict all rows three times; the fastest gives the rows per second. */
function timed(model: tfl.LayersModel, ids: Int32Array, columns: number) {
  const rows = ids.length / columns;
  const xs = tf.tensor2d(ids, [rows, columns], 'int32');
  const passes = [1, 2, 3].map(() => {
    const start = performance.now();
    const probabilities = predicted(model, {xs, ys: xs});
    return {probabilities, seconds: Math.max(performance.now() - start, 0.1) / 1000};
  });
  xs.dispose();
  const seconds = Math.min(...passes.map(pass => pass.seconds));
  return {probabilities: passes[0].probabilities, rowsPerSecond: Number((rows / seconds).toPrecision(2))};
}

function headOf({ids, labels, weights}: IdRows, count: number, columns: number): IdRows {
  const head = (values: ArrayLike<number>, length: number) => Array.prototype.slice.call(values, 0, length) as number[];
  return {
    ids: head(ids, count * columns),
    labels: head(labels, count),
    ...(weights && {weights: head(weights, count)}),
  };
}

/** Explain the row whose probability interactions change most. */
function explainedRow(
  {fields, rows, names}: NamedRows,
  terms: readonly Interaction[],
  {probabilities, logits, intercept, shares}: Awaited<ReturnType<LogitShares['of']>>,
): ExplainedRow {
  const T = terms.length;
  const single = terms.filter(({length}) => length === 1).length;
  const sum = (values: Float64Array) => values.reduce((total, share) => total + share, 0);
  const additive = logits.map((logit, row) => sigmoid(logit - sum(shares.subarray(row * T + single, (row + 1) * T))));
  const change = additive.map((without, row) => Math.abs(probabilities[row] - without));
  const row = change.indexOf(change.reduce((a, b) => Math.max(a, b)));
  const all = shares.subarray(row * T, (row + 1) * T);
  const order = [...terms.keys()].sort((a, b) => Math.abs(all[b]) - Math.abs(all[a]));
  return {
    probability: probabilities[row],
    additive: additive[row],
    intercept,
    shares: order.slice(0, SHARES).map(t => ({
      fields: terms[t].map(f => fields[f].name),
      values: terms[t].map(f => valueOf({fields, rows, names}, row, f)),
      share: all[t],
    })),
    others: order.slice(SHARES).reduce((total, t) => total + all[t], 0),
  };
}

/** Values of a field in a row, by name. */
function valueOf({fields, rows: {ids}, names}: NamedRows, row: number, f: number): string {
  const start = row * columnCount(fields) + columnCount(fields.slice(0, f));
  const values = Array.from({length: fields[f].width ?? 1}, (_, k) => ids[start + k]).filter(id => id >= 0);
  return values.map(id => nameOfValue(names[f], id)).join(', ');
}

/** Compare the errors on the rows of each value of each field. */
function worstSegments({fields, rows, names}: NamedRows, probabilities: Float32Array): Inspection['segments'] {
  const all = fields.flatMap(({name}, f) => {
    const groups = new ValueGroups(fields, [f], rows);
    const count = groups.sums(() => 1);
    const variance = groups.sums(row => probabilities[row] * (1 - probabilities[row]));
    const [predictions, rates, losses] = [
      (row: number) => probabilities[row],
      (row: number) => rows.labels[row],
      (row: number) => rowLogloss(rows.labels[row], probabilities[row]),
    ].map(of => groups.sums(of).map((sum, group) => sum / count[group]));
    return Array.from(count, (n, group) => {
      const [mean, observed] = [predictions[group], rates[group]];
      const value = nameOfValue(names[f], groups.valuesOf(group)[0]);
      return {
        segment: {field: name, value, rows: Math.round(n), predicted: mean, observed, logloss: losses[group]},
        off: Math.abs(observed - mean) - (INTERVAL * Math.sqrt(variance[group] + 1)) / n,
      };
    }).filter(({segment}) => segment.rows >= LEAST_ROWS);
  });
  const calibration = [...all].sort((a, b) => b.off - a.off).slice(0, SEGMENTS);
  const logloss = [...all]
    .filter(segment => !calibration.includes(segment))
    .sort((a, b) => b.segment.logloss - a.segment.logloss)
    .slice(0, SEGMENTS);
  const worst = [...calibration, ...logloss].map(({segment}) => segment);
  return {compared: all.length, leastRows: LEAST_ROWS, worst};
}
