import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {RowEncoder} from '../../src/schema/row_encoder';
import type {FieldRule} from '../../src/schema/schema';
import {fittedSchema} from '../helpers/fitted';
import {generator} from '../helpers/random';

/** Writes values of all kinds with their ids by every rule, as RowEncoder has them, for python/tests/data. */
export function writeHardValues(folder: string): void {
  const random = generator(3);
  const letters = [...'ab|é日👍 -5.'];
  const words = Array.from({length: 300}, () =>
    Array.from({length: 1 + Math.floor(random() * 9)}, () => letters[Math.floor(random() * letters.length)]).join(''),
  );
  const values = [null, '', ...HARD, ...words];
  const fitted = fittedSchema(everyRule().map(rule => ({rule, values: valuesOf(rule, words), edges: EDGES})));
  const {ids, issues, counts} = new RowEncoder(fitted).encode(values.map(x => ({x})));
  expect(new Set(issues.map(({field}) => field)).size).toBeGreaterThan(10);
  const expected = {
    fitted,
    values,
    ids: [...ids],
    issues: issues.map(({row, field}) => [row, field]),
    counts,
  };
  writeFileSync(path.join(folder, 'hard.json'), JSON.stringify(expected));
}

const EDGES = [-1.5, 0, 0.1, 5, 1e6];
const HARD = [
  ...[
    '5',
    '5.0',
    ' 5 ',
    '\t5',
    '+5',
    '-0',
    '1e3',
    '1e400',
    '-1e400',
    '+-1',
    '1_000',
    '0x1f',
    'nan',
    'inf',
    '1,5',
    '.5',
  ],
  ...['5.', '.', '-', 'e5', '0.1', '0.1000', '2', '2.9', '1e15', '9007199254740993', '-9007199254740993', '1e300'],
  ...[
    'a',
    'b',
    'é',
    '日本語',
    '👍',
    '\ufeffa',
    'A',
    ' a',
    'a ',
    "it's",
    '"a"',
    'a|b',
    'b||a|c',
    '|',
    '||',
    'x y',
    'a,b',
  ],
  ...['a|?|b', '?|?', '?', 'c|b|a|z|y', '2014-10-21', '2014-02-30', '2016-02-29', '2014-13-01', '2014-10-21T23:59'],
  ...['2014-10-21 05:30:00.25Z', '2014-10-21 24:00:00', '2014-10-21 05:60', '2014-10-21 05:30+02', '0000-03-01'],
  ...['2014-10-21\n', '14102105', '99123123', '14103199', '70010100', '1413868800', '1413868800.5', '1413868800123'],
  ...['Oct 21, 2014 5 PM', 'october 3, 2014 12 AM', 'Okt 21, 2014 5 PM', 'May 1, 2015 13 PM', 'June 1, 2015 0 AM'],
  ...['21.10.2014', '1.2.2014', '31.4.2014', '10/21/2014 23:59:59.123456 +02:00', '10/21/2014 00:00:00.5 UTC'],
  ...['Tue, 21 Oct 2014 23:59:00 +0200', 'Tue,  7 Oct 2014 05:30:00 Z', 'Tu, 7 Oct 2014 05:30:00 Z'],
  ...['Tue Oct 21 23:59:00 +0000 2014', 'Wed Jan 01 00:00:00 UTC 2014', 'Tue Oct 21 23:59:00 +0000 14'],
  ...['[07/Oct/2014:05:30:00 Europe/Paris]', '[07/Oct/2014:05:30:00 +0200]', '[07/Oct/2014:05:30:00 EST]'],
];
const FORMATS: Array<[string | undefined, Array<(FieldRule & {type: 'dateTime'})['part']>]> = [
  [undefined, ['hour', 'weekday', 'day', 'month', 'weekend']],
  ['%y%m%d%H', ['hour', 'weekday']],
  ['%s', ['hour', 'weekend']],
  ['%Q', ['day', 'month']],
  ['%b %-d, %Y %-I %p', ['hour', 'month', 'weekday']],
  ['%-d.%-m.%Y', ['weekday', 'day']],
  ['%a %b %d %H:%M:%S %z %Y', ['weekday']],
  ['%m/%d/%Y %H:%M:%S.%f %z', ['hour', 'day']],
  ['%a, %-d %b %Y %H:%M:%S %z', ['hour', 'day']],
  ['[%d/%b/%Y:%H:%M:%S %Z]', ['hour', 'day']],
];

/** Rules of every form, all of the column x. */
function everyRule(): FieldRule[] {
  const rule = <T extends object>(options: T, i: number) => ({column: 'x', name: `field ${i}`, ...options});
  return [
    {type: 'categorical'},
    {type: 'categorical', missing: ['a', '?', '5.0', "it's"]},
    {type: 'numeric', bucketing: 'edges', edges: EDGES},
    {type: 'numeric', missing: ['?', 'nan', '-']},
    {type: 'numeric', bucketing: 'logSquared'},
    {type: 'multiValued', separator: '|', width: 3, missing: ['?', 'a|b']},
    {type: 'multiValued', separator: '||', width: 1},
    {type: 'multiValued', separator: ' ', width: 8},
    {type: 'hashed', buckets: 1000},
    {type: 'hashed', buckets: 2 ** 31 - 2, seed: 2 ** 32 - 1, missing: ['é']},
    ...FORMATS.flatMap(([format, parts]) => parts.map(part => ({type: 'dateTime', format, part}))),
  ].map((options, i) => JSON.parse(JSON.stringify(rule(options, i))) as FieldRule);
}

function valuesOf(rule: FieldRule, words: readonly string[]): string[] | undefined {
  if (rule.type === 'numeric') return rule.bucketing === 'logSquared' ? ['5', '2', '0', '-1', '190'] : undefined;
  if (rule.type === 'categorical') return [...new Set(['5', '\ufeffa', "it's", '👍', 'a ', ...words.slice(0, 100)])];
  return ['c', 'a', '👍', 'b', 'é', '5', '日'];
}
