import {nameSays} from './name_words';

/** Dates without any sign between their units. Eight digits are a day unless only hours of two-digit years fit. */
const DIGITS = ['%Y%m%d', '%y%m%d%H', '%Y%m%d%H', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%s', '%Q'];
const MONTH_FIRST = ['%-m', '%-d'] as const;
const DAY_FIRST = ['%-d', '%-m'] as const;
/** Sat, Saturday; with what stands behind it. */
const WEEKDAY = /^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]{0,6}([.,]? )(?=.)/i;
/** A day, and the time of the day behind it with what separates them. */
const DAY_AND_TIME = /^(.*?)((?:T|:|,? )?(?<!\d)\d{1,2}(?::\d{2}){1,2}.*)?$/s;
/** Month, day, time and year, as C's ctime and the command date write them. */
const YEAR_LAST = /^([A-Za-z]{3,9} \d{1,2})( \d{1,2}:\d{2}.*) \d{4}$/;
/** ISO 8601 without signs: 20140308T070500. */
const BASIC_TIME = /^\d{8}([T ])\d{4}(\d{2})?(\.\d{1,9})?/;

/**
 * Formats that one value suggests, the most likely first; null is ISO 8601.
 * @param name The column's; where it speaks of ids, digits are not dates.
 */
export function suggestedFormats(name: string, value: string): Array<string | null> {
  if (/^\d+$/.test(value)) return nameSays(name) === 'id' ? [] : DIGITS;
  const inBrackets = /^\[(.*)\]$/s.exec(value);
  if (inBrackets !== null) return outsideIso(inBrackets[1]).map(format => `[${format}]`);
  return [null, ...outsideIso(value)];
}

/** Formats of a text that is not ISO 8601. */
function outsideIso(value: string): string[] {
  const text = value.replace(/ +/g, ' ');
  const weekday = WEEKDAY.exec(text);
  if (weekday === null) return ofText(text);
  return ofText(text.slice(weekday[0].length)).map(format => `%a${weekday[1]}${format}`);
}

function ofText(text: string): string[] {
  const basic = BASIC_TIME.exec(text);
  if (basic !== null) {
    const [start, between, seconds, fraction] = basic;
    const zone = zoneOf(text.slice(start.length));
    const clock = `%H%M${seconds === undefined ? '' : '%S'}${fraction === undefined ? '' : '.%f'}`;
    return zone === undefined ? [] : [`%Y%m%d${between}${clock}${zone}`];
  }
  const last = YEAR_LAST.exec(text);
  if (last !== null) {
    const clock = clockOf(last[2]);
    return clock === undefined ? [] : [`%b %-d${clock} %Y`];
  }
  const [, day, time] = DAY_AND_TIME.exec(text)!;
  const clock = time === undefined ? '' : clockOf(time);
  if (clock === undefined) return [];
  if (day === '') return time === undefined ? [] : [clock];
  return daysOf(day).map(format => format + clock);
}

/** The format of a time of the day, with the text before it and its zone. */
function clockOf(text: string): string | undefined {
  const match = /^(T|:|,? )?\d{1,2}:\d{2}(:\d{2})?([.,]\d{1,9})?( ?[AaPp][Mm])?/.exec(text);
  if (match === null) return undefined;
  const [start, before = '', seconds, fraction, half] = match;
  const zone = zoneOf(text.slice(start.length));
  if (zone === undefined) return undefined;
  return (
    `${before}${half === undefined ? '%-H' : '%-I'}:%M${seconds === undefined ? '' : ':%S'}` +
    `${fraction === undefined ? '' : `${fraction[0]}%f`}${half === undefined ? '' : `${half.slice(0, -2)}%p`}${zone}`
  );
}

/** The format of a zone behind a time: nothing, Z, +02:00, GMT+0200, EST, or one of these with a name in brackets. */
function zoneOf(text: string): string | undefined {
  const offset = /^( ?)((?:UTC|GMT)(?=[+-]))?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)(?![A-Za-z])/.exec(text);
  const start = offset === null ? '' : `${offset[1]}${offset[2] ?? ''}%z`;
  const rest = text.slice(offset?.[0].length ?? 0);
  if (rest === '') return start;
  const name = /^( ?[([]?)[A-Za-z]+(?:[ /_-][A-Za-z]+)*([)\]]?)$/.exec(rest);
  return name === null ? undefined : `${start}${name[1]}%Z${name[2]}`;
}

/** Formats of a day. */
function daysOf(text: string): string[] {
  const year = (digits: string) => (digits.length === 4 ? '%Y' : '%y');
  let match = /^(\d{4})([-/. ])\d{1,2}\2\d{1,2}$/.exec(text);
  if (match !== null) return [`%Y${match[2]}%-m${match[2]}%-d`];
  match = /^\d{1,2}([-/. ])\d{1,2}\1(\d{4}|\d{2})$/.exec(text);
  if (match !== null) {
    const [, sign, digits] = match;
    // With slashes the month mostly comes first, else the day.
    const orders = sign === '/' ? [MONTH_FIRST, DAY_FIRST] : [DAY_FIRST, MONTH_FIRST];
    return orders.map(([a, b]) => `${a}${sign}${b}${sign}${year(digits)}`);
  }
  match = /^\d{1,2}([-/ .]?)[A-Za-z]{3,9}([-/ .,]{0,2})(\d{4}|\d{2})$/.exec(text);
  if (match !== null) return [`%-d${match[1]}%b${match[2]}${year(match[3])}`];
  match = /^[A-Za-z]{3,9}([-/ .]{1,2})\d{1,2}([-/ ,]{1,2})(\d{4}|\d{2})$/.exec(text);
  return match === null ? [] : [`%b${match[1]}%-d${match[2]}${year(match[3])}`];
}
