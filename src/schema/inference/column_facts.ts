import {compareText} from '../compare_text';
import {countValues, type TextColumn} from '../columns/text_column';
import {parseNumber} from '../rules/numeric';
import type {FieldValue} from '../rules/rule';
import {type CountedValue, type DateFacts, dateFacts, type NearlyDates, nearlyDates} from './date_formats';
import type {FoldCounts} from './compare_readings';
import {type NumberFacts, numberFacts} from './number_facts';
import {type WrittenNumbers, writtenNumbers} from './written_numbers';

/** Words that files write for a missing value instead of leaving it out. */
export const MISSING_WORDS = [
  '?',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '<NA>',
  'NaN',
  'nan',
  'null',
  'NULL',
  'None',
  '\\N',
  '-',
];
const SEPARATORS = ['|', ';', '^', ','];
/** Separators for lists of the table itself: the first one that no item has; the last one is made for that. */
const LIST_SEPARATORS = [',', ...SEPARATORS.slice(0, 3), '\u001f'];
/** Share of numbers, or of dates, from which a column may be meant to be one of them. */
export const NEARLY = 0.95;
/** Share of numbers from which on a column says that it holds numbers. */
export const MOST_NUMBERS = 0.5;
/** An integer without leading zeros. */
const INTEGER = /^-?(0|[1-9]\d*)$/;
/** Most values of a kind that are kept. */
const EXAMPLES = 50;

/** Facts about one column of a sample, whose values are text. */
export interface ColumnFacts {
  name: string;
  rows: number;
  /** Rows with a value. */
  present: number;
  /** Words for missing values that the column holds. */
  missing: string[];
  /** Rows with one of these words. */
  missingRows: number;
  /** Different values. */
  distinct: number;
  /** Rows whose value is a number, and those whose value is an integer without leading zeros. */
  numbers: number;
  integers: number;
  /** The different values that are not numbers, if there are at most 50. */
  words: string[] | null;
  /** Where all values are numbers: what they look like. */
  number?: NumberFacts;
  /** Facts about its numbers, where at least half of the values are numbers. */
  nearlyNumber?: NumberFacts;
  /**
   * Where all values are numbers, row by row: how often the value changes from one row with a value to the next, and
   * falls.
   */
  order?: RowOrder;
  /** Labels of the rows of each value; gathered where it is in doubt how the column's numbers are read. */
  folds?: FoldCounts;
  /**
   * A list of values: what separates them, how many different ones there are, the greatest number in a row, and whether
   * the table itself says that they are lists.
   */
  list: {separator: string; items: number; width: number; isTyped: boolean} | null;
  /** True where its values, or the items of its lists, are objects with keys. */
  isObject: boolean;
  /** Format of its dates and the parts that they give; undefined where it holds none. */
  date: DateFacts | undefined;
  /** Its dates, where it holds other values, too. */
  nearlyDate: NearlyDates | undefined;
  /** Its numbers, where they are written for people. */
  written: WrittenNumbers | undefined;
  /** Words of a value, on average. */
  wordCount: number;
  /** The most frequent values, at most 50, and the rows of each. */
  examples: string[];
  exampleRows: number[];
}

/** Number of times that the value changes from one row to the next, and that it falls. */
export interface RowOrder {
  changes: number;
  falls: number;
}

/** Look at a column in memory. */
export function columnFacts(column: TextColumn): ColumnFacts {
  const {name, codes, values} = column;
  const counts = countValues(column);
  const facts = countedFacts(
    name,
    codes.length,
    values.map((value, i) => ({value, count: counts[i]})),
  );
  return facts.number === undefined ? facts : {...facts, order: rowOrder(column)};
}

function rowOrder({codes, values}: TextColumn): RowOrder {
  const numbers = values.map(value => parseNumber(value) ?? NaN);
  const order = {changes: 0, falls: 0};
  let last = NaN;
  for (const code of codes) {
    const x = code < 0 ? NaN : numbers[code];
    if (Number.isNaN(x)) continue;
    if (x !== last && !Number.isNaN(last)) order.changes++;
    if (x < last) order.falls++;
    last = x;
  }
  return order;
}

