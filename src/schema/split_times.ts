import {compareText} from './compare_text';
import {dateReader} from './rules/date_reader';
import {parseNumber} from './rules/numeric';
import {ISO_DATES, PARTS, type TimeSplit} from './split';

/** A number of which all readers make the same. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** The number of a text that all readers take for the same one. */
function plainNumber(text: string): number | undefined {
  return NUMBER.test(text) ? parseNumber(text) : undefined;
}

/** Read dates of a split's format. */
export function splitDates(where: string, format: string): (text: string) => number | undefined {
  return dateReader(where, format === ISO_DATES ? undefined : format);
}

const [TRAIN, VALID, TEST] = PARTS.keys();
/** The part of rows that a split leaves out. */
const NO_PART = PARTS.length;

/**
 * The part of a row by its time, as a position in PARTS or NO_PART; undefined where the time cannot be read. It is the
 * reference of the encoder's SQL.
 */
export function partAt(split: TimeSplit): (time: string) => number | undefined {
  const {format, validFrom, testFrom, until} = split;
  const isNumber = typeof (validFrom ?? testFrom) === 'number';
  const part = <T>(from: (cut: T) => boolean): number => {
    const has = (cut: string | number | undefined) => cut !== undefined && from(cut as T);
    if (has(until)) return NO_PART;
    if (has(testFrom)) return TEST;
    return has(validFrom) ? VALID : TRAIN;
  };
  if (format !== undefined) {
    const read = splitDates('split', format);
    const cutAt = splitDates('split', ISO_DATES);
    return time => {
      const at = read(time);
      return at === undefined ? undefined : part((cut: string) => at >= cutAt(cut)!);
    };
  }
  if (!isNumber) return time => part((cut: string) => compareText(time, cut) >= 0);
  return time => {
    const x = plainNumber(time);
    return x === undefined ? undefined : part((cut: number) => x >= cut);
  };
}
