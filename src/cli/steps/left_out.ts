import type {Prepared} from '../../data/make_shards';
import {PARTS, type Split} from '../../schema/split';
import {counted} from '../../counted';

/** Rows of a table that are in no part. */
export interface LeftOutRows {
  rows: number;
  /** Which ones, after "3 rows". */
  which: string;
}

/** Most values that a split's rows are named by. */
const MOST_VALUES = 5;

/** The rows that `prepare` left out, by the reason for it. */
export function leftOutRows({rejects, leftOut}: Pick<Prepared, 'rejects' | 'leftOut'>, split: Split): LeftOutRows[] {
  return [
    {rows: leftOut.withoutPart, which: withoutPart(split)},
    {rows: leftOut.repeated, which: 'that equal an earlier one'},
    {rows: leftOut.weightless, which: 'of weight 0'},
    {rows: rejects.count, which: 'that cannot be used'},
  ].filter(({rows}) => rows > 0);
}

/** All of them on one line. */
export function leftOutInWords(leftOut: readonly LeftOutRows[]): string {
  return `left out: ${leftOut.map(({rows, which}) => `${counted(rows, 'row')} ${which}`).join('; ')}`;
}

function withoutPart(split: Split): string {
  if (split.by === 'time') {
    const {column, until} = split;
    return until === undefined ? `without a ${column}` : `whose ${column} is missing, or ${until} or later`;
  }
  if (split.by === 'group') return `without a ${split.column}`;
  if (split.by !== 'column' && split.by !== 'file') return 'without a part';
  const values = PARTS.flatMap(part => split[part] ?? []);
  const some = values.length > MOST_VALUES ? [...values.slice(0, MOST_VALUES), 'another part'] : values;
  const names = some.length === 1 ? some[0] : `${some.slice(0, -1).join(', ')} or ${some[some.length - 1]}`;
  return `whose ${split.by === 'column' ? split.column : 'file'} is not ${names}`;
}
