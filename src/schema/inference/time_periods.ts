import {AutofisError} from '../../errors';
import {parseNumber} from '../rules/numeric';
import type {TimeSplit} from '../split';
import {splitDates} from '../split_times';
import {counted} from '../../counted';
import type {CountedValue} from './date_formats';

/** Calendar periods that rows are split by, the shortest first. */
export const PERIODS = ['hour', 'day', 'week', 'month', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Periods that are taken without being asked for. */
const USUAL = ['day', 'week', 'month', 'year'] as const;
/** A period with fewer rows is too small a test. */
export const MANY_ROWS = 1000;
/** Rows of validation, of all before the test. */
const VALID_SHARE = 0.1;
/** Train and validation have one period each at least, besides those of the test. */
const BEFORE_TEST = 2;

/** The times of a table. */
export interface TimeValues {
  column: string;
  /** The format of its dates, as a split has it; undefined for numbers. */
  format?: string;
  values: readonly CountedValue[];
}

export interface PeriodOptions {
  /**
   * Default: the shortest of day, week, month and year with 1,000 rows in each test, else the longest
   * of which there are enough. For dates alone.
   */
  period?: Period;
  /** Number of last periods that are tested, one after another; an integer >= 1. */
  steps: number;
}

/** Rows from one time on. */
interface Block {
  from: string | number;
  rows: number;
}

/** Splits that train on the periods up to t and test on t + 1, oldest first. */
export interface PeriodSplits {
  splits: TimeSplit[];
  /** Null for numbers, each of which is a period of its own. */
  period: Period | null;
  /** Least number of periods that the splits take. */
  needed: number;
  /** True if each tested period has at least `MANY_ROWS` rows. */
  isLarge: boolean;
  /** Number of validation periods and of test rows in the last split. */
  last: {valid: number; rows: number};
}

/**
 * Split rows by time: the last period is test, the periods before it that hold a tenth of the earlier rows are
 * validation, all before them train. With several steps, the same for each of the last periods as if it were the last
 * one. Equal times stay together.
 *
 * @throws AutofisError where there are fewer periods than that takes.
 */
export function periodSplits(where: string, times: TimeValues, {period, steps}: PeriodOptions): PeriodSplits {
  if (times.format === undefined && period !== undefined) {
    throw new AutofisError(
      `${where}: \`period\` applies to dates, but ${times.column} holds numbers, each of which is a period. ` +
        `Leave it out.`,
    );
  }
  const needed = BEFORE_TEST + steps;
  const {name, blocks} =
    times.format === undefined ? {name: null, blocks: numbersOf(times)} : dated(times, period, steps);
  if (blocks.length < needed) {
    const cures = name === null || name === 'hour' ? '' : 'a shorter `period`, ';
    const found = counted(blocks.length, name ?? 'value');
    throw new AutofisError(
      `${where}: the times in ${times.column} fall into ${found}, and ${needed} are needed: ` +
        `${steps === 1 ? 'one' : steps} to test with, one for validation and one to train on. ` +
        `Give ${cures}${steps === 1 ? '' : 'fewer steps of `rolling`, '}another \`timeColumn\`, or more rows.`,
    );
  }
  const splits = Array.from({length: steps}, (_, i) => splitAt(times, blocks, blocks.length - steps + i));
  const {validFrom} = splits[steps - 1];
  const last = blocks[blocks.length - 1];
  return {
    splits,
    period: name,
    needed,
    isLarge: isLarge(blocks, steps),
    last: {valid: blocks.length - 1 - blocks.findIndex(({from}) => from === validFrom), rows: last.rows},
  };
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

function numbersOf({values}: TimeValues): Block[] {
  return blocksOf(values.map(({value, count}) => [parseNumber(value), count]));
}

function dated(times: TimeValues, period: Period | undefined, steps: number): {name: Period; blocks: Block[]} {
  const read = splitDates('period', times.format!);
  const moments = times.values.map(({value, count}) => [read(value), count] as const);
  const by = (name: Period) => ({
    name,
    blocks: blocksOf(moments.map(([at, count]) => [at === undefined ? at : startOf(at, name), count])).map(block => ({
      ...block,
      from: isoText(block.from, name),
    })),
  });
  if (period !== undefined) return by(period);
  const usual = USUAL.map(by);
  const enough = usual.filter(({blocks}) => blocks.length >= BEFORE_TEST + steps);
  const large = enough.find(({blocks}) => isLarge(blocks, steps));
  return large ?? enough[enough.length - 1] ?? usual[0];
}

/** Tell whether each of the last `steps` periods has at least `MANY_ROWS` rows. */
function isLarge(blocks: readonly Block[], steps: number): boolean {
  return blocks.slice(-steps).every(({rows}) => rows >= MANY_ROWS);
}

/** Rows by their times, in order; rows whose time cannot be read are for `prepare` to name. */
function blocksOf(
  times: ReadonlyArray<readonly [at: number | undefined, rows: number]>,
): Array<Block & {from: number}> {
  const rows = new Map<number, number>();
  for (const [at, count] of times) {
    if (at !== undefined) rows.set(at, (rows.get(at) ?? 0) + count);
  }
  return [...rows].map(([from, own]) => ({from, rows: own})).sort((a, b) => a.from - b.from);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 5 January 1970 was a Monday. */
const MONDAY = 4 * DAY;

/** When the period of a moment begins, both in milliseconds since 1970. */
function startOf(at: number, period: Period): number {
  const date = new Date(at);
  switch (period) {
    case 'hour':
      return Math.floor(at / HOUR) * HOUR;
    case 'day':
      return Math.floor(at / DAY) * DAY;
    case 'week':
      return Math.floor((at - MONDAY) / (7 * DAY)) * 7 * DAY + MONDAY;
    case 'month':
      date.setUTCDate(1);
      break;
    case 'year':
      date.setUTCMonth(0, 1);
  }
  return date.setUTCHours(0, 0, 0, 0);
}

function isoText(at: number, period: Period): string {
  const text = new Date(at).toISOString();
  return period === 'hour' ? text.slice(0, 16).replace('T', ' ') : text.slice(0, 10);
}
