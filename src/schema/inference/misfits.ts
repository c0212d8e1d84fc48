import {show} from '../../errors';
import {counted} from '../../counted';
import type {Reading} from './assumption';
import type {ColumnFacts} from './column_facts';

/** Share of numbers, or of dates, from which a column may be meant to be one of them. */
const NEARLY = 0.95;
/** Most different values that a reading may take for missing. */
const MOST_WORDS = 50;
/** Words that messages list. */
const SHOWN = 5;

/** What a column nearly is: all values but a few are dates or numbers, and these few would be missing. */
export function nearly({
  present,
  numbers,
  words,
  nearlyDate,
}: ColumnFacts): {reading: 'date' | 'number'; why: string} | undefined {
  const why = (others: number, [word]: readonly string[], what: string) =>
    others === 1
      ? `1 of its ${present} values, ${show(word)}, is not a ${what}`
      : `${others} of its ${present} values, such as ${show(word)}, are not ${what}s`;
  if (nearlyDate !== undefined && nearlyDate.rows <= (1 - NEARLY) * present && nearlyDate.words.length <= MOST_WORDS)
    return {reading: 'date', why: why(nearlyDate.rows, nearlyDate.words, 'date')};
  return numbers < present && numbers >= NEARLY * present && words !== null
    ? {reading: 'number', why: why(present - numbers, words, 'number')}
    : undefined;
}

/** The words that count as missing in a reading of a column, and the rows that hold one. */
export function missingWords(facts: ColumnFacts, reading: Reading): {words: string[]; rows: number} {
  const {missing, missingRows, words, numbers, present, date, nearlyDate} = facts;
  const also = (more: readonly string[], rows: number) => ({words: [...missing, ...more], rows: missingRows + rows});
  if (reading === 'number' || reading === 'both') return also(words ?? [], present - numbers);
  if (reading === 'date' && date === undefined && nearlyDate !== undefined)
    return also(nearlyDate.words, nearlyDate.rows);
  return also([], 0);
}

/** The same as the end of a sentence, empty without such words. */
export function missingText(facts: ColumnFacts, reading: Reading): string {
  const {words, rows} = missingWords(facts, reading);
  if (words.length === 0) return '';
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return (
    `; ${words.slice(0, SHOWN).map(show).join(', ')}${more} ${words.length === 1 ? 'counts' : 'count'} as missing, ` +
    `in ${counted(rows, 'row')}`
  );
}
