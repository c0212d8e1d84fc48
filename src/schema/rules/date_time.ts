import type {DatePart, DateTimeRule} from '../schema';
import {dateFormat, ISO_FORMAT} from './date_format';
import {formatReader} from './date_reader';
import {missingTest, type Outcome, type RuleEncoder, MISSING} from './rule';

/** Ids of each part, without the one for missing. */
export const PART_SIZE: Record<DatePart, number> = {hour: 24, weekday: 7, day: 31, month: 12, weekend: 2};

/**
 * The encoder of one part of a date: 0 for missing, then hour 0-23, weekday (Sunday 0), weekend (0 or 1, Saturday and
 * Sunday), each plus 1; day 1-31 and month 1-12 as they are, all by {@link dateReader}. A text that is not such a date
 * is invalid.
 */
export function dateTimeEncoder(rule: DateTimeRule): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  const read = formatReader(rule.format === undefined ? ISO_FORMAT : dateFormat('dateTime', rule.format, rule.part));
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
