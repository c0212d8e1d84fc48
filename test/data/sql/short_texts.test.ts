import {ShortTexts} from '../../../src/data/sql/short_texts';
import {seededRandom} from '../../../src/random';

/**
 * Texts as they stand in DuckDB's vectors: 4 bytes of length, then 12 of text; of a longer one the first 4, and an
 * address.
 */
function vectorOf(texts: readonly string[]): Int32Array {
  const words = new Int32Array(4 * texts.length);
  texts.forEach((text, i) => {
    const bytes = Buffer.from(text);
    const place = Buffer.from(words.buffer, 16 * i, 16);
    words[4 * i] = bytes.length;
    bytes.copy(place, 4, 0, bytes.length > 12 ? 4 : 12);
    if (bytes.length > 12) place.writeBigInt64LE(123456789012345n, 8);
  });
  return words;
}

const codesOf = (table: ShortTexts, texts: readonly string[]) => [
  ...table.lookUp(vectorOf(texts)).subarray(0, texts.length),
];

it('has a code for each text, one for all others, and 0 for the empty one', () => {
  const table = ShortTexts.of(['b', 'a', 'abcdefghijkl', 'é😀', '-1'], 2, 1)!;
  expect(codesOf(table, ['a', '', 'b', 'c', 'abcdefghijkl', 'abcdefghijklm', 'abcdefghijk', 'é😀', '-1', '1'])).toEqual(
    [3, 0, 2, 1, 4, 1, 1, 5, 6, 1],
  );
  expect(codesOf(ShortTexts.of([], 1, 7)!, ['', 'a'])).toEqual([0, 7]);
});

it('tells texts apart that differ in zeros at their end', () => {
  const table = ShortTexts.of(['a', 'a\0', '\0'], 2, 1)!;
  expect(codesOf(table, ['a\0', 'a', 'a\0\0', '\0', '\0\0'])).toEqual([3, 2, 1, 4, 1]);
});

it('is undefined for texts of more than 12 bytes', () => {
  expect(ShortTexts.of(['a', 'abcdefghijklm'], 2, 1)).toBeUndefined();
  expect(ShortTexts.of(['éééééé'], 2, 1)).toBeDefined();
  expect(ShortTexts.of(['éééééé1'], 2, 1)).toBeUndefined();
});

it('gives what a map gives, for many texts', () => {
  const random = seededRandom(3);
  const text = () =>
    Array.from({length: Math.floor(13 * random())}, () =>
      String.fromCharCode(Math.floor(random() < 0.5 ? 2 * random() : 128 * random())),
    ).join('');
  const known = [...new Set(Array.from({length: 20_000}, text))].filter(Boolean);
  const codes = new Map(known.map((each, i) => [each, i + 2]));
  const asked = [...known, ...Array.from({length: 20_000}, text)];
  expect(codesOf(ShortTexts.of(known, 2, 1)!, asked)).toEqual(
    asked.map(each => (each === '' ? 0 : (codes.get(each) ?? 1))),
  );
});
