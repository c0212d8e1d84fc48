import {ByteCodes} from '../../../src/data/sources/byte_codes';
import {seededRandom} from '../../../src/random';

/** The code of a text that stands between others. */
function codeOf(codes: ByteCodes, text: string): number {
  const bytes = Buffer.from(`before${text}behind`);
  const to = bytes.length - 6;
  let low = 0;
  let high = 0;
  for (const byte of bytes.subarray(6, to)) {
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | byte;
  }
  return codes.codeOf(bytes, 6, to, low, high);
}

it('gives each text the next code, whatever its length, and the same one again', () => {
  const codes = new ByteCodes();
  const texts = ['b', 'a', 'ab', '12345678', '112345678', '212345678', 'é', '😀', 'Zé😀 and more', 'a'.repeat(50_000)];
  for (let round = 0; round < 2; round++)
    expect(texts.map(text => codeOf(codes, text))).toEqual(texts.map((_, i) => i + 1));
  expect(codes.count).toBe(texts.length + 1);
  expect(codes.values()).toEqual(texts);
});

it('gives what a map gives, for many texts', () => {
  const random = seededRandom(3);
  const codes = new ByteCodes();
  const expected = new Map<string, number>();
  for (let i = 0; i < 200_000; i++) {
    const length = 1 + Math.floor(14 * random());
    const text = Array.from({length}, () =>
      String.fromCharCode(random() < 0.7 ? 97 + Math.floor(2 * random()) : 32 + Math.floor(300 * random())),
    ).join('');
    if (!expected.has(text)) expected.set(text, expected.size + 1);
    if (codeOf(codes, text) !== expected.get(text)) throw new Error(text);
  }
  expect(expected.size).toBeGreaterThan(50_000);
  expect(codes.values()).toEqual([...expected.keys()]);
});
