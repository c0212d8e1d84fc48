import {counted} from '../../counted';
import {show} from '../../errors';
import {parseNumber} from '../rules/numeric';
import type {Reading} from './assumption';
import type {ColumnFacts} from './column_facts';
import type {Others} from './counted_value';
import {isNamedAsId} from './name_words';
import {identifier} from '../../sql_literals';

/** Most different numbers of a column that is always a category, since their order says hardly anything. */
const FEW_NUMBERS = 4;
/** Most different numbers that stay a category where other values are among them, as grades beside K may be. */
const FEW_BESIDE_WORDS = 32;
/** Most different values beside numbers or dates that count as missing, and the greatest share of rows with them. */
const STRAY = {words: 10, share: 0.5};
/** A column with more values than this, and another one in more than this share of the rows, tells rows apart. */
const UNIQUE = {values: 100, share: 0.9};
/** Least rows of an id, on average. */
const ID_ROWS = 2;
/** Share of the whole numbers between the least and the greatest that a column of row numbers holds. */
const DENSE = 0.9;

/** Share of the most frequent values that look like numbers or dates of unknown form from which on all may be. */
const LIKE = 0.9;
/** A number with a currency, a percent sign, a decimal comma or separated thousands. */
const WRITTEN = /^-?[$€£]? ?[+-]?\d+(,\d{3})*([.,]\d+)? ?[%€]?$/;
/** A day of three numbers or with the name of a month, or a time. */
const DATE_LIKE =
  /\d:\d\d|\b\d{1,4}\W{1,2}(\d{1,2}|[A-Z][a-z]{2,8})\W{1,2}\d{2,4}\b|\b[A-Z][a-z]{2,8} \d{1,2},? \d{4}\b/;

/** Reading of a column. */
export interface Choice {
  reading: Reading;
  why: string;
  /** The reading that comes second; null where there is none. */
  other: Reading | null;
  isDoubtful: boolean;
}

/** A rule: the columns that it is for, and how these are read. */
interface ColumnRule {
  isFor(facts: ColumnFacts): boolean;
  reading: Reading;
  why: string | ((facts: ColumnFacts) => string);
  other: Choice['other'] | ((facts: ColumnFacts) => Reading);
  /** True where people may know better; default false. */
  isDoubtful?: boolean;
}

/** The rules in the order of the table of docs/cli.md; the first that is for a column decides. */
const RULES: readonly ColumnRule[] = [
  {isFor: ({distinct}) => distinct === 0, reading: 'drop', why: 'it is empty', other: null},
  {
    isFor: ({distinct, present, rows}) => distinct === 1 && present === rows,
    reading: 'drop',
    why: ({examples}) => `it is always ${examples[0]}`,
    other: null,
  },
  {isFor: ({isObject}) => isObject, reading: 'drop', why: objectsText, other: null, isDoubtful: true},
  {isFor: ({list}) => list?.isTyped === true, reading: 'list', why: 'its values are lists', other: 'category'},
  {isFor: holdsDates, reading: 'date', why: datesText, other: besideDates},
  {isFor: isRowNumber, reading: 'drop', why: 'it counts the rows', other: 'number', isDoubtful: true},
  {
    isFor: ({number}) => number?.rows === 0 && number.isCode,
    reading: 'category',
    why: 'its numbers have leading zeros or too many digits, as codes do',
    other: 'number',
  },
  {
    isFor: ({number}) => number?.rows === 0 && number.distinct <= FEW_NUMBERS,
    reading: 'category',
    why: ({number}) => `it has ${counted(number!.distinct, 'number')} only`,
    other: 'number',
  },
  {
    isFor: facts => facts.number?.rows === 0 && tellsThingsApart(facts),
    reading: 'category',
    why: 'its name is that of an id',
    other: 'number',
  },
  {
    isFor: ({number}) => number?.rows === 0 && number.isScattered,
    reading: 'category',
    why: 'its numbers repeat, but lie far apart, as codes do',
    other: 'number',
    isDoubtful: true,
  },
  {
    isFor: ({number}) => number?.rows === 0 && number.isEnumerated,
    reading: 'category',
    why: 'its numbers count things without a gap, as ids do',
    other: 'number',
    isDoubtful: true,
  },
  {isFor: holdsQuantities, reading: 'number', why: numbersText, other: 'category'},
  {
    isFor: facts => writtenNumber(facts) !== undefined,
    reading: 'category',
    why: facts => `${show(writtenNumber(facts))} is not a number to programs; write it as 1234.5 is written`,
    other: 'drop',
    isDoubtful: true,
  },
  {
    isFor: ({examples}) => areLike(DATE_LIKE, examples),
    reading: 'category',
    why: 'it may hold dates, but not of one usual form',
    other: 'date:FORMAT',
    isDoubtful: true,
  },
  {
    isFor: ({list}) => list !== undefined,
    reading: 'list',
    why: ({list}) => `"${list!.separator}" separates values that repeat`,
    other: 'category',
    isDoubtful: true,
  },
  {
    isFor: ({name, number, present}) =>
      number !== undefined && number.rows <= STRAY.share * present && !isNamedAsId(name),
    reading: 'category',
    why: numbersText,
    other: 'number',
    isDoubtful: true,
  },
];
const TEXT: ColumnRule = {isFor: () => true, reading: 'category', why: 'it is text', other: 'drop'};

