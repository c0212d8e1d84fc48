import {AutofisError} from '../../errors';
import {parseNumber} from '../rules/numeric';
import type {TimeSplit} from '../split';
import {splitDates} from '../split_times';
import {counted} from '../../counted';
import {assume, type Assumption} from './assumption';
import type {CountedValue} from './counted_value';

/** Calendar periods that rows are split by, the shortest first. */
export const PERIODS = ['hour', 'day', 'week', 'month', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Periods that are taken without being asked for. */
const USUAL = ['day', 'week', 'month', 'year'] as const;
/** A period with fewer rows is too small a test. */
const MANY_ROWS = 1000;
/** Rows of validation, of all before the test. */
const VALID_SHARE = 0.1;
/** Train and validation have one period each at least, besides those of the test. */
const BEFORE_TEST = 2;
const DAY = 86_400_000;

/** The times of a table. */
export interface TimeValues {
  column: string;
  /** The format of its dates, as a split has it; undefined for numbers. */
  format?: string;
  values: readonly CountedValue[];
}

/** Rows from one time on: a number, or the first day or hour of a period as ISO 8601. */
interface Block {
  from: string | number;
  rows: number;
}

/** Splits that train on the periods up to t and test on t + 1, oldest first, and what is assumed about them. */
export interface PeriodSplits {
  splits: TimeSplit[];
  assumption: Assumption;
}

/**
 * Split rows by time: the last period is test, the periods before it that hold a tenth of the earlier rows are
 * validation, all before them train. With several steps, the same for each of the last periods as if it were the last
 * one. Equal times stay together; each number is a period.
 *
 * @param period For dates alone. Default: the shortest of day, week, month and year with 1,000 rows in each test, else
 *     the longest of which there are enough.
 * @param steps Number of last periods that are tested, one after another; an integer >= 1.
 * @throws AutofisError where there are fewer periods than that takes.
 */
export function periodSplits(
  where: string,
  times: TimeValues,
  {period, steps}: {period?: Period; steps: number},
): PeriodSplits {
  const {column, format} = times;
  if (format === undefined && period !== undefined)
    throw new AutofisError(
      `${where}: \`period\` applies to dates, but ${column} holds numbers, each of which is a period. Leave it out.`,
    );
  const names = period === undefined ? USUAL : [period];
  const tried = (format === undefined ? [undefined] : names).map(name => ({name, blocks: blocksOf(times, name)}));
  const enough = tried.filter(({blocks}) => blocks.length >= BEFORE_TEST + steps);
  const large = enough.find(({blocks}) => blocks.slice(-steps).every(({rows}) => rows >= MANY_ROWS));
  const found = large ?? enough.at(-1);
  if (found === undefined) {
    const [{name, blocks}] = tried;
    throw new AutofisError(
      `${where}: the times in ${column} fall into ${counted(blocks.length, name ?? 'value')}, and ` +
        `${BEFORE_TEST + steps} are needed: ${steps === 1 ? 'one' : steps} to test with, one for validation and one ` +
        `to train on. Give ${name === undefined || name === 'hour' ? '' : 'a shorter `period`, '}` +
        `${steps === 1 ? '' : 'fewer steps of `rolling`, '}another \`timeColumn\`, or more rows.`,
    );
  }
  const {name = 'value', blocks} = found;
  const first = blocks.length - steps;
  const splits = Array.from({length: steps}, (_, i) => splitAt(times, blocks, first + i));
  const {validFrom, testFrom} = splits[steps - 1];
  const valid = blocks.length - 1 - blocks.findIndex(({from}) => from === validFrom);
  const other = name === 'day' ? 'week' : 'day';
  return {
    splits,
    assumption: assume(
      null,
      `the last ${name} is test (from ${testFrom}, ${blocks.at(-1)!.rows} rows), ` +
        `the ${counted(valid, name)} before it validation (from ${validFrom})`,
      whyPeriod(name, period !== undefined, large !== undefined),
      name === 'value' ? null : {reading: `parts by ${other}s`, option: 'period', value: other},
    ),
  };
}

function whyPeriod(name: Period | 'value', wasAsked: boolean, isLarge: boolean): string {
  if (wasAsked) return 'it was asked for';
  if (name === 'value') return 'each number is a period';
  const many = `${MANY_ROWS.toLocaleString('en')} rows in each test`;
  return isLarge
    ? `it is the shortest of day, week, month and year with ${many}`
    : `no period has ${many}; this is the longest of which there are enough`;
}

function splitAt({column, format}: TimeValues, blocks: readonly Block[], test: number): TimeSplit {
  const before = blocks.slice(0, test).reduce((sum, {rows}) => sum + rows, 0);
  let valid = test - 1;
  let rows = blocks[valid].rows;
  while (valid > 1 && rows < VALID_SHARE * before) rows += blocks[--valid].rows;
  return {
    by: 'time',
    column,
    ...(format === undefined ? {} : {format}),
    validFrom: blocks[valid].from,
    testFrom: blocks[test].from,
    ...(test + 1 < blocks.length ? {until: blocks[test + 1].from} : {}),
  };
}

/** Rows by their times, in order; rows whose time cannot be read are for `prepare` to name. */
function blocksOf({format, values}: TimeValues, period: Period | undefined): Block[] {
  const read = format === undefined ? parseNumber : splitDates('period', format);
  const rows = new Map<string | number, number>();
  for (const {value, count} of values) {
    const at = read(value);
    if (at === undefined) continue;
    const from = period === undefined ? at : startOf(at, period);
    rows.set(from, (rows.get(from) ?? 0) + count);
  }
  return [...rows].map(([from, count]) => ({from, rows: count})).sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** When the period of a moment begins, as ISO 8601; weeks begin on Monday. */
function startOf(at: number, period: Period): string {
  const sinceMonday = (new Date(at).getUTCDay() + 6) % 7;
  const text = new Date(period === 'week' ? at - sinceMonday * DAY : at).toISOString();
  switch (period) {
    case 'hour':
      return `${text.slice(0, 13).replace('T', ' ')}:00`;
    case 'month':
      return `${text.slice(0, 7)}-01`;
    case 'year':
      return `${text.slice(0, 4)}-01-01`;
    default:
      return text.slice(0, 10);
  }
}
