import {parseNumber} from '../rules/numeric';
import type {CountedValue} from './date_formats';
import {sqlName} from './sql_name';

/** Numbers as people write them, which are not numbers to a program: "$12,345", "1.234,56", "12 %", "(7 700)". */
export interface WrittenNumbers {
  /** The first value that is not a number as it stands. */
  example: string;
  /** Arguments of SQL's translate(column, from, to), which turns the values into numbers. */
  from: string;
  to: string;
}

/** Marks before or after a number that is an amount of money or a percentage. */
const MARK =
  '(?:[$€£¥₹₽%]|kr|zł|Kč|(?:USD|EUR|GBP|JPY|CHF|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RUB|BRL|MXN|ZAR|TRY|KRW))';
/** Spaces that separate thousands, and those around marks. */
const SPACE = ' \\u00a0\\u202f';
/** A number with a mark; accountants write negative ones in brackets. */
const MARKED = new RegExp(
  `^(\\(?)([+-]?)${MARK}?[${SPACE}]?([+-]?\\d(?:[\\d.,'’${SPACE}]*\\d)?|[.,]\\d+)[${SPACE}]?${MARK}?(\\)?)$`,
);
/** Marks between digits, of which `decimal` stays or becomes a point. Where both fit, a comma separates thousands. */
const STYLES = [
  {decimal: '.', thousands: ','},
  {decimal: ',', thousands: '.'},
].map(({decimal, thousands}) => ({
  decimal,
  number: new RegExp(
    `^[+-]?(?:[1-9]\\d{0,2}([${thousands}'’${SPACE}])\\d{3}(?:\\1\\d{3})*|\\d+)(?:[${decimal}]\\d+)?$`,
  ),
}));
/** Shares of the rows: of such numbers among all, and of those that need a translation. */
const SHARES = {numbers: 0.95, written: 0.05};

/**
 * Return how to translate a column whose values are nearly all numbers, some of them written for people. Undefined for
 * other columns.
 */
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
  const isNegative = marks.delete('(');
  return {
    example: written[0].value,
    from: `${isNegative ? '(' : ''}${isComma ? ',' : ''}${[...marks].sort().join('')}`,
    to: `${isNegative ? '-' : ''}${isComma ? '.' : ''}`,
  };
}

/** Why such a column is not one of numbers, and how to write it as one. */
export function writtenText(name: string, {example, from, to}: WrittenNumbers): string {
  const column = sqlName(name);
  const plainly = [...example].map(letter => (from.includes(letter) ? (to[from.indexOf(letter)] ?? '') : letter));
  return (
    `${JSON.stringify(example)} is a number to people only; write it as ${plainly.join('')}, or by a query: ` +
    `SELECT * REPLACE (translate(${column}, ${literal(from)}, ${literal(to)}) AS ${column}) FROM 'FILE'`
  );
}

/** The sign and digits of a number, with what is between these. */
function plain(value: string): string | undefined {
  const match = MARKED.exec(value);
  if (match === null || (match[1] === '') !== (match[4] === '')) return undefined;
  return (match[1] === '' ? '' : '-') + match[2] + match[3];
}

/** A text as SQL writes it. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function rowsOf(values: readonly CountedValue[]): number {
  return values.reduce((sum, {count}) => sum + count, 0);
}
