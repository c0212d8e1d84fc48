import {AutofisError, show} from '../../errors';
import {ISO_DATES} from '../split';
import {counted} from '../../counted';
import type {Assumption, Reading} from './assumption';
import {checkName} from './check_name';
import type {ColumnFacts} from './column_facts';
import {misfitText} from './date_rules';
import {MANY_ROWS, type PeriodSplits} from './time_periods';

/** The column with the times of rows. */
export interface InferredTime {
  column: string;
  /** The format of its dates, as a split has it; undefined for numbers. */
  format?: string;
  assumption: Assumption;
}

interface TimeOptions {
  label: string;
  weight?: string;
  /** Default: the only column of dates. */
  timeColumn?: string;
  as?: {readonly [column: string]: Reading};
}

/**
 * The column whose times rows are split by, and how they are written.
 * @throws AutofisError where none or several hold dates and none is named, or where the named one holds neither dates
 *     of one form nor numbers.
 */
export function inferTime(
  where: string,
  facts: readonly ColumnFacts[],
  {label, weight, timeColumn, as = {}}: TimeOptions,
): InferredTime {
  const free = facts.filter(({name}) => name !== label && name !== weight);
  const names = free.filter(hasDays).map(({name}) => name);
  if (timeColumn === undefined && names.length !== 1) {
    throw new AutofisError(
      names.length === 0
        ? `${where}: no column holds dates to split rows by. Name a column of dates or of numbers with \`timeColumn\`.`
        : `${where}: ${names.join(', ')} hold dates. Name the one that rows are split by as \`timeColumn\`.`,
    );
  }
  const column = timeColumn ?? names[0];
  checkName(
    where,
    'timeColumn',
    column,
    free.map(({name}) => name),
  );
  const asked = Object.hasOwn(as, column) ? /^date:(.+)$/s.exec(as[column])?.[1] : undefined;
  return {
    column,
    format:
      asked ??
      formatOf(
        where,
        facts.find(({name}) => name === column)!,
      ),
    assumption: {
      column,
      reading: 'time of the rows',
      why: timeColumn === undefined ? 'it is the only column of dates' : 'it was asked for',
      alternative: {reading: 'time by another column', option: 'timeColumn', value: 'COLUMN'},
    },
  };
}

/** Return the assumption about parts that are split by time. */
export function periodAssumption(periods: PeriodSplits, wasAsked: boolean): Assumption {
  const {splits, period, last} = periods;
  const {validFrom, testFrom} = splits[splits.length - 1];
  const other = period === 'day' ? 'week' : 'day';
  return {
    column: null,
    reading:
      `the last ${period ?? 'value'} is test (from ${testFrom}, ${last.rows} rows), ` +
      `the ${counted(last.valid, period ?? 'value')} before it validation (from ${validFrom})`,
    why: wasAsked ? 'it was asked for' : whyPeriod(periods),
    alternative: period === null ? null : {reading: `parts by ${other}s`, option: 'period', value: other},
  };
}

function whyPeriod({period, needed, isLarge}: PeriodSplits): string {
  if (period === null) return 'each number is a period';
  const many = MANY_ROWS.toLocaleString('en');
  return isLarge
    ? `it is the shortest of day, week, month and year with ${many} rows in each test`
    : `no period has ${many} rows in each test; this is the longest that gives the ${needed} periods needed`;
}

/** Tell whether a column holds days, and not only times of a day. */
function hasDays({date}: ColumnFacts): boolean {
  return date !== undefined && date.parts.includes('weekday');
}

function formatOf(where: string, facts: ColumnFacts): string | undefined {
  if (hasDays(facts)) return facts.date!.format ?? ISO_DATES;
  if (facts.number !== undefined) return undefined;
  const {nearlyDate, examples, name, present} = facts;
  const held =
    nearlyDate === undefined
      ? `${name} holds ${examples.slice(0, 5).map(show).join(', ')}`
      : `${name} holds others, too: ${misfitText(nearlyDate, present)}`;
  throw new AutofisError(
    `${where}: \`timeColumn\` must hold dates of one form, or numbers. ${held}. Name the form, ` +
      `as in \`as\` ${name}=date:%d.%m.%Y; rows of other values can then be left out as rejects.`,
  );
}
