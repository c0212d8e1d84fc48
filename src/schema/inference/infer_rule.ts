import {AutofisError} from '../../errors';
import type {FieldRule} from '../schema';
import {objectsText, wordsText} from './advised_queries';
import type {Assumption, Reading} from './assumption';
import {type ColumnFacts, MISSING_WORDS, MOST_NUMBERS} from './column_facts';
import {compareReadings} from './compare_readings';
import {datesBy, dateParts, datesOf, formsText, misfitText} from './date_rules';
import {idOrQuantity, isLongId} from './id_or_quantity';
import {datesIn, missingText, missingWords, nearly, surelyMeant} from './misfits';
import {nameSays} from './name_words';
import {writtenText} from './written_numbers';

/** Most values of a list that a row has room for. */
const MOST_WIDTH = 16;
/** Fewest values of a column in which one that was seen once has no id of its own. */
const MANY_VALUES = 1000;
/** A column with more values than this, and a unique value in more than this share of its rows, is left out. */
const UNIQUE = {values: 100, share: 0.9};
/** Text is prose from this mean number of words on, with this share of different values. */
const PROSE = {words: 4, share: 0.5};
/** Standard errors by which labels must prefer a reading. */
const CLEAR = {reading: 2, groups: 5};
/** From this share of rows without a value on, the presence of a value becomes a field. */
const INDICATOR = 0.01;

/** The fields of one column, none where it is left out, and what is assumed about it. */
export interface InferredRule {
  rules: FieldRule[];
  assumption: Assumption;
}

interface Choice {
  reading: Reading;
  why: string;
  /** The second best reading. */
  other: Reading | null;
}

/**
 * Read a column by its facts, or as a person asks for. `complete` says that the facts are of all rows, `isTime` that
 * rows are split by the column.
 *
 * @throws AutofisError if it cannot be read as asked.
 */
export function inferRule(
  where: string,
  given: ColumnFacts,
  {asked, complete, isTime = false}: {asked?: Reading; complete: boolean; isTime?: boolean},
): InferredRule {
  const facts = isTime ? timeFacts(given) : given;
  const found = isTime && facts.date === undefined ? TIME : choose(facts, complete);
  const {reading, why, other} =
    asked === undefined
      ? found
      : {reading: asked, why: 'it was asked for', other: found.reading === asked ? found.other : found.reading};
  return {
    rules: rulesOf(where, facts, reading, complete),
    assumption: {
      column: facts.name,
      reading: readingText(facts, reading, complete),
      why: `${why}${missingText(facts, reading)}`,
      alternative: other === null ? null : {reading: readingText(facts, other, complete), option: 'as', value: other},
    },
  };
}

/** Tell whether labels can help to read a column: they may prefer another reading of its numbers. */
export function isDoubtful(facts: ColumnFacts): boolean {
  return (
    facts.number !== undefined &&
    wasLeftOut(facts) === undefined &&
    facts.date === undefined &&
    idOrQuantity(facts, facts.number).doubt !== null
  );
}

/** Numbers by which rows are split. */
const TIME: Choice = {reading: 'drop', why: 'rows are split by it', other: 'number'};

/** Facts of a column of times without the month, which newer rows do not share with older ones. */
function timeFacts(facts: ColumnFacts): ColumnFacts {
  const {date} = facts;
  if (date === undefined) return facts;
  return {...facts, date: {...date, parts: date.parts.filter(part => part !== 'month')}};
}

function choose(facts: ColumnFacts, complete: boolean): Choice {
  const {distinct, present, rows, list, date, number} = facts;
  const numeric: Reading = number === undefined ? 'category' : 'number';
  const leftOut = wasLeftOut(facts);
  // Of a sample it is not known which other words there are.
  const meant = complete ? surelyMeant(facts) : undefined;
  if (meant !== undefined) return {...meant, other: 'category'};
  const text = distinct < 2 || number !== undefined ? undefined : whyText(facts);
  if (text !== undefined)
    return leftOut === undefined
      ? {reading: 'category', other: 'drop', ...text}
      : {reading: 'drop', other: 'category', ...text};
  if (leftOut !== undefined) return {reading: 'drop', why: leftOut, other: distinct < 2 ? null : numeric};
  if (date !== undefined) {
    const {otherFormat} = date;
    const isOpen = otherFormat === undefined ? '' : ', though no value tells month and day apart';
    return {
      reading: 'date',
      why: `all values are dates${isOpen}`,
      other: otherFormat === undefined ? numeric : `date:${otherFormat}`,
    };
  }
  if (list !== null)
    return {
      reading: 'list',
      why: list.isTyped ? 'its values are lists' : `"${list.separator}" separates values that repeat`,
      other: 'category',
    };
  if (number !== undefined) return chooseNumber(facts, number);
  if (isUnique(facts))
    return {
      reading: 'category',
      why: 'each row has its own value, but whether there is one may matter',
      other: 'drop',
    };
  const only = `it has one value, missing in ${rows - present} rows`;
  return {reading: 'category', why: distinct === 1 ? only : wordsText(facts), other: 'drop'};
}

