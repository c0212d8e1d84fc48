import {compareText} from '../compare_text';
import {countValues, type TextColumn} from '../columns/text_column';
import type {FieldValue} from '../rules/rule';
import {type CountedValue, type NumberFacts, numberFacts} from './counted_value';
import {type DateFacts, dateFacts} from './date_facts';

/** Words that files write for a missing value instead of leaving it out. */
export const MISSING_WORDS = '? NA N/A n/a #N/A <NA> NaN nan null NULL None \\N -'.split(' ');
const SEPARATORS = ['|', ';', '^', ','];
/** Separators for lists of the table itself: the first one that no item has; the last one is made for that. */
const LIST_SEPARATORS = [',', ...SEPARATORS.slice(0, 3), '\u001f'];
/** Share of the rows with a separator from which on a column of text may hold lists. */
const LISTS = 0.05;
/** Most values that are listed. */
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
  /** Its numbers, and the values beside them; undefined without numbers, or with more than 50 different others. */
  number: NumberFacts | undefined;
  /** Its dates, and the values beside them, as of numbers. */
  date: DateFacts | undefined;
  /**
   * A list of values: what separates them, the greatest number in a row, and whether the table itself says that they
   * are lists.
   */
  list: {separator: string; width: number; isTyped: boolean} | undefined;
  /** True where its values, or the items of its lists, are objects with keys. */
  isObject: boolean;
  /** The most frequent values, at most 50, and the rows of each. */
  examples: string[];
  exampleRows: number[];
}

/** Look at a column in memory. */
export function columnFacts(column: TextColumn): ColumnFacts {
  const counts = countValues(column);
  return countedFacts(
    column.name,
    column.codes.length,
    column.values.map((value, i) => ({value, count: counts[i]})),
  );
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
  return countedFacts(name, rows, texts, {isObject, list: {separator, width, isTyped: true}});
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
  const values = counted
    .filter(value => !absent.includes(value))
    .sort((a, b) => b.count - a.count || compareText(a.value, b.value));
  const isText = list === undefined && !isObject;
  return {
    name,
    rows,
    present: rowsOf(values),
    missing: absent.map(({value}) => value).sort(compareText),
    missingRows: rowsOf(absent),
    distinct: values.length,
    number: isText ? numberFacts(values) : undefined,
    date: isText ? dateFacts(name, values) : undefined,
    list: isText ? textLists(values) : list,
    isObject,
    examples: values.slice(0, EXAMPLES).map(({value}) => value),
    exampleRows: values.slice(0, EXAMPLES).map(({count}) => count),
  };
}

/** Look for lists in text: a twentieth of the rows hold the separator, and there are fewer items than values. */
function textLists(values: readonly CountedValue[]): ColumnFacts['list'] {
  const rows = SEPARATORS.map(separator => rowsOf(values.filter(({value}) => value.includes(separator))));
  const most = Math.max(...rows);
  if (most === 0 || most < LISTS * rowsOf(values)) return undefined;
  const separator = SEPARATORS[rows.indexOf(most)];
  const items = new Set<string>();
  let width = 0;
  for (const {value} of values) {
    const split = value.split(separator);
    split.forEach(item => items.add(item));
    width = Math.max(width, split.length);
  }
  return items.size < values.length ? {separator, width, isTyped: false} : undefined;
}

function rowsOf(values: readonly CountedValue[]): number {
  return values.reduce((sum, {count}) => sum + count, 0);
}
