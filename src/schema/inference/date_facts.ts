import {dateFormat} from '../rules/date_format';
import {datePartReader} from '../rules/date_reader';
import type {DatePart} from '../schema';
import {type CountedValue, MOST_OTHERS, type Others, othersOf} from './counted_value';
import {isNamedAsId} from './name_words';

/** Facts about the dates of a column. */
export interface DateFacts extends Others {
  /** Null for ISO 8601. */
  format: string | null;
  /** Another format that fits as well: no value distinguishes month and day. */
  otherFormat?: string;
  /** Parts that differ between the dates, of hour, weekday and month. */
  parts: DatePart[];
  /** True if they are days, and not only times of a day. */
  hasDay: boolean;
}

const PARTS: readonly DatePart[] = ['hour', 'weekday', 'month'];
const MONTH_FIRST = '%-m/%-d/%Y';
const DAYS = ['%Y-%-m-%-d', '%Y/%-m/%-d', MONTH_FIRST, '%-d/%-m/%Y', '%-d.%-m.%Y'];
const CLOCKS = ['%-H:%M', '%-H:%M:%S', '%-I:%M %p'];
/** Formats of text; null is ISO 8601. Where several fit equally well, the first counts. */
const FORMATS = [null, ...DAYS, ...CLOCKS, ...DAYS.flatMap(day => CLOCKS.map(clock => `${day} ${clock}`))];
/** Formats of digits alone, with the digits of our time: days, hours, seconds and milliseconds since 1970. */
const DIGITS: ReadonlyArray<readonly [format: string, digits: RegExp]> = [
  ['%Y%m%d', /^(19|20)\d{6}$/],
  ['%y%m%d%H', /^[0-3]\d{7}$/],
  ['%s', /^1\d{9}$/],
  ['%Q', /^1\d{12}$/],
];

/** Look at the dates among values; undefined where they have no known format, or more than 50 values another. */
export function dateFacts(name: string, values: readonly CountedValue[]): DateFacts | undefined {
  const forms = [
    ...FORMATS.map(format => ({format, isDate: dateTest(format)})),
    ...(isNamedAsId(name) ? [] : DIGITS).map(([format, digits]) => {
      const isDate = dateTest(format);
      return {format, isDate: (value: string) => digits.test(value) && isDate(value)};
    }),
  ];
  // Among the first 51 different values of a column of dates is one.
  const first = values.slice(0, MOST_OTHERS + 1);
  const [best, second] = forms
    .filter(({isDate}) => first.some(({value}) => isDate(value)))
    .flatMap(({format, isDate}) => {
      const others = othersOf(values, isDate);
      return others === undefined ? [] : [{format, isDate, ...others}];
    })
    .sort((a, b) => a.rows - b.rows);
  if (best === undefined) return undefined;
  const {format, isDate, words, rows} = best;
  const dates = values.filter(({value}) => isDate(value)).map(({value}) => value);
  const parts = partsOf(format);
  return {
    format,
    ...(format?.startsWith(MONTH_FIRST) === true && second?.rows === rows ? {otherFormat: second.format!} : {}),
    parts: parts.filter(part => differs(format, part, dates)),
    hasDay: parts.includes('weekday'),
    words,
    rows,
  };
}

/** Parts of a date that a format determines, of hour, weekday and month. */
export function partsOf(format: string | null): readonly DatePart[] {
  return format === null ? PARTS : PARTS.filter(part => determines(format, part));
}

function determines(format: string, part: DatePart): boolean {
  try {
    dateFormat('date', format, part);
    return true;
  } catch {
    return false;
  }
}

function dateTest(format: string | null): (value: string) => boolean {
  const read = datePartReader(format ?? undefined, partsOf(format)[0]);
  return value => read(value) !== undefined;
}

function differs(format: string | null, part: DatePart, dates: readonly string[]): boolean {
  const read = datePartReader(format ?? undefined, part);
  const first = read(dates[0]);
  return dates.some(value => read(value) !== first);
}
