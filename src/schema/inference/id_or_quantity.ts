import {counted} from '../../counted';
import type {ColumnFacts} from './column_facts';
import {nameSays, nameSaysTime} from './name_words';
import type {NumberFacts} from './number_facts';

/** Reading of a column of numbers, and the reason for it. */
export interface NumberReading {
  reading: 'category' | 'number';
  why: string;
  /**
   * Question that labels may settle: which reading is right, or whether a quantity's values also stand for groups of
   * rows. Null where nothing is in doubt, or where a bin for each value makes both readings the same.
   */
  doubt: 'reading' | 'groups' | null;
}

/** One observation: points for a quantity, negative ones for an id. */
interface Evidence {
  points: number;
  words: string;
}

/** Most different values of a column that is always a category, since their order says hardly anything. */
const FEW_VALUES = 4;
/** Most different values that get a bin each. Such a number is like a category, but ordered. */
export const BIN_EACH = 32;
/** A model learns little from ids with fewer rows each; they may predict better as numbers. */
const ROWS_OF_ID = 5;
/** Fewer points than these, for either reading, leave a doubt. */
const SURE = 2;
/** Values with fewer rows each stand for no groups. */
const ROWS_OF_GROUP = 2;
const YEARS = {from: 1900, to: 2100};

/**
 * Read a column of numbers as ids or as quantities. Clear names decide, and so do fractions and leading zeros. A few
 * whole numbers are a quantity: models may then use their order. Otherwise the values decide: their steps, tails, round
 * numbers and order in the file. Ids with few rows each leave a doubt despite their name: numbers of subjects may rise
 * with time. And a quantity may say which rows belong together, as the income of a household does.
 */
export function idOrQuantity({name, distinct, present, order}: ColumnFacts, facts: NumberFacts): NumberReading {
  if (facts.leadingZeros) return {reading: 'category', why: 'has leading zeros, as codes do', doubt: null};
  if (isLongId(name, facts)) return {reading: 'category', why: 'has more digits than a quantity keeps', doubt: null};
  if (distinct <= FEW_VALUES) return {reading: 'category', why: `has ${counted(distinct, 'value')} only`, doubt: null};
  const doubt = distinct > BIN_EACH && present >= ROWS_OF_GROUP * distinct ? 'groups' : null;
  if (!facts.whole) return {reading: 'number', why: 'has fractions', doubt};
  const said = nameSays(name);
  if (said === 'id')
    return {
      reading: 'category',
      why: 'its name is that of an id',
      doubt: distinct > BIN_EACH && present < ROWS_OF_ID * distinct ? 'reading' : null,
    };
  if (facts.tooLong && nameSaysTime(name)) return {reading: 'number', why: 'its name is that of a time', doubt};
  if (said === 'quantity') return {reading: 'number', why: 'its name is that of a quantity', doubt};
  if (distinct <= BIN_EACH)
    return {reading: 'number', why: `has ${facts.distinct} whole numbers, whose order may matter`, doubt: null};
  const evidence = evidenceOf(facts, distinct, present, order);
  const points = evidence.reduce((sum, each) => sum + each.points, 0);
  const sign = points >= 0 ? 1 : -1;
  const [strongest] = evidence.filter(each => each.points * sign > 0).sort((a, b) => (b.points - a.points) * sign);
  const reading = sign > 0 ? 'number' : 'category';
  return {
    reading,
    doubt: doubtOf(points, doubt),
    why: strongest?.words ?? 'holds whole numbers, and nothing else hints at their meaning',
  };
}

/** Tell whether numbers are as long as ids, unless the name says otherwise: times in nanoseconds are as long. */
export function isLongId(name: string, {tooLong}: NumberFacts): boolean {
  return tooLong && nameSays(name) !== 'quantity' && !nameSaysTime(name);
}

/** A category that is surely one stays one. */
function doubtOf(points: number, ofQuantity: NumberReading['doubt']): NumberReading['doubt'] {
  if (Math.abs(points) < SURE) return 'reading';
  return points > 0 ? ofQuantity : null;
}

function evidenceOf(facts: NumberFacts, distinct: number, present: number, order: ColumnFacts['order']): Evidence[] {
  const {least, greatest, negative, step, density, tail, digits, smoothness, dispersion} = facts;
  const repeats = present / distinct;
  const isRound = (facts.roundness.share >= 0.7 && facts.roundness.z >= 3.5) || (facts.peaks >= 6 && step % 5 !== 0);
  const found: Array<Evidence | false> = [
    negative > 0 && {points: 3, words: 'has negative values'},
    least >= YEARS.from && greatest <= YEARS.to && {points: 2, words: 'looks like years'},
    step > 1 && {points: 1.5, words: `moves in steps of ${step}`},
    isRound && {points: 3, words: 'has many round numbers'},
    tail >= 3 && {points: 2, words: 'has a long tail of large values'},
    repeats < 2 && {points: 1, words: 'rarely repeats a value'},
    smoothness.correlation >= 0.5 &&
      smoothness.z >= 5 && {points: 1.5, words: 'has neighbouring values about equally often'},
    !isRound &&
      smoothness.correlation <= 0.2 &&
      dispersion >= 3 &&
      repeats >= 5 &&
      distinct >= 50 && {points: -1.5, words: 'has neighbouring values at very different frequencies'},
    density >= 0.9 &&
      least >= 0 &&
      least <= 1 &&
      distinct >= 200 && {points: -1.5, words: `is numbered from ${least} to ${greatest}`},
    digits !== null && digits >= 5 && {points: -1.5, words: `has ${digits} digits in each row`},
    order !== undefined &&
      repeats >= 2 &&
      order.changes < 1.02 * distinct && {points: -1.5, words: 'has the rows of each value together'},
    density < 0.01 &&
      tail < 1.5 &&
      repeats >= 2 && {points: -1.5, words: 'has few values, spread evenly over a wide range'},
  ];
  return found.filter(each => each !== false);
}
