import {AutofisError, show} from '../../errors';
import type {DatePart, DateTimeRule} from '../schema';
import {missingTest, type Outcome, type RuleEncoder, MISSING} from './rule';

/** Ids of each part, without the one for missing. */
export const PART_SIZE: Record<DatePart, number> = {hour: 24, weekday: 7, day: 31, month: 12, weekend: 2};

type Unit = 'Y' | 'y' | 'm' | 'd' | 'H' | 'M' | 'S';
/** What each part needs to be known. */
const NEEDS: Record<DatePart, string> = {hour: 'H', weekday: 'Ymd', day: 'd', month: 'm', weekend: 'Ymd'};
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** A format as a regular expression, each unit one group, in RE2's and JavaScript's common syntax. */
export interface DateFormat {
  pattern: string;
  units: Unit[];
}

/** The pattern and units of ISO 8601, the default. */
export const ISO_FORMAT: DateFormat = {pattern: ISO.source, units: ['Y', 'm', 'd', 'H', 'M', 'S']};

/** Reads a format such as "%y%m%d%H". Throws on an unknown or repeated unit and when `part` cannot be told from it. */
export function dateFormat(where: string, format: string, part: unknown): DateFormat {
  const units: Unit[] = [];
  const pattern = format.replace(/%(.?)|[^%]/gsu, (piece, unit: string | undefined) => {
    if (unit === undefined || unit === '%') return (unit ?? piece).replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
    if (!/^[YymdHMS]$/.test(unit) || units.includes(unit as Unit)) {
      throw new AutofisError(
          `${where}: ${show(piece)} is ${units.includes(unit as Unit) ? 'there twice' : 'no unit'}. ` +
          `Units are %Y %y %m %d %H %M %S and %%. Received: ${show(format)}.`);
    }
    units.push(unit as Unit);
    return unit === 'Y' ? '(\\d{4})' : '(\\d{2})';
  });
  const has = (unit: string) => units.includes(unit as Unit) || (unit === 'Y' && units.includes('y'));
  const absent = [...NEEDS[part as DatePart]].find(unit => !has(unit));
  if (absent !== undefined) {
    throw new AutofisError(`${where}: the part ${show(part)} needs %${absent}, which the format lacks. Received: ${show(format)}.`);
  }
  return {pattern: `^${pattern}$`, units};
}

/**
 * The encoder of one part of a date: 0 for missing, then hour 0-23, weekday (Sunday 0), weekend (0 or 1, Saturday and
 * Sunday), each plus 1; day 1-31 and month 1-12 as they are. The parts are those that are written: no time zone is
 * applied. Absent units count as their least value, the year as 2000. %y is 1969 to 2068. A text that does not match,
 * or that names no day of the calendar or time of the day, is invalid.
 */
export function dateTimeEncoder(rule: DateTimeRule): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  const {pattern, units} = rule.format === undefined ? ISO_FORMAT : dateFormat('dateTime', rule.format, rule.part);
  const expression = new RegExp(pattern, 'u');
  return {
    width: 1,
    encode(value, ids, at): Outcome {
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      const match = typeof value === 'string' ? expression.exec(value) : null;
      const id = match === null ? undefined : partOf(rule.part, units, match);
      if (id === undefined) return 'invalid';
      ids[at] = id;
      return 'known';
    },
  };
}

function partOf(part: DatePart, units: readonly Unit[], match: readonly string[]): number | undefined {
  let year = 2000, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  units.forEach((unit, i) => {
    const text = match[i + 1];
    if (text === undefined) return;
    const number = Number(text);
    if (unit === 'Y') year = number;
    else if (unit === 'y') year = number + (number > 68 ? 1900 : 2000);
    else if (unit === 'm') month = number;
    else if (unit === 'd') day = number;
    else if (unit === 'H') hour = number;
    else if (unit === 'M') minute = number;
    else second = number;
  });
  const date = new Date(0);
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
  if (part === 'hour') return hour + 1;
  if (part === 'day') return day;
  if (part === 'month') return month;
  const weekday = date.getUTCDay();
  return part === 'weekday' ? weekday + 1 : weekday === 0 || weekday === 6 ? 2 : 1;
}
