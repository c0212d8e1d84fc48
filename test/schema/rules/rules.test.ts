import fc from 'fast-check';
import {ruleEncoder} from '../../../src/schema/rule_encoder';
import {bucketOf, logSquaredCode, parseNumber} from '../../../src/schema/rules/numeric';
import type {DatePart, FieldRule} from '../../../src/schema/schema';
import {fittedField} from '../../../src/schema/vocabulary';

type Rule = FieldRule extends infer R ? (R extends FieldRule ? Omit<R, 'name' | 'column'> : never) : never;

/** Encodes values one by one; each gives its ids and the outcome. */
function encode(rule: Rule, values: Array<string | string[] | null>, found = {}): string {
  const full = {name: 'x', column: 'x', ...rule} as FieldRule;
  const encoder = ruleEncoder(full, fittedField(full, {missing: 0, unseen: 0}, found));
  const ids = new Int32Array(values.length * encoder.width);
  const outcomes = values.map((value, row) => encoder.encode(value, ids, row * encoder.width));
  const idsOf = (row: number) => ids.subarray(row * encoder.width, (row + 1) * encoder.width).join(' ');
  return outcomes.map((outcome, row) => `${idsOf(row)} ${outcome}`).join('; ');
}

test('categorical: exact strings, missing 0, unseen 1', () => {
  expect(
    encode({type: 'categorical', missing: ['?']}, ['b', 'a', 'A', ' a', null, '', '?', '10000000000000000001'], {
      values: ['a', 'b', '10000000000000000001', '10000000000000000000'],
    }),
  ).toBe('3 known; 2 known; 1 unseen; 1 unseen; 0 missing; 0 missing; 0 missing; 4 known');
});

test('numeric, edges: a value on an edge belongs to the bucket above', () => {
  expect(
    encode({type: 'numeric', bucketing: 'edges', edges: [0, 2.5]}, [
      '-1',
      '0',
      '-0',
      '2.4',
      '2.5',
      '1e3',
      '',
      'abc',
      '1x',
    ]),
  ).toBe('1 known; 2 known; 2 known; 2 known; 3 known; 3 known; 0 missing; 0 invalid; 0 invalid');
});

test('numeric, log-squared: the code is the value', () => {
  expect(
    encode({type: 'numeric', bucketing: 'logSquared'}, ['3', '-1', '-1.9', '2', '7', null], {values: ['-1', '1', '2']}),
  ).toBe('3 known; 2 known; 2 known; 4 known; 1 unseen; 0 missing');
});

test.each<[string, number | undefined]>([
  ['1', 1],
  ['-1.50', -1.5],
  ['+2', 2],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['1E-2', 0.01],
  ['-0', -0],
  ['9007199254740993', 2 ** 53],
  [' 1', 1],
  ['1\t\n', 1],
  ['1_000', undefined],
  ['+-1', undefined],
  ['-+1', undefined],
  ['\u00a01', undefined],
  ['', undefined],
  ['.', undefined],
  [' ', undefined],
  ['1,5', undefined],
  ['0x1f', undefined],
  ['1e', undefined],
  ['١', undefined],
  ['nan', undefined],
  ['inf', undefined],
  ['Infinity', undefined],
  ['1e999', undefined],
  ['1 2', undefined],
])('parseNumber(%j)', (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test('logSquaredCode', () => {
  expect([3, 5, 100, 1e9, 2, 1.9, 0, -0, -0.5, -3, -1e300].map(logSquaredCode)).toEqual([
    1,
    2,
    21,
    429,
    2,
    1,
    0,
    0,
    0,
    -3,
    -Number.MAX_SAFE_INTEGER,
  ]);
});

test('no integer up to 10^9 lies within 1e-10 of a boundary of the log-squared rule', () => {
  for (let code = 1; code <= 429; code++) {
    const boundary = Math.floor(Math.exp(Math.sqrt(code)));
    for (const x of [boundary, boundary + 1]) expect(Math.abs(Math.log(x) ** 2 - code)).toBeGreaterThan(1e-10);
  }
});

test('bucketOf counts the edges at or below', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({min: -20, max: 20})), fc.integer({min: -25, max: 25}), (edges, x) => {
      edges.sort((a, b) => a - b);
      expect(bucketOf(x, edges)).toBe(edges.filter(edge => edge <= x).length);
    }),
    {seed: 1},
  );
});

test('multi-valued: frequent first, unseen once and last, cut to the width, padded', () => {
  const rule: Rule = {type: 'multiValued', separator: '|', width: 3, missing: ['-']};
  expect(
    encode(rule, ['c|a', 'a|a||-', 'z|y|b', 'c|b|a|z', 'z', null, '', '||', '-', ['b', 'q'], []], {
      values: ['a', 'b', 'c'],
    }),
  ).toBe(
    '2 4 -1 known; 2 -1 -1 known; 3 1 -1 unseen; 2 3 4 unseen; 1 -1 -1 unseen; 0 -1 -1 missing; 0 -1 -1 missing; ' +
      '0 -1 -1 missing; 0 -1 -1 missing; 3 1 -1 unseen; 0 -1 -1 missing',
  );
});

