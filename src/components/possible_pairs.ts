import type {FieldSpec} from '../../layers/field_layout';
import {allInteractions, compareInteractions, type Interaction} from '../interactions';
import {linearLogits} from './linear/ridge_path';
import type {IdTable, LinearFit} from './linear/ridge_regression';
import {coarseMembers} from './tables/coarse_field';
import {coarseFields} from './tables/ga2m';
import {IdColumns} from './tables/id_columns';
import {residualsOf, tableEvidence} from './tables/table_evidence';
import {thinnedTable} from './table_rows';

/** Pairs that may interact at most, all of 100 fields, and at least, all of 40 as in logs of advertisements. */
const [MOST, LEAST] = [4950, 780];
/** Rows times pairs from which on there are fewer. */
const MOST_PRODUCTS = 50_000_000;
/** Rows times pairs that evidence is taken from at most, and rows of the part that is taken at least. */
const [MOST_LOOKS, LEAST_ROWS] = [400_000_000, 2000];
/** The level of the tables that evidence is taken from: numbers in 8 groups. */
const LEVEL = 1;

/** A field that takes part in no interaction, or two fields that are in none together: names. */
export type Forbidden = string | readonly [string, string];

/** The pairs of fields that are not forbidden, in canonical order. */
export function allowedPairs(fields: readonly FieldSpec[], forbid: readonly Forbidden[]): Interaction[] {
  const forbidden = new Set(
    forbid.flatMap(pair => (typeof pair === 'string' ? [pair] : [`${pair}`, `${[...pair].reverse()}`])),
  );
  return allInteractions(fields.length, 2).filter(pair => {
    const names = pair.map(f => fields[f].name);
    return ![...names, `${names}`].some(name => forbidden.has(name));
  });
}

/** Return how many pairs may interact in a table of `rows` rows: training time grows with rows times pairs. */
export function mostPairs(rows: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor(MOST_PRODUCTS / rows)));
}

/**
 * Find the pairs that may interact: all that are allowed, or of many those that rows have most evidence for beyond
 * logistic regression. Pairs with a multi-hot field have no such evidence, and come first.
 *
 * @param options `linear` is logistic regression; of the `allowed` pairs at most `most` are found.
 * @returns In canonical order.
 */
export function possiblePairs(
  table: IdTable,
  fields: readonly FieldSpec[],
  {linear, allowed, most}: {linear: Pick<LinearFit, 'kernel' | 'bias'>; allowed: readonly Interaction[]; most: number},
): readonly Interaction[] {
  if (allowed.length <= most) return allowed;
  const part = thinnedTable(table, allowed.length, Math.max(MOST_LOOKS, LEAST_ROWS * allowed.length));
  const residuals = residualsOf(part, linearLogits(part.ids, fields, linear));
  const coarse = coarseFields(part, fields);
  const rows = new IdColumns(part);
  const evidenceOf = (pair: Interaction) => {
    const members = coarseMembers(coarse, pair);
    return members === null ? Number.MAX_VALUE : tableEvidence(rows, residuals, members, [LEVEL]);
  };
  return allowed
    .map(pair => ({pair, evidence: evidenceOf(pair)}))
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, most)
    .map(({pair}) => pair)
    .sort(compareInteractions);
}

/** The triples of which every pair is among these, in canonical order. */
export function triplesOf(pairs: readonly Interaction[]): Interaction[] {
  const partners = new Map<number, Set<number>>();
  for (const [a, b] of pairs) partners.set(a, (partners.get(a) ?? new Set()).add(b));
  return pairs.flatMap(([a, b]) => {
    const others = partners.get(b) ?? new Set<number>();
    return [...partners.get(a)!].filter(c => others.has(c)).map(c => [a, b, c]);
  });
}

/** Say how many of the allowed pairs may interact; null where none or all may. */
export function pairsInWords(
  fields: readonly FieldSpec[],
  pairs: readonly Interaction[],
  forbid: readonly Forbidden[],
): string | null {
  const allowed = allowedPairs(fields, forbid).length;
  if (pairs.length === 0 || pairs.length === allowed) return null;
  return (
    `The table has ${fields.length} fields and ${allowed.toLocaleString('en-US')} pairs: only the ` +
    `${pairs.length.toLocaleString('en-US')} that rows have most evidence for may interact. All fields are in the ` +
    'linear part.'
  );
}