/**
 * Look at a column of lists that the table itself holds, by its different values; a text among them is one item.
 * @param isObject Whether the items are objects with keys.
 */
export function listFacts(
  name: string,
  rows: number,
  counted: ReadonlyArray<{value: NonNullable<FieldValue>; count: number}>,
  isObject = false,
): ColumnFacts {
  const lists = counted.map(({value}) => [value].flat().map(item => (isObject ? JSON.stringify(item) : String(item))));
  const items = new Set(lists.flat());
  const separator = LIST_SEPARATORS.find(sign => ![...items].some(item => item.includes(sign))) ?? LIST_SEPARATORS[0];
  const width = lists.reduce((most, {length}) => Math.max(most, length), 0);
  const texts = counted.map(({count}, i) => ({value: lists[i].join(separator), count}));
  return countedFacts(name, rows, texts, {isObject, list: {separator, items: items.size, width, isTyped: true}});
}

/**
 * Look at a column by its different values, none of them empty.
 * @param isObject Whether they, or the items of their lists, are objects with keys.
 * @param list Of values that are lists by their type.
 */
export function countedFacts(
  name: string,
  rows: number,
  counted: readonly CountedValue[],
  {isObject = false, list}: {isObject?: boolean; list?: ColumnFacts['list']} = {},
): ColumnFacts {
  const absent = counted.filter(({value}) => MISSING_WORDS.includes(value));
  const missing = absent.map(({value}) => value).sort(compareText);
  const values = counted
    .filter(({value}) => !missing.includes(value))
    .sort((a, b) => b.count - a.count || compareText(a.value, b.value));
  const rowsWith = (holds: (value: string) => boolean) =>
    values.reduce((sum, {value, count}) => sum + (holds(value) ? count : 0), 0);
  const present = rowsWith(() => true);
  const numbers = rowsWith(value => parseNumber(value) !== undefined);
  const words = values.filter(({value}) => parseNumber(value) === undefined).map(({value}) => value);
  const isTyped = list !== undefined || isObject;
  const date = isTyped ? undefined : dateFacts(name, values);
  const isNumber = numbers === present && !isTyped;
  const wordCount = values.reduce((sum, {value, count}) => sum + value.split(/\s+/).length * count, 0);
  return {
    name,
    rows,
    present,
    missing,
    missingRows: absent.reduce((sum, {count}) => sum + count, 0),
    distinct: values.length,
    numbers,
    integers: rowsWith(value => INTEGER.test(value)),
    date,
    nearlyDate: isNumber || isTyped || date !== undefined ? undefined : nearlyDates(name, values),
    written: isNumber || isTyped ? undefined : writtenNumbers(values, present),
    words: words.length <= EXAMPLES ? words : null,
    number: isNumber ? numberFacts(values) : undefined,
    nearlyNumber:
      isNumber || isTyped || numbers < MOST_NUMBERS * present
        ? undefined
        : numberFacts(values.filter(({value}) => parseNumber(value) !== undefined)),
    list: list ?? (isNumber || date !== undefined || isObject ? null : listOf(values, present)),
    isObject,
    wordCount: present === 0 ? 0 : wordCount / present,
    examples: values.slice(0, EXAMPLES).map(({value}) => value),
    exampleRows: values.slice(0, EXAMPLES).map(({count}) => count),
  };
}

/** A list if a twentieth of the values hold the separator and there are fewer items than values. */
function listOf(values: readonly CountedValue[], present: number): ColumnFacts['list'] {
  const separated = SEPARATORS.map(separator =>
    values.reduce((sum, {value, count}) => sum + (value.includes(separator) ? count : 0), 0),
  );
  const best = separated.indexOf(Math.max(...separated));
  if (present === 0 || separated[best] < present / 20) return null;
  const found = listBy(SEPARATORS[best], values);
  return found.items < values.length ? {...found, isTyped: false} : null;
}

function listBy(separator: string, values: readonly CountedValue[]): Omit<NonNullable<ColumnFacts['list']>, 'isTyped'> {
  const items = new Set<string>();
  let width = 0;
  for (const {value} of values) {
    const own = value.split(separator);
    own.forEach(item => items.add(item));
    width = Math.max(width, own.length);
  }
  return {separator, items: items.size, width};
}
