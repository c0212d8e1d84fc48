import {fmix32, murmur3} from '../murmur3';
import {type PartName, PARTS, type Split} from './split';

/** 2^32 divided by the golden ratio: neighbouring rows start far apart. */
export const GOLDEN = 0x9e3779b1;

/** The share of numbers below 2^32 that `fraction` is, as a bound. */
export function bound(fraction: number): number {
  return Math.round(fraction * 2 ** 32);
}

/** A hash of the row's number, uniform below 2^32. */
function rowHash(seed: number, row: number): number {
  return fmix32(Math.imul(row, GOLDEN) + fmix32(seed % 2 ** 32)) >>> 0;
}

/**
 * The part of row number `row`, from 0, under a split by fraction, or by a column, whose value in this row is `value`:
 * the reference of the encoder's SQL.
 *
 * @returns null where the row is left out.
 */
export function partOfRow(split: Extract<Split, {by: 'fraction'}>, row: number): PartName;

export function partOfRow(
  split: Extract<Split, {by: 'fraction' | 'column' | 'group'}>,
  row: number,
  value: string | null,
): PartName | null;

export function partOfRow(
  split: Extract<Split, {by: 'fraction' | 'column' | 'group'}>,
  row: number,
  value: string | null = null,
): PartName | null {
  if (split.by === 'fraction') return partOfHash(split, rowHash(split.seed, row));
  if (split.by === 'group') return value === null ? null : partOfHash(split, groupHash(split.seed, value));
  const part = PARTS.find(name => value !== null && split[name]?.includes(value)) ?? null;
  const {validOfTrain} = split;
  return part === 'train' &&
    validOfTrain !== undefined &&
    rowHash(validOfTrain.seed, row) < bound(validOfTrain.fraction)
    ? 'valid'
    : part;
}

/** A hash of a group's name, uniform below 2^32. */
function groupHash(seed: number, group: string): number {
  return murmur3(group, seed % 2 ** 32);
}

function partOfHash(shares: {valid?: number; test?: number}, hash: number): PartName {
  const [test, valid] = cuts(shares);
  if (hash < test) return 'test';
  return hash < valid ? 'valid' : 'train';
}

/** Hashes below the first are test, then below the second valid. */
export function cuts({valid = 0, test = 0}: {valid?: number; test?: number}): [number, number] {
  const first = bound(test);
  return [first, first + bound(valid)];
}

/** Return the indices of the first test row and the first validation row, of `rows` rows in order. */
export function orderCuts({valid = 0, test = 0}: {valid?: number; test?: number}, rows: number): [number, number] {
  const first = rows - Math.round(test * rows);
  return [first, first - Math.round(valid * rows)];
}
