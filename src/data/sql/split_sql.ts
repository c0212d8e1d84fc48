import {fmix32} from '../../murmur3';
import {PARTS, type Split} from '../../schema/split';
import {bound, cuts} from '../../schema/part_of_row';
import {literal, oneOf} from '../../sql_literals';

/**
 * The part of a row that the value of its split column gives: 0 train, 1 valid, 2 test, NULL left out. Dates of a
 * format are for `datePart`.
 */
export function partOfValue(split: Exclude<Split, {by: 'fraction' | 'order'}>, value: string): string {
  if (split.by === 'time') {
    const x = typeof (split.validFrom ?? split.testFrom) === 'number' ? `TRY_CAST(${value} AS DOUBLE)` : value;
    const from = (cut: string | number | undefined, part: number | null) =>
      cut === undefined ? '' : `WHEN ${x} >= ${typeof cut === 'number' ? cut : literal(cut)} THEN ${part} `;
    const cases = `${from(split.until, null)}${from(split.testFrom, 2)}${from(split.validFrom, 1)}`;
    return `(CASE ${cases}WHEN ${x} IS NOT NULL THEN 0 END)::UTINYINT`;
  }
  if (split.by === 'group') {
    const hash = groupHash(split, value);
    const [afterTest, afterValid] = cuts(split).map(cut => `(${hash} >= ${cut})::INTEGER`);
    // DuckDB computes each copy of an expression in a CASE.
    return `([2, 1, 0][1 + ${afterTest} + ${afterValid}])::UTINYINT`;
  }
  const cases = PARTS.flatMap((part, i) =>
    split[part]?.length ? [`WHEN ${oneOf(value, split[part])} THEN ${i}`] : [],
  );
  return `(CASE ${cases.join(' ')} END)::UTINYINT`;
}

/** A group's hash, uniform below 2^32. */
function groupHash({seed}: {seed: number}, value: string): string {
  return `autofis_murmur3(${value}, ${seed % 2 ** 32})`;
}

/** A group as a number of 32 bits, with its sign. */
export function groupCode(split: {seed: number}, value: string): string {
  return `(${groupHash(split, value)}::BIGINT - ${2 ** 31})::INTEGER`;
}

/**
 * The staged rows with their final `part`: where it is drawn, by a hash of the row's number, which is the column `row`;
 * or by the number itself.
 */
export function withPart(split: Split | undefined, staged: string, row: string): string {
  if (split === undefined) return `(SELECT *, 0::UTINYINT AS part FROM ${staged})`;
  if (split.by === 'fraction') {
    const [test, valid] = cuts(split);
    return (
      `(SELECT *, (CASE WHEN h < ${test} THEN 2 WHEN h < ${valid} THEN 1 ELSE 0 END)::UTINYINT AS part ` +
      `FROM ${hashed(staged, row, split.seed)})`
    );
  }
  if (split.by === 'order') {
    const {valid = 0, test = 0} = split;
    const counted = `(SELECT *, (SELECT count(*) FROM ${staged}) AS n FROM ${staged})`;
    return (
      `(SELECT * EXCLUDE (n, first), (CASE WHEN ${row} >= first THEN 2 WHEN ${row} >= first - round(${valid} * n) ` +
      `THEN 1 ELSE 0 END)::UTINYINT AS part FROM (SELECT *, n - round(${test} * n) AS first FROM ${counted}))`
    );
  }
  if (split.by !== 'column' || split.validOfTrain === undefined) return staged;
  const {fraction, seed} = split.validOfTrain;
  return (
    `(SELECT * REPLACE (CASE WHEN part = 0 AND h < ${bound(fraction)} THEN 1::UTINYINT ELSE part END AS part) ` +
    `FROM ${hashed(staged, row, seed)})`
  );
}

/** A relation with a column h: a hash of the row's number, uniform below 2^32. */
export function hashed(relation: string, row: string, seed: number): string {
  return `(SELECT *, autofis_row_hash(${row}, ${fmix32(seed % 2 ** 32) >>> 0}) AS h FROM ${relation})`;
}