/** Read a column by the first rule that is for it. Categories of which nearly each row has its own are left out. */
export function readColumn(facts: ColumnFacts): Choice {
  const {distinct, rows} = facts;
  const rule = RULES.find(({isFor}) => isFor(facts)) ?? TEXT;
  const {reading, isDoubtful = false} = rule;
  const why = typeof rule.why === 'string' ? rule.why : rule.why(facts);
  const other = typeof rule.other === 'function' ? rule.other(facts) : rule.other;
  if (reading !== 'category' || distinct <= UNIQUE.values || distinct <= UNIQUE.share * rows)
    return {reading, why, other, isDoubtful};
  return {
    reading: 'drop',
    why: `nearly every row has a value of its own${rule === TEXT ? '' : `; ${why}`}`,
    other: other === 'drop' ? 'category' : other,
    isDoubtful: true,
  };
}

function holdsDates({date, present}: ColumnFacts): boolean {
  return date !== undefined && date.parts.length > 0 && isFew(date, present);
}

function datesText({date, present}: ColumnFacts): string {
  const isOpen = date!.otherFormat === undefined ? '' : ', though no value tells month and day apart';
  return `${othersText(date!, present, 'date')}${isOpen}`;
}

function besideDates({date, number}: ColumnFacts): Reading {
  if (date!.otherFormat !== undefined) return `date:${date!.otherFormat}`;
  return number === undefined ? 'category' : 'number';
}

/** Tell whether whole numbers are as good as all between two, each in one row. */
function isRowNumber({rows, distinct, number}: ColumnFacts): boolean {
  if (number?.rows !== 0 || !number.areIntegers || distinct !== rows || distinct <= UNIQUE.values) return false;
  return distinct > DENSE * (number.greatest - number.least);
}

/** Tell whether whole numbers are ids by their name, and not so rare that only their order can say something. */
function tellsThingsApart({name, rows, present, distinct, number}: ColumnFacts): boolean {
  if (number === undefined || !number.areIntegers || !isNamedAsId(name)) return false;
  return present >= ID_ROWS * number.distinct || distinct > UNIQUE.share * rows;
}

function holdsQuantities(facts: ColumnFacts): boolean {
  const {present, number} = facts;
  if (number === undefined || number.isCode || tellsThingsApart(facts)) return false;
  return number.rows === 0 || (number.distinct > FEW_BESIDE_WORDS && isFew(number, present));
}

function numbersText({number, present}: ColumnFacts): string {
  return othersText(number!, present, 'number');
}

/** Tell whether so few values are beside numbers or dates that they may count as missing. */
function isFew({words, rows}: Others, present: number): boolean {
  return words.length <= STRAY.words && rows <= STRAY.share * present;
}

/** The first number that is written for people; undefined where most values that are not numbers are something else. */
function writtenNumber({examples}: ColumnFacts): string | undefined {
  const others = examples.filter(value => parseNumber(value) === undefined);
  return areLike(WRITTEN, others) ? others[0] : undefined;
}

function areLike(pattern: RegExp, values: readonly string[]): boolean {
  return values.filter(value => pattern.test(value)).length > LIKE * values.length;
}

/** Say how many values are not of a kind: "1 of its 400 values, "free", is not a number". */
export function othersText({words, rows}: Others, present: number, kind: 'number' | 'date'): string {
  if (rows === 0) return `its values are ${kind}s`;
  return rows === 1
    ? `1 of its ${present} values, ${show(words[0])}, is not a ${kind}`
    : `${rows} of its ${present} values, such as ${show(words[0])}, are not ${kind}s`;
}

/** Why a column of objects, or of lists of them, is left out, and the query that makes columns of what it holds. */
function objectsText({name, list}: ColumnFacts): string {
  const column = identifier(name);
  return list === undefined
    ? 'its values are objects; a query makes columns of their keys: ' +
        `SELECT * EXCLUDE (${column}), unnest(${column}, recursive := true) FROM 'FILE'`
    : 'its values are lists of objects; a query makes lists of the values of one key: ' +
        `SELECT * REPLACE ([x.KEY FOR x IN ${column}] AS ${column}) FROM 'FILE'`;
}
