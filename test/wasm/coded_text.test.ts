import {seededRandom} from '../../src/random';
import {CodedText} from '../../src/wasm/coded_text';

const COMMA = ','.charCodeAt(0);

/** A text of one column, parsed at once. */
function parsed(text: string | Buffer): CodedText {
  const coded = new CodedText(COMMA, [true], 1);
  const lines = coded.append(Buffer.from(text as string));
  expect(coded.parse(0, lines.length)).toBe(true);
  return coded;
}

it('gives each text the next code, whatever its length, and the same one again', () => {
  const texts = ['b', 'a', 'ab', '12345678', '112345678', '212345678', 'é', '😀', 'Zé😀 and more', 'a'.repeat(50_000)];
  const coded = parsed([...texts, ...texts].map(text => `${text}\n`).join(''));
  expect(coded.column(0).values).toEqual(texts);
  expect([...coded.column(0).codes]).toEqual([...texts, ...texts].map(text => 1 + texts.indexOf(text)));
  expect(coded).toMatchObject({rows: 20, count: 11, size: Buffer.byteLength(texts.join(''))});
});

it.each([2, 7, 8, 9, 15, 16, 17, 24, 25])('tells texts of %d bytes that differ in one byte', length => {
  const texts = Array.from({length}, (_, i) => `${'x'.repeat(i)}y${'x'.repeat(length - i - 1)}`);
  const coded = parsed([...texts, ...texts].map(text => `${text}\n`).join(''));
  expect(coded.column(0).values).toEqual(texts);
  expect([...coded.column(0).codes.subarray(length)]).toEqual(texts.map((_, i) => i + 1));
});

it('gives what a map gives, for many texts of two columns, in pieces of any length', () => {
  const random = seededRandom(3);
  const word = () =>
    Array.from({length: Math.floor(20 * random())}, () =>
      String.fromCharCode(random() < 0.7 ? 97 + Math.floor(2 * random()) : 45 + Math.floor(300 * random())),
    ).join('');
  const rows = Array.from({length: 30_000}, () => [word(), 'passed over', word()]);
  const bytes = Buffer.from(rows.map(row => `${row.join(',')}\n`).join(''));
  const coded = new CodedText(COMMA, [true, false, true], 10);
  for (let at = 0; at < bytes.length;) {
    const next = at + Math.floor(3000 * random());
    const text = coded.append(bytes.subarray(at, next));
    const end = text.lastIndexOf(10) + 1;
    if (end > 0) expect(coded.parse(0, end)).toBe(true);
    at = next;
  }
  expect(coded.rows).toBe(rows.length);
  for (const i of [0, 2]) {
    const expected = new Map([['', 0]]);
    const codes = rows.map(row => {
      if (!expected.has(row[i])) expected.set(row[i], expected.size);
      return expected.get(row[i])!;
    });
    const {values, codes: got} = coded.column(i);
    expect(values.length).toBeGreaterThan(15_000);
    expect(['', ...values]).toEqual([...expected.keys()]);
    expect(got).toEqual(Int32Array.from(codes));
  }
});

it('tells texts that have one hash', () => {
  const GOLDEN = 0x9e3779b97f4a7c15n;
  const hashed = (word: bigint) => {
    const product = BigInt.asUintN(64, (24n ^ word) * GOLDEN);
    return product ^ (product >> 32n);
  };
  const [first, second, other] = ['abcdefgh', 'ijklmnop', 'another.'].map(text => Buffer.from(text));
  // The second words differ as what became of the first ones does.
  const last = Buffer.alloc(8);
  last.writeBigUInt64LE(second.readBigUInt64LE() ^ hashed(first.readBigUInt64LE()) ^ hashed(other.readBigUInt64LE()));
  expect([0, 10, COMMA].some(byte => last.includes(byte))).toBe(false);
  const [a, b] = [
    [first, second],
    [other, last],
  ].map(pair => Buffer.concat([...pair, Buffer.from('the rest\n')]));
  expect([...parsed(Buffer.concat([a, b, b, a])).column(0).codes]).toEqual([1, 2, 2, 1]);
});

it('takes lines from a byte on, with more rows and longer texts than expected', () => {
  const coded = new CodedText(COMMA, [true, true], 0);
  const texts = Array.from({length: 600}, (_, i) => String(i).repeat(1 + (i % 40) * 97));
  for (const half of [texts.slice(0, 300), texts.slice(300)]) {
    const lines = coded.append(Buffer.from(`head\n${half.map(text => `${text},${text.length}\n`).join('')}`));
    expect(coded.parse(5, lines.length)).toBe(true);
    expect(coded.waiting).toBe(0);
  }
  expect(coded.column(0).values).toEqual(texts);
  expect([...coded.column(0).codes]).toEqual(texts.map((_, i) => i + 1));
  const {values, codes} = coded.column(1);
  expect(Array.from(codes, code => Number(values[code - 1]))).toEqual(texts.map(text => text.length));
});

it.each([
  ['fewer', 'a,b\nc\n'],
  ['more', 'a,b\nc,d,e\n'],
])('says that a line has %s columns', (_what, text) => {
  const coded = new CodedText(COMMA, [true, true], 1);
  expect(coded.parse(0, coded.append(Buffer.from(text)).length)).toBe(false);
});
