import {compareText} from '../compare_text';
import {countValues, type TextColumn} from '../columns/text_column';
import {dateTimeEncoder} from '../rules/date_time';
import {parseNumber} from '../rules/numeric';

/** How files write a missing value, besides leaving it out. */
const MISSING_WORDS = ['?', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', '\\N', '-'];
const SEPARATORS = ['|', ';', '^', ','];
/** Formats of dates, null for ISO 8601, each with the pattern of its text. */
const DATES: ReadonlyArray<readonly [format: string | null, pattern: string]> = [
  [null, '\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?)?Z?'],
  ['%y%m%d%H', '\\d{8}'],
];
/** An integer without leading zeros. */
const INTEGER = '-?(0|[1-9]\\d*)';
/** Most frequent values that are kept as examples. */
const EXAMPLES = 50;

/** What the rows of a sample say about one column, as text. */
export interface ColumnFacts {
  name: string;
  rows: number;
  /** Rows with a value. */
  present: number;
  /** Words for missing values that the column holds. */
  missing: string[];
  /** Different values. */
  distinct: number;
  /** Rows whose value is a number, and those whose value is an integer without leading zeros. */
  numbers: number;
  integers: number;
  /** A list of values: what parts them, how many different ones there are, and the greatest number in a row. */
  list: {separator: string, items: number, width: number} | null;
  /** The format of its dates, null for ISO 8601; undefined where it holds none. */
  date: string | null | undefined;
  /** Whether its dates have a time. */
  time: boolean;
  /** The most frequent values, at most 50. */
  examples: string[];
}

/** A value, and how many rows have it. */
export interface CountedValue {
  value: string;
  count: number;
}

/** Looks at a column in memory. */
export function columnFacts(column: TextColumn): ColumnFacts {
  const {name, codes, values} = column, counts = countValues(column);
  return countedFacts(name, codes.length, values.map((value, i) => ({value, count: counts[i]})));
}

/** Looks at a column by its different values, none of them empty. */
export function countedFacts(name: string, rows: number, counted: readonly CountedValue[]): ColumnFacts {
  const missing = counted.map(({value}) => value).filter(value => MISSING_WORDS.includes(value)).sort(compareText);
  const values = counted.filter(({value}) => !missing.includes(value));
  const rowsWith = (holds: (value: string) => boolean) => values.reduce((sum, {value, count}) => sum + (holds(value) ? count : 0), 0);
  const present = rowsWith(() => true), numbers = rowsWith(value => parseNumber(value) !== undefined);
  const date = present === 0 ? undefined : DATES.find(each => rowsWith(dateTest(each)) === present)?.[0];
  const integer = new RegExp(`^${INTEGER}$`);
  return {
    name, rows, present, missing, distinct: values.length, numbers, integers: rowsWith(value => integer.test(value)), date,
    time: date !== null || rowsWith(value => value.includes(':')) > 0,
    list: numbers === present || date !== undefined ? null : listOf(values, present),
    examples: [...values].sort((a, b) => b.count - a.count || compareText(a.value, b.value)).slice(0, EXAMPLES).map(({value}) => value),
  };
}

function dateTest([format, pattern]: typeof DATES[number]): (value: string) => boolean {
  const whole = new RegExp(`^${pattern}$`);
  if (format === null) return value => whole.test(value);
  const encoder = dateTimeEncoder({type: 'dateTime', name: '', column: '', format, part: 'hour'}), id = new Int32Array(1);
  return value => encoder.encode(value, id, 0) === 'known';
}

/** A list if a twentieth of the values hold the separator and there are fewer items than values. */
function listOf(values: readonly CountedValue[], present: number): ColumnFacts['list'] {
  const separated = SEPARATORS.map(separator => values.reduce((sum, {value, count}) => sum + (value.includes(separator) ? count : 0), 0));
  const best = separated.indexOf(Math.max(...separated));
  if (present === 0 || separated[best] < present / 20) return null;
  const separator = SEPARATORS[best], items = new Set<string>();
  let width = 0;
  for (const {value} of values) {
    const own = value.split(separator);
    own.forEach(item => items.add(item));
    width = Math.max(width, own.length);
  }
  return items.size < values.length ? {separator, items: items.size, width} : null;
}
