import {parseNumber} from '../rules/numeric';

const wordsOf = (text: string) => new Set(text.split(' '));
const YES = wordsOf(
  'yes true on + pos positive click clicked bought success won win accepted approved churn churned default defaulted ' +
    'fraud spam malignant pass passed y t j o s d p ja jo jah jā taip oui si sí sì sim да так tak da ano áno igen ' +
    'kyllä evet ναι có ya 是 はい 예 네 نعم כן हाँ wahr vrai verdadero verdadeiro vero waar sant sand sandt prawda истина ' +
    'igaz doğru tosi',
);
const NO = wordsOf(
  'no false off - neg negative fail failed failure lost loss rejected denied normal none legit ham benign n f nein ' +
    'nej nei nee nē ne non não nao нет не ні ні nie nu nem ei hayır hayir όχι không tidak 否 いいえ 아니요 아니오 ' +
    'لا לא नहीं falsch faux falso onwaar falskt falsk usant fałsz ложь hamis yanlış väärin nessuno nessuna kein ' +
    'keine aucun aucune ninguno ninguna nenhum nenhuma',
);
/** Short words that say yes or no only beside one of the others: f alone may be a sex, and si a country. */
const SHORT = /^(?!no$|on$)[\p{L}]{1,2}$/u;
/** Negations in front of a word: separate from it, or as its prefix. */
const APART = /^(no|not|non|never|un|in|il|im|ir|dis|nicht|keine?|ohne|sans|sin|senza|sem|não|не|без|nie)[ _-]+$/;
const PREFIX = /^(no|not|non|un|in|il|im|ir|dis)$/;
/** Fewest letters behind a prefix: still is not a denial of ill, nor woman of man. */
const LEAST_LETTERS = 4;

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
    if (isYesBeside(folded(value), folded(other)))
      return {positive: value, because: `${value} reads as a yes beside ${other}`};
  }
  return {positive: rare, because: `neither reads as a yes, and ${rare} is not more frequent than ${frequent}`};
}

function folded(value: string): string {
  return value.normalize('NFC').toLowerCase();
}

function isYesBeside(value: string, other: string): boolean {
  const isNo = (text: string) => NO.has(text) || text.startsWith('<');
  const yes = YES.has(value) && !YES.has(other);
  const no = isNo(other) && !isNo(value);
  return denies(other, value) || (yes && (no || !SHORT.test(value))) || (no && !SHORT.test(other));
}

/** Tell whether a text is a word with a negation in front. */
function denies(text: string, word: string): boolean {
  if (!text.endsWith(word)) return false;
  const before = text.slice(0, -word.length);
  return APART.test(before) || (word.length >= LEAST_LETTERS && PREFIX.test(before));
}
