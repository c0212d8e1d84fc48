import {parseNumber} from '../rules/numeric';

const YES =
  /^(y|yes|t|true|on|\+|pos|positive|click(ed)?|bought|success|won|win|accepted|approved|churn(ed)?|default(ed)?|fraud|spam|malignant)$/i;
const NO =
  /^(n|no|f|false|off|-|neg|negative|fail(ed|ure)?|lost|loss|rejected|denied|normal|none|legit|ham|benign|<.*)$/i;

/** The positive one of two values, the more frequent first. */
export function guessPositive([frequent, rare]: readonly string[]): {positive: string; because: string} {
  const [a, b] = [parseNumber(frequent), parseNumber(rare)];
  if (a !== undefined && b !== undefined) {
    const larger = a > b ? frequent : rare;
    return {positive: larger, because: `${larger} is the larger number`};
  }
  for (const [value, other] of [
    [rare, frequent],
    [frequent, rare],
  ]) {
    if (
      (YES.test(value) && !YES.test(other)) ||
      (NO.test(other) && !NO.test(value)) ||
      other.toLowerCase().endsWith(value.toLowerCase())
    ) {
      return {positive: value, because: `${value} reads as a yes beside ${other}`};
    }
  }
  return {positive: rare, because: `${rare} is rarer than ${frequent}`};
}
