import {AutofisError, show} from '../../errors';
import {MONTHS} from '../calendar';
import type {DatePart, DateTimeRule} from '../schema';
import {missingTest, type Outcome, type RuleEncoder, MISSING} from './rule';

/** Ids of each part, without the one for missing. */
export const PART_SIZE: Record<DatePart, number> = {hour: 24, weekday: 7, day: 31, month: 12, weekend: 2};

type Unit = 'Y' | 'y' | 'm' | 'b' | 'd' | 'H' | 'I' | 'p' | 'M' | 'S' | 'f' | 'z' | 's' | 'Q';
/** What each part needs to be known. */
export const DATE_NEEDS: Record<DatePart, string> = {hour: 'H', weekday: 'Ymd', day: 'd', month: 'm', weekend: 'Ymd'};
const ZONE = '(?:Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)';
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** The text of each unit, one group where its value counts. */
export const DATE_UNITS: Record<Unit, string> = {
  Y: '(\\d{4})',
  y: '(\\d{2})',
  m: '(\\d{2})',
  b: '([A-Za-z]{3,9})',
  d: '(\\d{2})',
  H: '(\\d{2})',
  I: '(\\d{2})',
  p: '([AaPp][Mm])',
  M: '(\\d{2})',
  S: '(\\d{2})',
  f: '\\d{1,9}',
  z: ZONE,
  s: '(\\d{1,11})(?:\\.\\d+)?',
  Q: '(\\d{1,14})',
};
/** Units that may be written without a leading zero, after a minus. */
export const SHORT_UNITS = 'mdHIMS';

/** A format as a regular expression, each unit one group, in RE2's and JavaScript's common syntax. */
export interface DateFormat {
  pattern: string;
  units: Unit[];
}

/** The pattern and units of ISO 8601, the default. */
export const ISO_FORMAT: DateFormat = {pattern: ISO.source, units: ['Y', 'm', 'd', 'H', 'M', 'S']};

/**
 * Read a format such as "%y%m%d%H".
 * @throws AutofisError on an unknown or repeated unit and when `part` cannot be told from it.
 */
export function dateFormat(where: string, format: string, part: unknown): DateFormat {
  const units: Unit[] = [];
  const pattern = format.replace(/%(-?)(.?)|[^%]/gsu, (piece, short: string | undefined, name: string | undefined) => {
    if (name === undefined || piece === '%%') return (name ?? piece).replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
    const unit = name as Unit;
    const isKnown = Object.hasOwn(DATE_UNITS, name) && (short === '' || SHORT_UNITS.includes(name));
    if (!isKnown || units.includes(unit)) {
      throw new AutofisError(
        `${where}: ${show(piece)} is ${isKnown ? 'there twice' : 'no unit'}. ` +
          'Units are %Y %y %m %b %d %H %I %p %M %S %f %z %s %Q and %%, ' +
          `and %-m %-d %-H %-I %-M %-S without leading zeros. Received: ${show(format)}.`,
      );
    }
    units.push(unit);
    return short === '' ? DATE_UNITS[unit] : '(\\d{1,2})';
  });
  const absent = [...DATE_NEEDS[part as DatePart]].find(unit => !isTold(unit as Unit, units));
  if (absent !== undefined) {
    throw new AutofisError(
      `${where}: the part ${show(part)} needs %${absent}, which the format lacks. Received: ${show(format)}.`,
    );
  }
  return {pattern: `^${pattern}$`, units: units.filter(unit => DATE_UNITS[unit].startsWith('('))};
}

/** Whether the units of a format tell another one. */
function isTold(unit: Unit, units: readonly Unit[]): boolean {
  const has = (other: Unit) => units.includes(other);
  if (has(unit) || has('s') || has('Q')) return true;
  if (unit === 'Y') return has('y');
  if (unit === 'm') return has('b');
  return unit === 'H' && has('I') && has('p');
}

/**
 * The encoder of one part of a date: 0 for missing, then hour 0-23, weekday (Sunday 0), weekend (0 or 1, Saturday and
 * Sunday), each plus 1; day 1-31 and month 1-12 as they are, all by {@link dateReader}. A text that is not such a date
 * is invalid.
 */
export function dateTimeEncoder(rule: DateTimeRule): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  const read = readerOf(rule.format === undefined ? ISO_FORMAT : dateFormat('dateTime', rule.format, rule.part));
  return {
    width: 1,
    encode(value, ids, at): Outcome {
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      const time = typeof value === 'string' ? read(value) : undefined;
      if (time === undefined) return 'invalid';
      ids[at] = partOf(rule.part, new Date(time));
      return 'known';
    },
  };
}

/**
 * Read dates of a format, undefined for ISO 8601, as milliseconds since 1970. They are read as they are written: no
 * time zone is applied; %s and %Q are read as UTC. Absent units count as their least value, the year as 2000. %y is
 * 1969 to 2068. A text that does not match, or that names no day of the calendar or time of the day, gives undefined.
 */
export function dateReader(where: string, format?: string): (text: string) => number | undefined {
  return readerOf(format === undefined ? ISO_FORMAT : dateFormat(where, format, 'weekday'));
}

function readerOf({pattern, units}: DateFormat): (text: string) => number | undefined {
  const expression = new RegExp(pattern, 'u');
  return text => {
    const match = expression.exec(text);
    return match === null ? undefined : timeOf(units, match);
  };
}

function timeOf(units: readonly Unit[], match: readonly string[]): number | undefined {
  let year = 2000;
  let month = 1;
  let day = 1;
  let hour = 0;
  let minute = 0;
  let second = 0;
  let half: number | undefined;
  let isTwelve = false;
  let instant: number | undefined;
  units.forEach((unit, i) => {
    const text = match[i + 1];
    if (text === undefined) return;
    const number = Number(text);
    switch (unit) {
      case 'Y':
        year = number;
        break;
      case 'y':
        year = number + (number > 68 ? 1900 : 2000);
        break;
      case 'm':
        month = number;
        break;
      case 'b':
        month = monthOf(text);
        break;
      case 'd':
        day = number;
        break;
      case 'H':
        hour = number;
        break;
      case 'I':
        hour = number;
        isTwelve = true;
        break;
      case 'p':
        half = /^p/i.test(text) ? 12 : 0;
        break;
      case 'M':
        minute = number;
        break;
      case 'S':
        second = number;
        break;
      case 's':
        instant = number * 1000;
        break;
      case 'Q':
        instant = number;
        break;
    }
  });
  if (isTwelve && (hour < 1 || hour > 12)) return undefined;
  if (instant !== undefined) return instant;
  if (half !== undefined && hour <= 12) hour = (hour % 12) + half;
  const date = new Date(0);
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const isWrong = date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day;
  if (isWrong || hour > 23 || minute > 59 || second > 59) return undefined;
  return date.setUTCHours(hour, minute, second);
}

function partOf(part: DatePart, date: Date): number {
  switch (part) {
    case 'hour':
      return date.getUTCHours() + 1;
    case 'day':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'weekday':
      return date.getUTCDay() + 1;
    case 'weekend':
      return date.getUTCDay() % 6 === 0 ? 2 : 1;
  }
}

/** The month of an English name or its first letters, at least three; 0 for none. */
function monthOf(text: string): number {
  return 1 + MONTHS.findIndex(name => name.toLowerCase().startsWith(text.toLowerCase()));
}
