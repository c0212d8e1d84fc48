import {show} from '../../errors';
import {checkSchema} from '../check_schema';
import type {DatePart, DateTimeRule} from '../schema';
import type {DateFacts, DateForm, NearlyDates} from './date_formats';
import {sqlName} from './sql_name';

/** Properties that all fields of a column share. */
type Base = {name: string; column: string; missing?: string[]};

/** Fields of a column of dates. */
export function datesOf(date: DateFacts, base: Base, complete: boolean): DateTimeRule[] {
  return dateParts(date, complete).map((part, _, parts): DateTimeRule => ({
    ...base,
    ...(date.format === null ? {} : {format: date.format}),
    type: 'dateTime',
    part,
    name: partName(base.name, part, parts),
  }));
}

/** Why a column is not one of dates: "1 of its 400 values, "never", is not a date of the form ISO 8601". */
export function misfitText(nearly: NearlyDates | undefined, present: number): string {
  if (nearly === undefined) return 'its values are not dates of one usual form';
  const {date, rows, words} = nearly;
  const form = date.format === null ? 'ISO 8601' : show(date.format);
  return rows === 1
    ? `1 of its ${present} values, ${show(words[0])}, is not a date of the form ${form}`
    : `${rows} of its ${present} values, such as ${show(words[0])}, are not dates of the form ${form}`;
}

/** Why a column of dates of several forms is text, and what makes one form of them. */
export function formsText(name: string, forms: readonly DateForm[]): string {
  const column = sqlName(name);
  const formats = forms.map(({format}) => `'${format}'`).join(', ');
  const query = `SELECT * REPLACE (try_strptime(${column}, [${formats}]) AS ${column}) FROM 'FILE'`;
  const examples = forms.slice(0, 2).map(({example}) => show(example));
  // DuckDB reads zones and names otherwise than rules do, or not at all.
  const cure = `write all of them alike${/%[abzZsQ]/.test(formats) ? '' : `, or by a query: ${query}`}`;
  return `it holds dates of several forms, such as ${examples.join(' and ')}; ${cure}`;
}

/** Fields of a given format: of the parts that the dates have by the facts, else of all parts of the format. */
export function datesBy(format: string, base: Base, parts: readonly DatePart[] | undefined): DateTimeRule[] {
  const told = (['hour', 'weekday', 'month'] as const).filter(part => parts?.includes(part) ?? tells(format, part));
  const rules = told.map((part): DateTimeRule => ({
    ...base,
    format,
    type: 'dateTime',
    part,
    name: partName(base.name, part, told),
  }));
  checkSchema({version: 1, fields: rules.length > 0 ? rules : [{...base, format, type: 'dateTime', part: 'day'}]});
  return rules;
}

function tells(format: string, part: DatePart): boolean {
  try {
    checkSchema({version: 1, fields: [{name: 'x', column: 'x', type: 'dateTime', format, part}]});
    return true;
  } catch {
    return false;
  }
}

/** Hour and weekday of a time, with its month where rows are of several; weekday and month of a day. */
export function dateParts({parts, months}: DateFacts, complete: boolean): DatePart[] {
  return parts.includes('hour') && months < (complete ? 3 : 2) ? parts.filter(part => part !== 'month') : parts;
}

/** The name of a date's field: the column's own where it is the only one. */
function partName(column: string, part: string, parts: readonly string[]): string {
  return parts.length === 1 ? column : `${column} ${part}`;
}
