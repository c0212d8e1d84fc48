import type {FieldRule} from '../schema';
import type {ColumnFacts} from './column_facts';

/** Numbers that repeat less often than this on average are cut into buckets. */
const REPEATS = 10;
/** An integer with more values than this may be a number. */
const FEW_VALUES = 32;
/** Most values of a list that a row has room for. */
const MOST_WIDTH = 16;
/** From so many values on, one that was seen once has no id of its own. */
const MANY_VALUES = 1000;
/** A column with so many numbers may be meant to be one of numbers. */
const NEARLY = 0.95;
const IDENTIFIER = /(^|[_\W])(id|ids|uid|uuid|code|zip\w*|hash)$|Id$/i;

/** The fields of one column, none where it says nothing, and what should be said about it. */
export interface InferredRule {
  rules: FieldRule[];
  note: string | null;
  /** Whether it holds many numbers, each of which is a category. */
  numbers?: boolean;
}

export function inferRule(facts: ColumnFacts): InferredRule {
  const {name, present, distinct, numbers, integers, list, date, time, missing, examples} = facts;
  const base = {name, column: name, ...(missing.length > 0 ? {missing} : {})};
  const words = missing.length > 0 ? ` ${missing.map(word => JSON.stringify(word)).join(', ')} counts as missing.` : '';
  if (distinct < 2) return {rules: [], note: `${name} is left out: ${distinct === 0 ? 'it is empty' : `it is always ${examples[0]}`}.`};
  if (date !== undefined) {
    const parts = time ? ['hour', 'weekday'] as const : ['weekday', 'month'] as const;
    const format = date === null ? {} : {format: date};
    return {
      rules: parts.map(part => ({...base, ...format, type: 'dateTime', part, name: `${name} ${part}`})),
      note: `${name} is a date${date === null ? '' : ` (${date})`}: its ${parts.join(' and ')} are fields.`,
    };
  }
  if (list !== null) {
    const width = Math.min(MOST_WIDTH, list.width);
    return {
      rules: [{...base, type: 'multiValued', separator: list.separator, width}],
      note: `${name} is a list of up to ${width} values with "${list.separator}" between them.${words}`,
    };
  }
  const named = IDENTIFIER.test(name);
  if (distinct > 0.9 * present && distinct > 100 && (named || numbers < present)) {
    return {rules: [], note: `${name} is left out: nearly every row has a value of its own.`};
  }
  const numeric = numbers === present && !named && (integers < present ? distinct > FEW_VALUES : distinct > FEW_VALUES && present < REPEATS * distinct);
  if (numeric) {
    return {rules: [{...base, type: 'numeric'}],
      note: `${name} is a number, in bins.${words}`};
  }
  return {
    rules: [{...base, type: 'categorical', ...(distinct > MANY_VALUES ? {minCount: 2} : {})}],
    note: numbers < present && numbers >= NEARLY * present ? `${name} is text, for ${present - numbers} of its ${present} values ${present - numbers === 1 ? 'is' : 'are'} no number.${words}` :
      missing.length > 0 ? `${name}:${words}` : null,
    numbers: numbers === present && distinct > FEW_VALUES,
  };
}
