import {countedFacts, MISSING_WORDS} from '../../../src/schema/inference/column_facts';
import {inferColumn} from '../../../src/schema/inference/infer_column';
import type {InferenceOptions} from '../../../src/schema/inference/infer_fields';
import {assumed, infer, ROWS, type Values} from '../../helpers/inferred';

const two = (number: number) => String(number).padStart(2, '0');
const day = (row: number, format: (day: number, month: number) => string) =>
  format(1 + (row % 28), 1 + ((row * 7919) % 3));
const LONG = 2n ** 60n;
const DATES = 'its values are dates';
const NOT_DATES = 'it may hold dates, but not of one usual form';
const numbers = (rest: string) => `its values are numbers${rest}`;

/** The table of docs/cli.md: name, values, reading, reason and value of the alternative. */
it.each<[name: string, value: Values[string], reading: string, why: string, other: string | undefined]>([
  ['empty', () => null, 'left out', 'it is empty', undefined],
  ['fixed', () => 'same', 'left out', 'it is always same', undefined],
  ['row', row => row + 1, 'left out', 'it counts the rows', 'number'],

  // Dates.
  ['d', row => day(row, (d, m) => `2024-${two(m)}-${two(d)}`), 'date: weekday, month', DATES, 'category'],
  ['d', row => day(row, d => `2024-01-${two(d)} 07:30Z`), 'date: weekday', DATES, 'category'],
  [
    'd',
    row => day(row, (d, m) => `2024-${two(m)}-${two(d)}T${two(row % 24)}:05:00.5+02:00`),
    'date: hour, weekday, month',
    DATES,
    'category',
  ],
  [
    'd',
    row => day(row, (d, m) => `${m}/${d}/2024 ${1 + (row % 12)}:05 PM`),
    'date %-m/%-d/%Y %-I:%M %p: hour, weekday, month',
    DATES,
    'category',
  ],
  [
    'd',
    row => day(row, (d, m) => `${d}.${m}.2024 ${row % 24}:05`),
    'date %-d.%-m.%Y %-H:%M: hour, weekday, month',
    DATES,
    'category',
  ],
  ['d', row => `${row % 24}:${10 + (row % 40)}`, 'date %-H:%M: hour', DATES, 'category'],
  ['d', row => day(row, (d, m) => `2024${two(m)}${two(d)}`), 'date %Y%m%d: weekday, month', DATES, 'number'],
  ['d', row => `200102${two(1 + (row % 20))}`, 'date %Y%m%d: weekday', DATES, 'number'],
  ['hour', row => `141021${two(row % 24)}`, 'date %y%m%d%H: hour', DATES, 'number'],
  ['d', row => 1_704_067_200 + row * 3600, 'date %s: hour, weekday, month', DATES, 'number'],
  ['d', row => 1_704_067_200_000 + row * 3_600_000, 'date %Q: hour, weekday, month', DATES, 'number'],
  [
    'd',
    row => `${1 + (row % 12)}/${1 + ((row * 7) % 12)}/2024`,
    'date %-m/%-d/%Y: weekday, month',
    'its values are dates, though no value tells month and day apart',
    'date:%-d/%-m/%Y',
  ],
  [
    'd',
    row => (row === 9 ? 'soon' : day(row, d => `2024-01-${two(d)}`)),
    'date: weekday',
    '1 of its 4000 values, "soon", is not a date; "soon" counts as missing, in 1 row',
    'category',
  ],

  // Dates of other forms are text, and the flag that reads them is named.
  ['d', row => day(row, d => `${d} May 2024`), 'category', NOT_DATES, 'date:FORMAT'],
  ['d', row => `May ${1 + (row % 28)}, 2024`, 'category', NOT_DATES, 'date:FORMAT'],
  [
    'd',
    row => day(row, (d, m) => (row % 2 ? `2024-0${m}-${two(d)}` : `${d}.${m}.2024`)),
    'category',
    NOT_DATES,
    'date:FORMAT',
  ],
  [
    'd',
    row => `12/May/2024:${two(row % 24)}:${two(row % 60)}:01 +${two(row % 100)}${two(row % 99)}`,
    'left out',
    `nearly every row has a value of its own; ${NOT_DATES}`,
    'date:FORMAT',
  ],

  // Numbers.
  ['x', row => (row % 300) / 4, 'number', numbers(''), 'category'],
  ['x', row => row % 12, 'number', numbers(''), 'category'],
  ['id', row => (row % 300) / 8, 'number', numbers(''), 'category'],
  ['n_users', row => row % 300, 'number', numbers(''), 'category'],
  ['x', row => (row % 20 === 0 ? row / 8 : null), 'number', numbers(''), 'category'],
  [
    'v',
    row => (row === 9 ? 'err' : row * 0.7),
    'number',
    '1 of its 4000 values, "err", is not a number; "err" counts as missing, in 1 row',
    'category',
  ],
  [
    'lead',
    row => ['<LOD', '<0.5'][row % 4] ?? (row % 90) / 8,
    'number',
    '2000 of its 4000 values, such as "<0.5", are not numbers; "<0.5", "<LOD" count as missing, in 2000 rows',
    'category',
  ],
  ['flag', row => row % 4, 'category', 'it has 4 numbers only', 'number'],
  ['flag', row => ['-0', '0.0', '1', '+1', '1e0'][row % 5], 'category', 'it has 2 numbers only', 'number'],
  ...['user_id', 'movieId', 'userid', 'ZIP', 'src_ip', 'product code', 'count_id'].map(
    (name): [string, Values[string], string, string, string] => [
      name,
      row => row % 300,
      'category',
      'its name is that of an id',
      'number',
    ],
  ),
  [
    'x',
    row => ((row % 60) ** 3 * 7919) % 100_003,
    'category',
    'its numbers repeat, but lie far apart, as codes do',
    'number',
  ],
  ['x', row => 50 * ((row % 60) ** 3 % 2003), 'number', numbers(''), 'category'],
  ['hid', row => 1 + (row % 800), 'category', 'its numbers count things without a gap, as ids do', 'number'],
  ['votes', row => Math.floor(((row % 800) * (row % 800)) / 800), 'number', numbers(''), 'category'],
  ['votes', row => Math.floor(2 ** ((row % 170) / 10)), 'number', numbers(''), 'category'],
  ['x', row => two(row % 30), 'category', 'its numbers have leading zeros or too many digits, as codes do', 'number'],
  [
    'x',
    row => `${LONG + BigInt(row % 50)}`,
    'category',
    'its numbers have leading zeros or too many digits, as codes do',
    'number',
  ],
  ['user_id', row => row % 2500, 'number', numbers(''), 'category'],
  ['order_id', row => 20_240_101 + (row % 28), 'category', 'its name is that of an id', 'number'],
  [
    'grade',
    row => ['K', 'PK'][row % 15] ?? 1 + (row % 12),
    'category',
    '534 of its 4000 values, such as "K", are not numbers',
    'number',
  ],
  [
    'door',
    row => (row % 5 === 0 ? `${row % 90}a` : row % 90),
    'category',
    '800 of its 4000 values, such as "0a", are not numbers',
    'number',
  ],
  ['id', row => (row === 9 ? 'err' : row), 'left out', 'nearly every row has a value of its own', 'category'],

  // Numbers that are written for people are neither numbers nor lists.
  ...['1,100,567', '-$1,100.50', '0,10', '12 %', '€ 1,5'].map(
    (value): [string, Values[string], string, string, string] => [
      'price',
      row => value.replace(/1/g, String(1 + (row % 9))),
      'category',
      `"${value}" is not a number to programs; write it as 1234.5 is written`,
      'drop',
    ],
  ),

  // Lists and text.
  [
    'tags',
    row => ['a|b', 'b', 'a|c|b', 'c', 'b|c', 'a'][row % 6],
    'list of up to 3 values',
    '"|" separates values that repeat',
    'category',
  ],
  [
    'ids',
    row => ['3,17,25', '3', '17,3', '25,3,17', '17'][row % 5],
    'list of up to 3 values',
    '"," separates values that repeat',
    'category',
  ],
  ['x', row => (row % 10 === 0 ? 'yes' : null), 'category', 'it is text', 'drop'],
  ['x', row => (row % 10 === 0 ? 'yes' : 'NA'), 'category', 'it is text; "NA" counts as missing, in 3600 rows', 'drop'],
  ['x', row => (row % 20 === 0 ? `u${row}` : null), 'category', 'it is text', 'drop'],
  ['uid', row => `u${row}`, 'left out', 'nearly every row has a value of its own', 'category'],
  ['x', row => (row % 10 < 6 ? 'free' : row % 90), 'category', 'it is text', 'drop'],
  ['x', row => (row % 9 ? '2024-02-30' : 'never'), 'category', 'it is text', 'drop'],
])('%s, such as in row 0 %p: %s', (name, value, reading, why, other) => {
  expect(assumed({[name]: value}, name)).toMatchObject({
    reading,
    why,
    ...(other === undefined ? {alternative: null} : {alternative: {option: 'as', value: other}}),
  });
});

