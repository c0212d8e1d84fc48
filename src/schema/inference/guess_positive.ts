import {parseNumber} from '../rules/numeric';

/** Pairs of words for yes and no, in any case. */
const PAIRS = ['yes no', 'y n', 'true false', 't f', 'on off', '+ -', 'positive negative', 'pos neg', 'pass fail'];
/** Beginnings that make a word its opposite: "not clicked", "non-smoker", "unpaid", "inactive". */
const DENIALS = /^(no|not|non|un|in)[ _-]?$/;

/** Choose the positive one of two values, the more frequent first. A choice by frequency alone is doubtful. */
export function guessPositive([frequent, rare]: readonly string[]): {
  positive: string;
  because: string;
  isDoubtful: boolean;
} {
  const [a, b] = [parseNumber(frequent), parseNumber(rare)];
  if (a !== undefined && b !== undefined) {
    const larger = a > b ? frequent : rare;
    return {positive: larger, because: `${larger} is the larger number`, isDoubtful: false};
  }
  for (const [value, other] of [
    [rare, frequent],
    [frequent, rare],
  ])
    if (isYesBeside(value.toLowerCase(), other.toLowerCase()))
      return {positive: value, because: `${value} reads as a yes beside ${other}`, isDoubtful: false};
  return {
    positive: rare,
    because: `neither reads as a yes, and ${rare} is not more frequent than ${frequent}`,
    isDoubtful: true,
  };
}

function isYesBeside(value: string, other: string): boolean {
  if (PAIRS.includes(`${value} ${other}`)) return true;
  return other.endsWith(value) && DENIALS.test(other.slice(0, -value.length));
}
