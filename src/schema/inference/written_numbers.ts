import {parseNumber} from '../rules/numeric';
import type {CountedValue} from './date_formats';
import {sqlName} from './sql_name';

/** Numbers as people write them, which are not numbers to a program: "$12,345", "1.234,56", "12 %". */
export interface WrittenNumbers {
  /** The first value that is not a number as it stands. */
  example: string;
  /** What SQL's translate(column, from, to) makes numbers of them with. */
  from: string;
  to: string;
}

/** A number with a sign of a currency or of percent. */
const MARKED = /^([+-]?)[$€£¥]? ?([+-]?[\d.,]+) ?[$€£¥%]?$/;
/** Marks between digits, of which `decimal` stays or becomes a point. Where both fit, a comma separates thousands. */
const STYLES = [
  {decimal: '.', number: /^[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?$/},
  {decimal: ',', number: /^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?$/},
];
/** Shares of the rows: of such numbers among all, and of those that need a translation. */
const SHARES = {numbers: 0.95, written: 0.05};

/** How the values of a column are written where nearly all are numbers and some of them only to people. */
export function writtenNumbers(values: readonly CountedValue[], present: number): WrittenNumbers | undefined {
  const written = values.filter(({value}) => parseNumber(value) === undefined && plain(value) !== undefined);
  if (written.length === 0 || rowsOf(written) < SHARES.written * present) return undefined;
  const style = STYLES.find(
    ({number}) => rowsOf(values.filter(({value}) => number.test(plain(value) ?? ''))) >= SHARES.numbers * present,
  );
  if (style === undefined) return undefined;
  const marks = new Set(written.flatMap(({value}) => [...value.replace(/[\d+-]/g, '')]));
  const isComma = style.decimal === ',' && marks.delete(',');
  if (style.decimal === '.') marks.delete('.');
  return {
    example: written[0].value,
    from: `${isComma ? ',' : ''}${[...marks].sort().join('')}`,
    to: isComma ? '.' : '',
  };
}

/** Why such a column is not one of numbers, and the query that makes it one. */
export function writtenText(name: string, {example, from, to}: WrittenNumbers): string {
  const column = sqlName(name);
  return (
    `${JSON.stringify(example)} is a number to people only; a query makes it one: ` +
    `SELECT * REPLACE (translate(${column}, '${from}', '${to}') AS ${column}) FROM 'FILE'`
  );
}

/** The sign, digits, points and commas of a number. */
function plain(value: string): string | undefined {
  const match = MARKED.exec(value);
  return match === null ? undefined : match[1] + match[2];
}

function rowsOf(values: readonly CountedValue[]): number {
  return values.reduce((sum, {count}) => sum + count, 0);
}