it('numbers, dates and text become fields with the words that count as missing', () => {
  const {schema} = infer({
    price: row => (row === 9 ? 'free' : row / 8),
    when: row => `2024-03-${two(1 + (row % 28))} ${two(row % 24)}:15`,
    kind: row => ['a', '?'][row % 2],
    tags: row => Array.from({length: 20}, (_, i) => `t${i}x${(row >> i) % 2}`).join('|'),
  });
  const missing = MISSING_WORDS;
  expect(schema.fields.slice(2)).toEqual([
    {type: 'numeric', name: 'price', column: 'price', missing: [...missing, 'free']},
    {type: 'dateTime', name: 'when hour', column: 'when', part: 'hour', missing},
    {type: 'dateTime', name: 'when weekday', column: 'when', part: 'weekday', missing},
    {type: 'categorical', name: 'kind', column: 'kind', missing: ['?']},
    {type: 'multiValued', name: 'tags', column: 'tags', separator: '|', width: 16},
  ]);
});

it('values that occur once share an id in a category of more than 100,000 values only', () => {
  const rules = (values: number) => {
    const counted = Array.from({length: values}, (_, i) => ({value: `v${i}`, count: 2}));
    return inferColumn('test', countedFacts('site', 2 * values, counted)).rules;
  };
  expect(rules(100_000)).toEqual([{type: 'categorical', name: 'site', column: 'site'}]);
  expect(rules(100_001)).toEqual([{type: 'categorical', name: 'site', column: 'site', minCount: 2}]);
});