describe('dates', () => {
  const all = ['hour', 'weekday', 'day', 'month', 'weekend'] as const;
  const parts = (format: string | undefined, value: string, wanted: readonly DatePart[] = all) =>
    wanted.map(part => parseInt(encode({type: 'dateTime', part, ...(format === undefined ? {} : {format})}, [value])));

  test('ISO 8601, with and without time, fraction and zone; the parts are those written', () => {
    expect(parts(undefined, '2014-10-21')).toEqual([1, 3, 21, 10, 1]);
    expect(parts(undefined, '2014-10-21 23:59:00.250+02:00')).toEqual([24, 3, 21, 10, 1]);
    expect(parts(undefined, '2000-02-29T07:05Z')).toEqual([8, 3, 29, 2, 1]);
    expect(parts(undefined, '0099-01-01')).toEqual([1, 5, 1, 1, 1]);
  });

  test("Avazu's hour", () => {
    expect(parts('%y%m%d%H', '14102500')).toEqual([1, 7, 25, 10, 2]);
    expect(parts('%y%m%d%H', '68102622')).toEqual([23, 6, 26, 10, 1]);
    expect(parts('%y%m%d%H', '69102622')).toEqual([23, 1, 26, 10, 2]);
  });

  test.each([
    ['%-m/%-d/%Y', '1/2/2014', [5, 2, 1, 1]],
    ['%-m/%-d/%Y', '01/02/2014', [5, 2, 1, 1]],
    ['%-d.%-m.%Y %-H:%M', '2.1.2014 5:30', [6, 5, 2, 1, 1]],
    ['%Y/%m/%d %H:%M:%S.%f%z', '2014/10/21 23:59:00.25+02:00', [24, 3, 21, 10, 1]],
    ['%Y/%m/%d %H:%M %z', '2014/10/21 23:59 UTC', [24, 3, 21, 10, 1]],
    ['%-d-%b-%y', '21-OCT-14', [3, 21, 10, 1]],
    ['%b %-d, %Y %-I:%M %p', 'October 5, 2014 12:05 am', [1, 1, 5, 10, 2]],
    ['%b %-d, %Y %-I:%M %p', 'Oct 5, 2014 12:05 PM', [13, 1, 5, 10, 2]],
    ['%b %-d, %Y %-I:%M %p', 'Oct 5, 2014 1:05 PM', [14, 1, 5, 10, 2]],
    ['%a, %-d %b %Y %H:%M:%S %z', 'Tue, 21 Oct 2014 23:59:00 +0200', [24, 3, 21, 10, 1]],
    ['%a %b %-d %H:%M:%S %Y', 'Tue Oct  7 23:59:00 2014', [24, 3, 7, 10, 1]],
    ['[%d/%b/%Y:%H:%M:%S %z]', '[21/Oct/2014:23:59:00 -0700]', [24, 3, 21, 10, 1]],
    ['%a %b %d %H:%M:%S %z %Y', 'Tue Oct 21 23:59:00 +0000 2014', [24, 3, 21, 10, 1]],
    ['%Y-%m-%d %H:%M %Z', '2014-10-21 13:00 Europe/Paris', [14, 3, 21, 10, 1]],
    ['%s', '1413928740', [22, 3, 21, 10, 1]],
    ['%s', '1413928740.25', [22, 3, 21, 10, 1]],
    ['%Q', '1413928740000', [22, 3, 21, 10, 1]],
  ])('format %j: %j', (format, value, expected) => {
    expect(parts(format, value, all.slice(-expected.length))).toEqual(expected);
  });

  test.each([
    ['%-m/%-d/%Y', '13/2/2014'],
    ['%-m/%-d/%Y', '1/2/14'],
    ['%b %Y', 'Ocx 2014'],
    ['%b %Y', 'Oc 2014'],
    ['%Y-%m-%d %-I %p', '2014-10-21 13 PM'],
    ['%Y-%m-%d %H %z', '2014-10-21 13 CET'],
    ['%Y-%m-%d %H %Z', '2014-10-21 13 +0200'],
    ['%a %H', '21 13'],
    [undefined, '2014-02-29'],
    [undefined, '2014-13-01'],
    [undefined, '2014-00-10'],
    [undefined, '2014-1-1'],
    [undefined, '2014-10-21 24:00'],
    [undefined, '2014-10-21 10:60'],
    [undefined, ' 2014-10-21'],
    ['%y%m%d%H', '1410210'],
    ['%H.%d%%%m%Y', '10x20%102000'],
  ])('format %j: %j is invalid', (format, value) => {
    const part = format === '%b %Y' || format === '%-m/%-d/%Y' ? 'month' : 'hour';
    const rule: Rule = {type: 'dateTime', part, ...(format === undefined ? {} : {format})};
    expect(encode(rule, [value])).toBe('0 invalid');
  });
});

test('hashed: one more than the hash of the bytes modulo the buckets', () => {
  expect(encode({type: 'hashed', buckets: 1000, seed: 0x9747b28c}, ['ππππππππ', 'abc', null])).toBe(
    `${1 + (0xd58063c1 % 1000)} known; ${1 + (0xc84a62dd % 1000)} known; 0 missing`,
  );
});
