import {bound, cuts, fmix32, GOLDEN, PARTS, type Split} from '../schema/split';
import {literal} from './duckdb';

/**
 * The rows of `relation` with a column `part`: 0 train, 1 valid, 2 test, NULL left out. `value` is the column that holds
 * the split column as text, `row` the one that holds the number of the row.
 */
export function partRelation(split: Split | undefined, relation: string, value: string, row: string): string {
  if (split === undefined) return `(SELECT *, 0 AS part FROM ${relation})`;
  switch (split.by) {
    case 'column': case 'file': {
      const cases = PARTS.flatMap((part, i) => split[part]?.length ? [`WHEN ${value} IN (${split[part].map(literal).join(', ')}) THEN ${i}`] : []);
      const part = `CASE ${cases.join(' ')} END`;
      if (split.by === 'file' || split.validOfTrain === undefined) return `(SELECT *, ${part} AS part FROM ${relation})`;
      const {fraction, seed} = split.validOfTrain;
      return `(SELECT *, CASE WHEN ${part} = 0 AND h < ${bound(fraction)} THEN 1 ELSE ${part} END AS part FROM ${hashed(relation, row, seed)})`;
    }
    case 'time': {
      const x = typeof (split.validFrom ?? split.testFrom) === 'number' ? `TRY_CAST(${value} AS DOUBLE)` : value;
      const from = (cut: string | number | undefined, part: number) => cut === undefined ? '' :
        `WHEN ${x} >= ${typeof cut === 'number' ? cut : literal(cut)} THEN ${part} `;
      return `(SELECT *, CASE ${from(split.testFrom, 2)}${from(split.validFrom, 1)}WHEN ${x} IS NOT NULL THEN 0 END AS part FROM ${relation})`;
    }
    case 'fraction': {
      const [test, valid] = cuts(split);
      const rows = hashed(relation, row, split.seed);
      return `(SELECT *, CASE WHEN h < ${test} THEN 2 WHEN h < ${valid} THEN 1 ELSE 0 END AS part FROM ${rows})`;
    }
  }
}

/** A relation with a column h: a hash of the row's number, uniform below 2^32. */
function hashed(relation: string, row: string, seed: number): string {
  // Each step of fmix32 reads the last one's column, so that it is computed once.
  const start = `(SELECT *, ((${row} * ${GOLDEN} + ${fmix32(seed % 2 ** 32)}) & 4294967295)::UBIGINT AS h0 FROM ${relation})`;
  const first = `(SELECT *, (xor(h0, h0 >> 16) * ${0x85ebca6b}) & 4294967295 AS h1 FROM ${start})`;
  const second = `(SELECT *, (xor(h1, h1 >> 13) * ${0xc2b2ae35}) & 4294967295 AS h2 FROM ${first})`;
  return `(SELECT *, xor(h2, h2 >> 16) AS h FROM ${second})`;
}
