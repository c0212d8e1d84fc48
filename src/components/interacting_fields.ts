import {FieldLayout, type FieldSpec} from '../../layers/field_layout';
import {counted} from '../counted';
import {allInteractions, type Interaction, type Order} from '../interactions';
import {fieldEffect} from './linear/field_effect';
import type {IdTable, LinearFit} from './linear/ridge_regression';

/** Names of the fields whose interactions are sought. */
export type Interacting = ReadonlySet<string>;

/** Interactions of the fields with these names, by the positions of all; by default of all fields. */
export function interactionsOf(
  fields: readonly Pick<FieldSpec, 'name'>[],
  order: Order,
  interacting?: Interacting,
): Interaction[] {
  if (interacting === undefined) return allInteractions(fields.length, order);
  const positions = [...fields.keys()].filter(f => interacting.has(fields[f].name));
  return allInteractions(positions.length, order).map(interaction => interaction.map(k => positions[k]));
}

/** Fields that may interact at most. */
const MOST = 100;
/** And at least, however many rows there are: as many as logs of advertisements have. */
const LEAST = 40;
/** Rows times pairs from which on there are fewer. */
const MOST_PRODUCTS = 50_000_000;

/** Return how many fields may interact in a table of `rows` rows: training time grows with rows times pairs. */
export function mostInteracting(rows: number): number {
  const fields = Math.floor((1 + Math.sqrt(1 + (8 * MOST_PRODUCTS) / rows)) / 2);
  return Math.min(MOST, Math.max(LEAST, fields));
}

/**
 * The fields that may interact in a table of many fields: those that move the predictions of logistic regression most,
 * by the standard deviation of what a field adds to the logits of the rows. That an interaction has a field which says
 * something by itself is likely, and not certain (heredity; Bien, Taylor and Tibshirani 2013).
 *
 * @param fit Logistic regression of these rows.
 * @returns Undefined where all fields may interact.
 */
export function interactingFields(
  fields: readonly FieldSpec[],
  table: IdTable,
  fit: Pick<LinearFit, 'kernel'>,
): Interacting | undefined {
  const most = mostInteracting(table.labels.length);
  if (fields.length <= most) return undefined;
  const spread = spreads(new FieldLayout('autoSelect', fields), table, fit.kernel);
  const strongest = [...fields.keys()].sort((a, b) => spread[b] - spread[a] || a - b).slice(0, most);
  return new Set(strongest.map(f => fields[f].name));
}

/** That not all fields may interact, in words. */
export function interactingInWords(fields: readonly FieldSpec[], interacting: Interacting): string {
  return (
    `The table has ${counted(fields.length, 'field')}: only the ${interacting.size} that move the predictions of ` +
    'logistic regression most may interact. All fields are in the linear part.'
  );
}

/** The variance of what each field adds to the logits of the rows. */
function spreads(layout: FieldLayout, table: IdTable, kernel: Float64Array): number[] {
  const {weights} = table;
  return layout.embedded.map((_, f) => {
    let [total, mean, squares] = [0, 0, 0];
    fieldEffect(layout, f, table, kernel).forEach((added, i) => {
      const weight = weights?.[i] ?? 1;
      if (weight === 0) return;
      total += weight;
      const change = added - mean;
      mean += (weight / total) * change;
      squares += weight * change * (added - mean);
    });
    return squares / total;
  });
}
