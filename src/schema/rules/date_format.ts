import {AutofisError, show} from '../../errors';
import type {DatePart} from '../schema';

/** A unit of a format, as strftime names it. */
export type Unit = 'Y' | 'y' | 'm' | 'b' | 'd' | 'H' | 'I' | 'p' | 'M' | 'S' | 'f' | 'z' | 'Z' | 'a' | 's' | 'Q';
/** Units of a date that each part is computed from. */
export const DATE_NEEDS: Record<DatePart, string> = {hour: 'H', weekday: 'Ymd', day: 'd', month: 'm', weekend: 'Ymd'};
/** Ids of each part, without the one for missing. */
export const PART_SIZE: Record<DatePart, number> = {hour: 24, weekday: 7, day: 31, month: 12, weekend: 2};
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
  Z: '[A-Za-z]+(?:[ /_-][A-Za-z]+)*',
  a: '[A-Za-z]{3,9}',
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
 * Read a format such as "%y%m%d%H". A space stands for one or several.
 * @throws AutofisError on an unknown or repeated unit and when `part` does not follow from it.
 */
export function dateFormat(where: string, format: string, part: unknown): DateFormat {
  const units: Unit[] = [];
  const pattern = format.replace(/%(-?)(.?)|[^%]/gsu, (piece, short: string | undefined, name: string | undefined) => {
    if (piece === ' ') return ' +';
    if (name === undefined || piece === '%%') return (name ?? piece).replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
    const unit = name as Unit;
    const isKnown = Object.hasOwn(DATE_UNITS, name) && (short === '' || SHORT_UNITS.includes(name));
    if (!isKnown || units.includes(unit)) {
      throw new AutofisError(
        `${where}: ${show(piece)} is ${isKnown ? 'repeated' : 'not a unit'}. ` +
          'Units are %Y %y %m %b %d %a %H %I %p %M %S %f %z %Z %s %Q and %%, ' +
          `and %-m %-d %-H %-I %-M %-S without leading zeros. Received: ${show(format)}.`,
      );
    }
    units.push(unit);
    return short === '' ? DATE_UNITS[unit] : '(\\d{1,2})';
  });
  const absent = [...DATE_NEEDS[part as DatePart]].find(unit => !isGiven(unit as Unit, units));
  if (absent !== undefined) {
    throw new AutofisError(
      `${where}: the part ${show(part)} needs %${absent}, which the format lacks. Received: ${show(format)}.`,
    );
  }
  return {pattern: `^${pattern}$`, units: units.filter(unit => /^\((?!\?)/.test(DATE_UNITS[unit]))};
}

/** Tell whether the units of a format determine another one. */
function isGiven(unit: Unit, units: readonly Unit[]): boolean {
  const has = (other: Unit) => units.includes(other);
  if (has(unit) || has('s') || has('Q')) return true;
  if (unit === 'Y') return has('y');
  if (unit === 'm') return has('b');
  return unit === 'H' && has('I') && has('p');
}
