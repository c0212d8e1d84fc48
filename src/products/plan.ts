import {Interaction, Order} from '../interactions';

/**
 * A group of interactions that one symmetric matrix per row holds.
 *
 * With E' the rows of `fields` in E and s the row of field `scale` (all ones when null),
 *   T = E' diag(s) E'^T,  T[j, k] = sum_d s_d e_jd e_kd,
 * so T is the Gram matrix for pairs, and for triples that start with field i it holds every
 * <e_i, e_j, e_k>. Nothing of size [B, P, d] is ever made.
 */
export interface Slice {
  /** Position of the multiplying field, or null for pairs. */
  readonly scale: number | null;
  /** Positions of the n fields that span T, ascending. */
  readonly fields: readonly number[];
  /** The slice's interactions are [start, start + count) of the layer's list. */
  readonly start: number;
  readonly count: number;
  /** For each of the slice's interactions, where it stands in the flattened [n * n] of T, above the diagonal. */
  readonly flat: Int32Array;
  /** For each of the n * n places, the interaction (0 .. count-1) that it or its mirror image holds, else `count`. */
  readonly symmetric: Int32Array;
}

/** Groups canonical interactions into slices: one for pairs, one per first field for triples. */
export function planSlices(interactions: readonly Interaction[], order: Order): Slice[] {
  if (interactions.length === 0) return [];
  if (order === 2) return [makeSlice(null, interactions, 0)];
  const slices: Slice[] = [];
  for (let start = 0; start < interactions.length;) {
    const first = interactions[start][0];
    let end = start;
    while (end < interactions.length && interactions[end][0] === first) end++;
    slices.push(makeSlice(first, interactions.slice(start, end).map(t => t.slice(1)), start));
    start = end;
  }
  return slices;
}

function makeSlice(scale: number | null, pairs: readonly Interaction[], start: number): Slice {
  const fields = [...new Set(pairs.flat())].sort((a, b) => a - b);
  const n = fields.length;
  const place = new Map(fields.map((field, i) => [field, i]));
  const flat = new Int32Array(pairs.length);
  const symmetric = new Int32Array(n * n).fill(pairs.length);
  pairs.forEach(([a, b], p) => {
    const j = place.get(a)!, k = place.get(b)!;
    flat[p] = j * n + k;
    symmetric[j * n + k] = symmetric[k * n + j] = p;
  });
  return {scale, fields, start, count: pairs.length, flat, symmetric};
}
