import {show} from '../../errors';
import {counted} from '../../counted';
import type {Reading} from './assumption';
import {type ColumnFacts, MOST_NUMBERS, NEARLY} from './column_facts';
import type {DateFacts} from './date_formats';
import {BIN_EACH, idOrQuantity} from './id_or_quantity';

/** Most different values that a reading may take for missing. */
const MOST_WORDS = 50;
/** So few different words may be in more rows, as a bound of detection is. */
const FEW_WORDS = 5;
/** Words that messages list. */
const SHOWN = 5;

interface Meant {
  reading: 'date' | 'number';
  why: string;
}

/**
 * Return the reading that nearly all values of a column fit: date or number. The few others would be missing. Undefined
 * where all fit, or too many do not.
 *
 * @param share Least share of the values that are numbers.
 */
export function nearly({present, numbers, words, nearlyDate}: ColumnFacts, share = NEARLY): Meant | undefined {
  const why = (others: number, [word]: readonly string[], what: string) =>
    others === 1
      ? `1 of its ${present} values, ${show(word)}, is not a ${what}`
      : `${others} of its ${present} values, such as ${show(word)}, are not ${what}s`;
  if (nearlyDate !== undefined && nearlyDate.rows <= (1 - NEARLY) * present && nearlyDate.words.length <= MOST_WORDS)
    return {reading: 'date', why: why(nearlyDate.rows, nearlyDate.words, 'date')};
  return numbers < present && numbers >= share * present && words !== null
    ? {reading: 'number', why: why(present - numbers, words, 'number')}
    : undefined;
}

/** The dates of a column, all its values or nearly all. */
export function datesIn(facts: ColumnFacts): DateFacts | undefined {
  return facts.date ?? (nearly(facts)?.reading === 'date' ? facts.nearlyDate!.date : undefined);
}

/** Return the reading of `nearly`, unless codes or names can be meant. */
export function surelyMeant(facts: ColumnFacts): Meant | undefined {
  const {isObject, list, written, nearlyDate, nearlyNumber, words} = facts;
  const near = nearly(facts, words !== null && words.length <= FEW_WORDS ? MOST_NUMBERS : NEARLY);
  if (near === undefined || isObject || list !== null || written !== undefined || nearlyDate?.forms !== undefined)
    return undefined;
  if (near.reading === 'date') return near;
  // Of fewer numbers each has a bin of its own; as a category so has each word.
  if (nearlyNumber === undefined || nearlyNumber.distinct <= BIN_EACH || words!.some(isCode)) return undefined;
  const {reading, doubt} = idOrQuantity({...facts, distinct: nearlyNumber.distinct}, nearlyNumber);
  return reading === 'number' && doubt !== 'reading' ? near : undefined;
}

/** Letters and digits in one word, such as 12a; not a bound such as <0.5. */
function isCode(word: string): boolean {
  return /^[\p{L}\d_-]*$/u.test(word) && /\d/.test(word);
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

/** Describe the words of `missingWords` as the end of a sentence; empty without such words. */
export function missingText(facts: ColumnFacts, reading: Reading): string {
  const {words, rows} = missingWords(facts, reading);
  if (words.length === 0) return '';
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return (
    `; ${words.slice(0, SHOWN).map(show).join(', ')}${more} ${words.length === 1 ? 'counts' : 'count'} as missing, ` +
    `in ${counted(rows, 'row')}`
  );
}