/** Why a column of numbers or dates is text, and what it could be read as; undefined where it holds neither. */
function whyText(facts: ColumnFacts): {why: string; other?: Reading} | undefined {
  const {name, list, written, nearlyDate} = facts;
  if (written !== undefined)
    return {why: writtenText(name, written), ...(list === null ? {} : {other: 'list' as const})};
  if (nearlyDate?.forms !== undefined) return {why: formsText(name, nearlyDate.forms)};
  const near = nearly(facts, MOST_NUMBERS);
  const isNumber = list === null && !(nameSays(name) === 'id' && isUnique(facts));
  return near === undefined || (near.reading === 'number' && !isNumber)
    ? undefined
    : {why: near.why, other: near.reading};
}

function chooseNumber(facts: ColumnFacts, number: NonNullable<ColumnFacts['number']>): Choice {
  const {reading, why, doubt} = idOrQuantity(facts, number);
  const compared = doubt === null || facts.folds === undefined ? undefined : compareReadings(facts.folds);
  const isClear = compared !== undefined && compared.errors > CLEAR[doubt!];
  if (isClear && doubt === 'reading')
    return {
      reading: compared.better,
      other: compared.better === 'number' ? 'category' : 'number',
      why: 'a linear model of it then predicts held-out rows better',
    };
  if (isClear && compared.better === 'category')
    return {reading: 'both', other: 'number', why: 'its values seem to stand for groups of rows'};
  return {
    reading,
    other: reading === 'number' ? 'category' : 'number',
    why: `it ${why}`.replace(/^it its/, 'its'),
  };
}

/** Why a column is left out, if it is. */
function wasLeftOut(facts: ColumnFacts): string | undefined {
  const {name, distinct, present, rows, list, examples, isObject, wordCount} = facts;
  if (distinct === 0) return 'it is empty';
  if (distinct === 1 && present === rows) return `it is always ${examples[0]}`;
  if (isObject) return objectsText(name, list !== null);
  if (isRowNumber(facts)) return 'it counts the rows';
  if (present < (1 - INDICATOR) * rows) return undefined;
  if (isUnique(facts)) return 'nearly every row has a value of its own';
  return wordCount >= PROSE.words &&
    distinct > UNIQUE.values &&
    distinct > PROSE.share * present &&
    facts.date === undefined
    ? 'it is prose'
    : undefined;
}

/** Tell whether nearly every row has a different value that is not a quantity. */
function isUnique({name, distinct, present, number, date, list, written}: ColumnFacts): boolean {
  const isCode = number === undefined || nameSays(name) === 'id' || number.leadingZeros || isLongId(name, number);
  return (
    distinct > UNIQUE.values &&
    distinct > UNIQUE.share * present &&
    isCode &&
    date === undefined &&
    (list === null || written !== undefined)
  );
}

/** Tell whether the values are whole numbers that rise from row to row and are not called a quantity. */
function isRowNumber({name, distinct, present, number, order, date}: ColumnFacts): boolean {
  return (
    distinct === present &&
    distinct > UNIQUE.values &&
    date === undefined &&
    number !== undefined &&
    number.whole &&
    number.density > 0.9 &&
    order?.falls === 0 &&
    nameSays(name) !== 'quantity'
  );
}

function rulesOf(where: string, facts: ColumnFacts, reading: Reading, complete: boolean): FieldRule[] {
  const {name, present, distinct, numbers, words, list, nearlyDate, written} = facts;
  // Newer rows may hold a word that these do not; as a category it is a value that was not seen.
  const usual = ['category', 'list'].includes(reading) ? [] : MISSING_WORDS;
  const missing = [...new Set([...usual, ...missingWords(facts, reading).words])];
  const base = {name, column: name, ...(missing.length > 0 ? {missing} : {})};
  const date = datesIn(facts);
  const refuse = (problem: string) =>
    new AutofisError(`${where}: \`as\` asks for ${name} as ${reading}, but ${problem}.`);
  switch (reading) {
    case 'drop':
      return [];
    case 'category':
      return [{...base, type: 'categorical', ...(distinct > MANY_VALUES ? {minCount: 2} : {})}];
    case 'number':
      if (written !== undefined) throw refuse(writtenText(name, written));
      if (numbers === 0) throw refuse('it holds no number');
      if (words === null) throw refuse('too many of its values are not numbers');
      return [{...base, type: 'numeric'}];
    case 'both': {
      const [number, category] = (['number', 'category'] as const).flatMap(each =>
        rulesOf(where, facts, each, complete),
      );
      return [number, {...category, name: `${name} as category`}];
    }
    case 'list':
      if (list === null) throw refuse('its values hold no separator such as | or ; between values that repeat');
      return [{...base, type: 'multiValued', separator: list.separator, width: Math.min(MOST_WIDTH, list.width)}];
    case 'date':
      if (date === undefined)
        throw refuse(`${misfitText(nearlyDate, present)}; name their format, as in date:%d.%m.%Y`);
      return datesOf(date, base, complete);
    default:
      return datesBy(reading.slice('date:'.length), base, date && dateParts(date, complete));
  }
}

function readingText(facts: ColumnFacts, reading: Reading, complete: boolean): string {
  const {list} = facts;
  const date = datesIn(facts);
  if (reading === 'drop') return 'left out';
  if (reading === 'both') return 'number and category';
  if (reading === 'list' && list !== null) return `list of up to ${Math.min(MOST_WIDTH, list.width)} values`;
  if (reading === 'date' && date !== undefined)
    return `date${date.format === null ? '' : ` ${date.format}`}: ${dateParts(date, complete).join(', ')}`;
  return reading.replace(/^date:/, 'date ');
}
