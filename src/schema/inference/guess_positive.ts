import {parseNumber} from '../rules/numeric';

const wordsOf = (text: string) => new Set(text.split(' '));
/** Words that say yes or no beside any other value. */
const YES =
  /^(yes|true|on|\+|pos|positive|click(ed)?|bought|success|won|win|accepted|approved|churn(ed)?|default(ed)?|fraud|spam|malignant)$/;
const NO = /^(no|false|off|-|neg|negative|fail(ed|ure)?|lost|loss|rejected|denied|normal|none|legit|ham|benign|<.*)$/;
/** Words and letters that say yes or no beside one of the others: f alone may be a sex, and si a country. */
const YES_BESIDE = wordsOf(
  'y t j o s d p ja jo jah jā taip oui si sí sì sim да так tak da ano áno igen kyllä evet ναι có ya 是 はい 예 네 ' +
    'نعم כן हाँ wahr vrai verdadero verdadeiro vero waar sant sand sandt prawda истина igaz doğru tosi pass passed',
);
const NO_BESIDE = wordsOf(
  'n f nein nej nei nee nē ne non não nao нет не ні ні nie nu nem ei hayır hayir όχι không tidak 否 いいえ 아니요 아니오 ' +
    'لا לא नहीं falsch faux falso onwaar falskt falsk usant fałsz ложь hamis yanlış väärin nessuno nessuna ' +
    'kein keine aucun aucune ninguno ninguna nenhum nenhuma',
);
/** Negations in front of a word: separate from it, or as its prefix. */
const APART = /^(no|not|non|never|un|in|il|im|ir|dis|nicht|keine?|ohne|sans|sin|senza|sem|não|не|без|nie)[ _-]+$/;
const PREFIX = /^(no|not|non|un|in|il|im|ir|dis)$/;
/** Fewest letters behind a prefix: still is not a denial of ill, nor woman of man. */
const LEAST_LETTERS = 4;

/** The positive one of two values, the more frequent first; `rows` are those of each. */
export function guessPositive(
  [frequent, rare]: readonly string[],
  rows: readonly number[] = [],
): {positive: string; because: string} {
  const [a, b] = [parseNumber(frequent), parseNumber(rare)];
  if (a !== undefined && b !== undefined) {
    const larger = a > b ? frequent : rare;
    return {positive: larger, because: `${larger} is the larger number`};
  }
  for (const [value, other] of [
    [rare, frequent],
    [frequent, rare],
  ]) {
    if (isYesBeside(folded(value), folded(other)))
      return {positive: value, because: `${value} reads as a yes beside ${other}`};
  }
  if (rows[0] === rows[1] && rows.length > 0)
    return {positive: rare, because: `neither ${frequent} nor ${rare} reads as a yes, and both are equally frequent`};
  return {positive: rare, because: `${rare} is rarer than ${frequent}`};
}

function folded(value: string): string {
  return value.normalize('NFC').toLowerCase();
}

function isYesBeside(value: string, other: string): boolean {
  if (denies(other, value)) return true;
  const isYes = (text: string) => YES.test(text) || YES_BESIDE.has(text);
  const isNo = (text: string) => NO.test(text) || NO_BESIDE.has(text);
  if (isYes(value) && isNo(other)) return true;
  return (YES.test(value) && !isYes(other)) || (NO.test(other) && !isNo(value));
}

/** Tell whether a text is a word with a negation in front. */
function denies(text: string, word: string): boolean {
  if (!text.endsWith(word)) return false;
  const before = text.slice(0, -word.length);
  return APART.test(before) || (word.length >= LEAST_LETTERS && PREFIX.test(before));
}