describe('asked for', () => {
  const missing = MISSING_WORDS;
  it.each<[string, Values[string], object[]]>([
    ['number', row => 10_000 + (row % 300), [{type: 'numeric', name: 'zip', missing}]],
    [
      'number',
      row => (row % 10 ? `<${row % 30}` : row),
      [{type: 'numeric', missing: [...missing, ...(Array(27).fill(expect.any(String)) as string[])]}],
    ],
    ['category', row => row / 8, [{type: 'categorical'}]],
    ['list', row => ['3|4', '4', '3', '4|3'][row % 4], [{type: 'multiValued', separator: '|', width: 2}]],
    ['drop', row => row % 50, []],
    [
      'date',
      row => (row % 3 ? 'soon' : `2024-01-0${1 + (row % 9)}`),
      [{part: 'weekday', name: 'zip', missing: [...missing, 'soon']}],
    ],
    ['date', row => (row % 3 ? null : '2024-01-01'), [{part: 'hour'}, {part: 'weekday'}, {part: 'month'}]],
    [
      'date:%-m.%-d.%Y',
      row => `${1 + (row % 12)}.${1 + (row % 7)}.2024`,
      [
        {part: 'weekday', format: '%-m.%-d.%Y', missing},
        {part: 'month', name: 'zip month'},
      ],
    ],
    ['date:%b %d', row => `May ${two(1 + (row % 28))}`, [{part: 'month', name: 'zip'}]],
  ])('%s', (reading, zip, fields) => {
    const as = {zip: reading} as InferenceOptions['as'];
    const {schema, assumptions} = infer({zip}, {as});
    expect(schema.fields.slice(2)).toMatchObject(fields);
    expect(schema.fields).toHaveLength(2 + fields.length);
    expect(assumptions.at(-1)!.why).toMatch(/^it was asked for/);
  });

  it('what it would have been is the alternative, and missing words are named and counted', () => {
    const v = (row: number) => ['1.5', '2.5', '0.5', 'NaN', '-inf', 'inf', 'err', 'off', 'none', 'x'][row % 10];
    expect(assumed({v}, 'v', {as: {v: 'number'}})).toMatchObject({
      column: 'v',
      reading: 'number',
      why: `it was asked for; "NaN", "-inf", "err", "inf", "none" and 2 more count as missing, in ${0.7 * ROWS} rows`,
      alternative: {reading: 'category', option: 'as', value: 'category'},
    });
  });

  it.each<[string, {[column: string]: string}, string]>([
    [
      'column',
      {zap: 'number'},
      'test: `as` must be a column. Received: "zap". The columns are: "y", "site", "shop", "x".',
    ],
    ['label', {y: 'number'}, 'test: `as` must not name the label y. Name another label, or leave it out of `as`.'],
    [
      'reading',
      {x: 'both'},
      'test: `as` must read x as one of category, number, list, date, drop or date:FORMAT. Received: "both".',
    ],
    [
      'number',
      {x: 'number'},
      'test: `as` asks for x as number, but it holds no numbers, or more than 50 different other values.',
    ],
    [
      'dates',
      {x: 'date'},
      'test: `as` asks for x as date, but its values are not dates of one usual form; ' +
        'name their format, as in date:%d.%m.%Y.',
    ],
    [
      'list',
      {x: 'list'},
      'test: `as` asks for x as list, but its values hold no separator such as | or ; between values that repeat.',
    ],
    ['format', {x: 'date:%q'}, 'test: `as` of x: "%q" is not a unit.'],
  ])('refuses a wrong %s', (_what, as, message) => {
    expect(() => infer({x: row => `v${row % 70}`}, {as: as as InferenceOptions['as']})).toThrow(message);
  });
});

it('refuses a table with fewer than two fields, and says why columns are left out', () => {
  expect(() => infer({site: () => 'a', shop: () => null})).toThrow(
    'test: a model of interactions needs two fields; the table has 0. ' +
      'site is left out: it is always a. shop is left out: it is empty.',
  );
});

it.each<[string, Values[string], string]>([
  ['text', row => 'uvw'[row % 3], '"u", "v", "w"'],
  ['0 in each row', () => 0, '"0"'],
])('refuses a weight that is %s', (_what, w, held) => {
  expect(() => infer({w}, {weight: 'w'})).toThrow(
    `test: \`weight\` must be a column of numbers >= 0 that are not all 0. w holds ${held}.`,
  );
});

it('the weight is a role, not a field, and is listed', () => {
  const {schema, assumptions} = infer({w: row => 1 + (row % 3)}, {weight: 'w'});
  expect(schema.fields.map(({column}) => column)).not.toContain('w');
  expect(assumptions).toContainEqual(
    expect.objectContaining({column: 'w', reading: 'weights of rows', why: 'it was named', alternative: null}),
  );
});
