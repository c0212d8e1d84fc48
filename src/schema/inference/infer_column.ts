import {AutofisError, show} from '../../errors';
import {counted} from '../../counted';
import {dateFormat} from '../rules/date_format';
import type {DatePart, FieldRule} from '../schema';
import type {Assumption, Reading} from './assumption';
import {type ColumnFacts, MISSING_WORDS} from './column_facts';
import {type Choice, othersText, readColumn} from './column_rules';
import type {Others} from './counted_value';
import {partsOf} from './date_facts';

/** Most values of a list that a row has room for. */
const MOST_WIDTH = 16;
/** Fewest values of a column in which one that was seen once has no id of its own. */
const MANY_VALUES = 100_000;
/** Words that messages list. */
const SHOWN = 5;

/** Times without a part that newer rows share with older ones, by which rows are split. */
const TIME: Choice = {reading: 'drop', why: 'rows are split by it', other: 'number', isDoubtful: false};

/** The fields of one column, none where it is left out, and what is assumed about it. */
export interface InferredColumn {
  rules: FieldRule[];
  assumption: Assumption;
}

/**
 * Read a column by its facts, or as a person asks for.
 *
 * @param isTime True if rows are split by the column: newer rows do not share its months and numbers with older ones.
 * @throws AutofisError if it cannot be read as asked.
 */
export function inferColumn(
  where: string,
  facts: ColumnFacts,
  {asked, isTime = false}: {asked?: Reading; isTime?: boolean} = {},
): InferredColumn {
  const found = isTime && datePartsOf(facts, true).length === 0 ? TIME : readColumn(facts);
  const {reading, why, other, isDoubtful} =
    asked === undefined
      ? found
      : {
          reading: asked,
          why: 'it was asked for',
          other: found.reading === asked ? found.other : found.reading,
          isDoubtful: false,
        };
  const rules = rulesOf(where, facts, reading, isTime);
  const text = (kind: Reading) => readingText(facts, kind, isTime);
  return {
    rules,
    assumption: {
      column: facts.name,
      reading: text(reading),
      why: `${why}${missingText(facts, reading)}`,
      alternative: other === null ? null : {reading: text(other), option: 'as', value: other},
      isDoubtful: asked === undefined && (isDoubtful || hasOthers(facts, reading)),
    },
  };
}

function rulesOf(where: string, facts: ColumnFacts, reading: Reading, isTime: boolean): FieldRule[] {
  const {name, distinct, number, date, list} = facts;
  // Newer rows may hold a word that these do not; as a category it is a value that was not seen.
  const usual = ['category', 'list'].includes(reading) ? [] : MISSING_WORDS;
  const missing = [...new Set([...usual, ...facts.missing, ...(othersIn(facts, reading)?.words ?? [])])];
  const base = {name, column: name, ...(missing.length > 0 ? {missing} : {})};
  const refuse = (problem: string) =>
    new AutofisError(`${where}: \`as\` asks for ${name} as ${reading}, but ${problem}.`);
  const dates = (format: string | null, parts: readonly DatePart[]) =>
    parts.map((part): FieldRule => ({
      ...base,
      ...(format === null ? {} : {format}),
      type: 'dateTime',
      part,
      name: parts.length === 1 ? name : `${name} ${part}`,
    }));
  switch (reading) {
    case 'drop':
      return [];
    case 'category':
      return [{...base, type: 'categorical', ...(distinct > MANY_VALUES ? {minCount: 2} : {})}];
    case 'number':
      if (number === undefined) throw refuse('it holds no numbers, or more than 50 different other values');
      return [{...base, type: 'numeric'}];
    case 'list':
      if (list === undefined) throw refuse('its values hold no separator such as | or ; between values that repeat');
      return [{...base, type: 'multiValued', separator: list.separator, width: Math.min(MOST_WIDTH, list.width)}];
    case 'date':
      if (date === undefined) throw refuse(`${noDatesText(facts)}; name their format, as in date:%d.%m.%Y`);
      return dates(date.format, datePartsOf(facts, isTime));
    default: {
      const format = reading.slice('date:'.length);
      const parts = partsOf(format);
      // Throws where the format is wrong.
      if (parts.length === 0) dateFormat(`${where}: \`as\` of ${name}`, format, 'weekday');
      return dates(format, isTime ? parts.filter(part => part !== 'month') : parts);
    }
  }
}

/** Parts of a column's dates that become fields: those that differ, else all. */
function datePartsOf({date}: ColumnFacts, isTime: boolean): DatePart[] {
  if (date === undefined) return [];
  const parts = date.parts.length > 0 ? date.parts : partsOf(date.format);
  return parts.filter(part => !isTime || part !== 'month');
}

/** Why a column is not one of dates: "1 of its 400 values, "never", is not a date of the form ISO 8601". */
export function noDatesText({date, present}: ColumnFacts): string {
  if (date === undefined) return 'its values are not dates of one usual form';
  return `${othersText(date, present, 'date')} of the form ${date.format === null ? 'ISO 8601' : show(date.format)}`;
}

/** The values that count as missing in a reading, besides the words for missing values. */
function othersIn({number, date}: ColumnFacts, reading: Reading): Others | undefined {
  if (reading === 'number') return number;
  return reading === 'date' ? date : undefined;
}

/** Tell whether values are not of the kind of a reading, or dates have two orders of month and day. */
function hasOthers(facts: ColumnFacts, reading: Reading): boolean {
  if ((othersIn(facts, reading)?.rows ?? 0) > 0) return true;
  return reading === 'date' && facts.date?.otherFormat !== undefined;
}

/** Describe the values that count as missing as the end of a sentence; empty without any. */
function missingText(facts: ColumnFacts, reading: Reading): string {
  const others = othersIn(facts, reading);
  const words = [...facts.missing, ...(others?.words ?? [])];
  if (words.length === 0) return '';
  const more = words.length > SHOWN ? ` and ${words.length - SHOWN} more` : '';
  return (
    `; ${words.slice(0, SHOWN).map(show).join(', ')}${more} ${words.length === 1 ? 'counts' : 'count'} as missing, ` +
    `in ${counted(facts.missingRows + (others?.rows ?? 0), 'row')}`
  );
}

function readingText(facts: ColumnFacts, reading: Reading, isTime: boolean): string {
  const {list, date} = facts;
  if (reading === 'drop') return 'left out';
  if (reading === 'list' && list !== undefined) return `list of up to ${Math.min(MOST_WIDTH, list.width)} values`;
  if (reading === 'date' && date !== undefined)
    return `date${date.format === null ? '' : ` ${date.format}`}: ${datePartsOf(facts, isTime).join(', ')}`;
  return reading.replace(/^date:/, 'date ');
}
