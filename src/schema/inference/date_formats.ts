import {dateTimeEncoder} from '../rules/date_time';
import type {DatePart, DateTimeRule} from '../schema';
import {suggestedFormats} from './suggested_formats';

/** A value, and how many rows have it. */
export interface CountedValue {
  value: string;
  count: number;
}

/** Format of a column's dates, and the parts that they give. */
export interface DateFacts {
  /** Null for ISO 8601. */
  format: string | null;
  /** Another format that fits as well: no value distinguishes month and day. */
  otherFormat?: string;
  /** Parts that the dates give, of hour, weekday and month. */
  parts: DatePart[];
  /** Different months, counted up to three. */
  months: number;
}

/** Dates of one form among other values. */
export interface NearlyDates {
  /** Facts about the dates. */
  date: DateFacts;
  /** Rows with another value. */
  rows: number;
  /** The other values, the most frequent first. */
  words: string[];
  /** Several forms that nearly all rows have together, where none is in that many. */
  forms?: DateForm[];
}

/** A form of dates, and a value of it. */
export interface DateForm {
  format: string;
  example: string;
}

const PARTS: readonly DatePart[] = ['hour', 'weekday', 'month'];
/** Years that a person's dates have, as far as digits alone do not show them. */
const LEAST_YEAR = 1900;
const GREATEST_YEAR = 2100;
/** Values that are looked at first, and the share of dates that makes a look at all worth while. */
const LOOKED_AT = 1000;
const LIKELY = 0.1;
/** Most forms of dates in a column, and the share of rows that may have none of them. */
const MOST_FORMS = 4;
const FEW = 0.05;
/** Months are counted up to here. */
const SEVERAL_MONTHS = 3;
/** Seconds since 1970 of the years 2000 to 2035. */
const LEAST_TIME = 946_684_800;
const GREATEST_TIME = 2_051_222_400;

/** The format of a column's dates, in which every value is a date; undefined if there is none. */
export function dateFacts(name: string, values: readonly CountedValue[]): DateFacts | undefined {
  if (values.length < 2) return undefined;
  const candidates = suggestedFormats(name, values[0].value).filter(format => {
    const isDate = dateTest(format);
    return isDate !== undefined && values.every(({value}) => isDate(value));
  });
  if (candidates.length === 0) return undefined;
  const [format, otherFormat] = candidates;
  return factsOf(format, otherFormat, values);
}

/** The form that most rows of a column share, which is not one of dates throughout; undefined if none is a date. */
export function nearlyDates(name: string, values: readonly CountedValue[]): NearlyDates | undefined {
  const best = values.length < 2 ? undefined : bestForm(values, value => suggestedFormats(name, value));
  if (best === undefined) return undefined;
  const {format, rows, others} = best;
  const dates = values.filter(each => !others.includes(each));
  const forms = rows > FEW * rowsOf(values) ? dateForms(name, values) : undefined;
  return {date: factsOf(format, undefined, dates), rows, words: others.map(({value}) => value), forms};
}

/** The form of most rows; `rows` have one of the `others`. Undefined where none is a date. */
function bestForm<F extends string | null>(
  values: readonly CountedValue[],
  suggested: (value: string) => F[],
): {format: F; rows: number; others: CountedValue[]} | undefined {
  // One of these is a date if most values are, whichever come first.
  const likely = [0, values.length >> 1, values.length - 1].map(i => values[i].value);
  let best: {format: F; rows: number; others: CountedValue[]} | undefined;
  for (const format of new Set(likely.flatMap(suggested))) {
    const isDate = dateTest(format);
    if (isDate === undefined || !isLikely(isDate, values)) continue;
    const others = values.filter(({value}) => !isDate(value));
    const rows = rowsOf(others);
    if (others.length < values.length && (best === undefined || rows < best.rows)) best = {format, rows, others};
  }
  return best;
}

/** Forms that nearly all rows have together; undefined where there are fewer than two. */
function dateForms(name: string, values: readonly CountedValue[]): DateForm[] | undefined {
  const few = FEW * rowsOf(values);
  const forms: DateForm[] = [];
  let rest = values;
  while (rowsOf(rest) > few) {
    const best = bestForm(rest, value => suggestedFormats(name, value).filter(format => format !== null));
    if (best === undefined || forms.length === MOST_FORMS || rowsOf(rest) - best.rows <= few) return undefined;
    forms.push({format: best.format, example: rest.find(each => !best.others.includes(each))!.value});
    rest = best.others;
  }
  return forms.length < 2 ? undefined : forms;
}

function rowsOf(values: readonly CountedValue[]): number {
  return values.reduce((sum, {count}) => sum + count, 0);
}

/** Tell whether enough values of a sample are dates. Testing all values takes long where there are many. */
function isLikely(isDate: (value: string) => boolean, values: readonly CountedValue[]): boolean {
  const step = Math.ceil(values.length / LOOKED_AT);
  const some = values.filter((_, i) => i % step === 0);
  return some.filter(({value}) => isDate(value)).length >= LIKELY * some.length;
}

function factsOf(
  format: string | null,
  otherFormat: string | null | undefined,
  values: readonly CountedValue[],
): DateFacts {
  const told = partsOf(format);
  const hasTime = told.includes('hour') && (format !== null || values.some(({value}) => value.includes(':')));
  return {
    format,
    ...(format === null || otherFormat == null ? {} : {otherFormat}),
    parts: told.filter(part => part !== 'hour' || hasTime),
    months: told.includes('month') ? differentMonths(format, values) : 0,
  };
}

function ruleOf(format: string | null, part: DatePart): DateTimeRule {
  return {type: 'dateTime', name: '', column: '', part, ...(format === null ? {} : {format})};
}

/**
 * Return a test for dates in a format; undefined where the format has no part. Dates of digits alone must be of our
 * time.
 */
function dateTest(format: string | null): ((value: string) => boolean) | undefined {
  const part = partsOf(format)[0];
  if (part === undefined) return undefined;
  const encoder = dateTimeEncoder(ruleOf(format, part));
  const id = new Int32Array(1);
  return value => isOfOurTime(format, value) && encoder.encode(value, id, 0) === 'known';
}

function isOfOurTime(format: string | null, value: string): boolean {
  if (format === '%s' || format === '%Q') {
    const seconds = Number(value) / (format === '%s' ? 1 : 1000);
    return seconds >= LEAST_TIME && seconds <= GREATEST_TIME;
  }
  if (format === null || !format.startsWith('%Y%m')) return true;
  const year = Number(value.slice(0, 4));
  return year >= LEAST_YEAR && year <= GREATEST_YEAR;
}

/** The parts that a format contains. */
function partsOf(format: string | null): readonly DatePart[] {
  if (format === null || format === '%s' || format === '%Q') return PARTS;
  const hasDay = /%-?d/.test(format);
  const hasTime = /%-?[HI]/.test(format);
  return PARTS.filter(part => (part === 'hour' ? hasTime : hasDay));
}

function differentMonths(format: string | null, values: readonly CountedValue[]): number {
  const encoder = dateTimeEncoder(ruleOf(format, 'month'));
  const id = new Int32Array(1);
  const found = new Set<number>();
  for (const {value} of values) {
    encoder.encode(value, id, 0);
    found.add(id[0]);
    if (found.size === SEVERAL_MONTHS) break;
  }
  return found.size;
}
