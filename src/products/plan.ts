import {Interaction, Order} from '../interactions';

/**
 * A group of interactions whose products one matrix per row holds: with L and R the embeddings of the fields `left` and
 * `right`, and s that of the field `middle` (all ones when null),
 *   T = L diag(s) R^T,   T[a, b] = sum_d s_d l_ad r_bd.
 * For pairs L and R are the same fields, T is the Gram matrix, and every product has two cells that mirror each
 * other. For triples T holds those with one middle field, each once. Nothing of size [B, P, d] is ever made.
 */
export interface Slice {
  /** Positions of the fields of L, ascending. */
  readonly left: readonly number[];
  /** Position of the middle field, or null for pairs. */
  readonly middle: number | null;
  /** Positions of the fields of R, ascending; for pairs those of L. */
  readonly right: readonly number[];
  /** The slice's interactions are [start, start + count) of the plan's order. */
  readonly start: number;
  readonly count: number;
  /** For each of the slice's interactions, its place in T, flattened. */
  readonly flat: Int32Array;
  /** For each place of T, the interaction (0 .. count-1) that it holds, else `count`. */
  readonly products: Int32Array;
}

/** The order in which groups have a layer's interactions; both are null where it is the layer's. */
export interface ProductOrder {
  /** For each interaction of the layer, its position in the order of the groups. */
  readonly planned: Int32Array | null;
  /** For each interaction in the order of the groups, which of the layer's it is. */
  readonly listed: Int32Array | null;
}

/** Slices that hold a layer's interactions, each interaction in one of them. */
export interface ProductPlan extends ProductOrder {
  readonly slices: readonly Slice[];
}

/** Group canonical interactions into slices: one for pairs, one a middle field for triples. */
export function planProducts(interactions: readonly Interaction[], order: Order): ProductPlan {
  if (interactions.length === 0) return {slices: [], planned: null, listed: null};
  if (order === 2) return {slices: [pairSlice(interactions)], planned: null, listed: null};
  const listed = Int32Array.from(interactions.keys()).sort((p, q) => interactions[p][1] - interactions[q][1] || p - q);
  const planned = new Int32Array(listed.length);
  listed.forEach((p, i) => {
    planned[p] = i;
  });
  const slices: Slice[] = [];
  for (let start = 0; start < listed.length;) {
    const middle = interactions[listed[start]][1];
    let end = start;
    while (end < listed.length && interactions[listed[end]][1] === middle) end++;
    const triples = Array.from(listed.subarray(start, end), p => interactions[p]);
    slices.push(tripleSlice(middle, triples, start));
    start = end;
  }
  return {slices, planned, listed};
}

function pairSlice(pairs: readonly Interaction[]): Slice {
  const fields = ascending(pairs.flat());
  const n = fields.length;
  const flat = Int32Array.from(pairs, ([i, j]) => fields.indexOf(i) * n + fields.indexOf(j));
  const products = new Int32Array(n * n).fill(pairs.length);
  flat.forEach((cell, p) => {
    const a = Math.floor(cell / n);
    const b = cell % n;
    products[cell] = products[b * n + a] = p;
  });
  return {left: fields, middle: null, right: fields, start: 0, count: pairs.length, flat, products};
}

function tripleSlice(middle: number, triples: readonly Interaction[], start: number): Slice {
  const left = ascending(triples.map(t => t[0]));
  const right = ascending(triples.map(t => t[2]));
  const flat = Int32Array.from(triples, t => left.indexOf(t[0]) * right.length + right.indexOf(t[2]));
  const products = new Int32Array(left.length * right.length).fill(triples.length);
  flat.forEach((cell, p) => {
    products[cell] = p;
  });
  return {left, middle, right, start, count: triples.length, flat, products};
}

function ascending(fields: readonly number[]): number[] {
  return [...new Set(fields)].sort((a, b) => a - b);
}
