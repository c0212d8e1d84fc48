import {MONTHS} from '../calendar';
import type {DatePart} from '../schema';
import {type DateFormat, dateFormat, ISO_FORMAT, type Unit} from './date_format';

/** Units of a time, as a text without them has them. */
const ABSENT = {
  year: 2000,
  month: 1,
  day: 1,
  hour: 0,
  minute: 0,
  second: 0,
  /** 12 after noon, 0 before it, by %p. */
  half: undefined as number | undefined,
  instant: undefined as number | undefined,
};

/** Keys that the units of a format set, and readers of their numbers. */
const SETS: {readonly [unit in Unit]?: {key: keyof typeof ABSENT; read(text: string): number}} = {
  Y: {key: 'year', read: Number},
  y: {key: 'year', read: text => Number(text) + (Number(text) > 68 ? 1900 : 2000)},
  m: {key: 'month', read: Number},
  // A month's English name or its first letters; 0 for none.
  b: {key: 'month', read: text => 1 + MONTHS.findIndex(name => name.toLowerCase().startsWith(text.toLowerCase()))},
  d: {key: 'day', read: Number},
  H: {key: 'hour', read: Number},
  I: {key: 'hour', read: Number},
  p: {key: 'half', read: text => (/^p/i.test(text) ? 12 : 0)},
  M: {key: 'minute', read: Number},
  S: {key: 'second', read: Number},
  s: {key: 'instant', read: text => Number(text) * 1000},
  Q: {key: 'instant', read: Number},
};

/**
 * Read dates of a format, undefined for ISO 8601, as milliseconds since 1970. They are read as they are written: no
 * time zone is applied; %s and %Q are read as UTC. Absent units count as their least value, the year as 2000. %y is
 * 1969 to 2068. A text that does not match, or that names no day of the calendar or time of the day, gives undefined.
 */
export function dateReader(where: string, format?: string): (text: string) => number | undefined {
  return formatReader(format === undefined ? ISO_FORMAT : dateFormat(where, format, 'weekday'));
}

function formatReader({pattern, units}: DateFormat): (text: string) => number | undefined {
  const expression = new RegExp(pattern, 'u');
  const setters = units.map(unit => SETS[unit]!);
  const isTwelve = units.includes('I');
  return text => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const found = {...ABSENT};
    for (let i = 0; i < setters.length; i++) {
      if (match[i + 1] !== undefined) found[setters[i].key] = setters[i].read(match[i + 1]);
    }
    return momentOf(found, isTwelve);
  };
}

/** Milliseconds since 1970; undefined for no day of the calendar or time of the day. */
function momentOf(found: typeof ABSENT, isTwelve: boolean): number | undefined {
  const {year, month, day, minute, second, half} = found;
  if (isTwelve && (found.hour < 1 || found.hour > 12)) return undefined;
  if (found.instant !== undefined) return found.instant;
  const hour = half !== undefined && found.hour <= 12 ? (found.hour % 12) + half : found.hour;
  const date = new Date(0);
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const isWrong = date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day;
  if (isWrong || hour > 23 || minute > 59 || second > 59) return undefined;
  return date.setUTCHours(hour, minute, second);
}

/** The id of each part: weekdays from Sunday on, weekends 2. */
const PART_ID: Record<DatePart, (date: Date) => number> = {
  hour: date => date.getUTCHours() + 1,
  weekday: date => date.getUTCDay() + 1,
  day: date => date.getUTCDate(),
  month: date => date.getUTCMonth() + 1,
  weekend: date => (date.getUTCDay() % 6 === 0 ? 2 : 1),
};

/**
 * Return the ids of one part of dates: hour 0-23, weekday (Sunday 0) and weekend (0 or 1, Saturday and Sunday), each
 * plus 1; day 1-31 and month 1-12 as they are. Dates are read as by {@link dateReader}.
 */
export function datePartReader(format: string | undefined, part: DatePart): (text: string) => number | undefined {
  const read = formatReader(format === undefined ? ISO_FORMAT : dateFormat('dateTime', format, part));
  return text => {
    const time = read(text);
    return time === undefined ? undefined : PART_ID[part](new Date(time));
  };
}
