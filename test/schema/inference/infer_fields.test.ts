import {MISSING_WORDS} from '../../../src/schema/inference/column_facts';
import type {Reading} from '../../../src/schema/inference/assumption';
import type {InferenceOptions} from '../../../src/schema/inference/infer_fields';
import {seededRandom} from '../../../src/random';
import {assumed, infer, reading, type Values} from '../../helpers/inferred';

/** Draws by the number of the row. */
const random = Array.from({length: 20_000}, seededRandom(7));
const normal = (row: number) =>
  Math.sqrt(-2 * Math.log(1 - random[row])) * Math.cos(2 * Math.PI * random[(row * 7919 + 13) % random.length]);

describe('whole numbers are ids or quantities', () => {
  it.each<[string, string, Values[string]]>([
    ['category', 'user_id', row => row % 300],
    ['category', 'movieId', row => row % 300],
    ['category', 'userid', row => row % 300],
    ['category', 'ZIP', row => 10_000 + (row % 300)],
    ['category', 'src_ip', row => row % 300],
    ['category', 'product code', row => row % 300],
    ['category', 'count_id', row => row % 300],
    ['category', 'plot_id', row => row % 12],
    ['number', 'age', row => 18 + (row % 60)],
    ['number', 'n_users', row => row % 300],
    ['number', 'zip_count', row => row % 300],
    ['number', 'durationMs', row => row % 300],
    ['number', 'price', row => row % 300],
    ['number', 'total_amount_usd', row => row % 300],
  ])('by name: %s for %s', (expected, name, value) => {
    expect(reading(name, value)).toBe(expected);
  });

  it.each<[string, string, Values[string]]>([
    ['category', 'zeros in front', row => String(row % 300).padStart(5, '0')],
    ['category', 'few values only', row => row % 4],
    ['number', 'a few whole numbers', row => row % 12],
    ['number', 'fractions', row => (row % 300) / 4],
    ['number', 'negative values', row => Math.round(10 * normal(row))],
    ['number', 'durations in seconds, with a long tail', row => Math.round(Math.exp(5.5 + normal(row)))],
    [
      'number',
      'money that is mostly 0, else round',
      row => (row % 4 > 0 ? 0 : [Math.round(1000 * random[row]), 100 * Math.ceil(10 * random[row])][(row % 8) >> 2]),
    ],
    ['number', 'years', row => 2024 - Math.floor(-20 * Math.log(1 - random[row]))],
    ['number', 'a bell of values in many rows each', row => Math.max(1, Math.round(60 + 15 * normal(row)))],
    [
      'number',
      'minutes, many of which are multiples of fifteen',
      row => (row % 2 === 0 ? 15 * Math.ceil(6 * random[row]) : Math.ceil(300 * random[row])),
    ],
    ['number', 'marks from 0 to 100', row => Math.floor(101 * random[row])],
    [
      'category',
      'codes of five digits whose frequencies differ',
      row => 10_000 + ((Math.floor(150 * random[row] ** 3) * 7919) % 90_000),
    ],
    [
      'category',
      'ids from 1 on, some of them in many rows',
      row => 1 + ((Math.floor(250 * random[row] ** 3) * 7919) % 250),
    ],
  ])('without a name that helps: %s for %s', (expected, _what, value) => {
    expect(reading('x', value)).toBe(expected);
  });

  it('a linear model on held-out rows settles a doubt, for either reading', () => {
    const user = (row: number) => 1 + ((row * 7919) % 400);
    const bias = (id: number) => (random[id] < 0.5 ? 0.1 : 0.9);
    const y = (row: number) => (random[row] < bias(user(row)) ? 1 : 0);
    expect(assumed({y, x: user}, 'x', {rows: 16_000})).toEqual({
      column: 'x',
      reading: 'category',
      why: 'a linear model of it then predicts held-out rows better',
      alternative: {reading: 'number', option: 'as', value: 'number'},
    });
    const level = (row: number) => 1 + ((row * 7919) % 1500);
    const smooth = (row: number) => (random[row] < level(row) / 1500 ? 1 : 0);
    expect(assumed({y: smooth, x: level}, 'x', {rows: 6000})).toMatchObject({
      reading: 'number',
      why: 'a linear model of it then predicts held-out rows better',
    });
  });

  it('a quantity is a category, too, only where its values clearly stand for groups', () => {
    const income = (row: number) => 500 * ((row * 7919) % 400) + 0.5;
    const household = (row: number) => (random[(row * 7919) % 400] < 0.5 ? 0.2 : 0.8);
    const y = (row: number) => (random[row] < household(row) ? 1 : 0);
    const {schema, assumptions} = infer({y, income}, {rows: 8000});
    expect(assumptions.find(({column}) => column === 'income')).toEqual({
      column: 'income',
      reading: 'number and category',
      why: 'its values seem to stand for groups of rows',
      alternative: {reading: 'number', option: 'as', value: 'number'},
    });
    expect(schema.fields.filter(({column}) => column === 'income')).toEqual([
      {type: 'numeric', name: 'income', column: 'income', missing: MISSING_WORDS},
      {type: 'categorical', name: 'income as category', column: 'income'},
    ]);
    const rising = (row: number) => (random[row] < ((row * 7919) % 400) / 400 ? 1 : 0);
    expect(assumed({y: rising, income}, 'income', {rows: 8000})).toMatchObject({reading: 'number'});
    // By chance.
    expect(assumed({y: row => (random[row] < 0.3 ? 1 : 0), income}, 'income')).toMatchObject({
      reading: 'number',
      why: 'it has fractions',
    });
  });

  it('few values are counted in the reason, also where there is one', () => {
    expect(assumed({x: row => row % 4}, 'x').why).toBe('it has 4 values only');
    expect(assumed({x: row => (row % 2 === 0 ? '1' : '')}, 'x').why).toBe('it has 1 value only');
  });

  it('ids with few rows each are a number where that predicts better, and stay ids where it does not', () => {
    const subject = (row: number) => 1 + ((row * 7919) % 3000);
    const rising = (row: number) => (random[row] < subject(row) / 3000 ? 1 : 0);
    const chance = (row: number) => (random[row] < 0.3 ? 1 : 0);
    expect(assumed({y: rising, subject_id: subject}, 'subject_id', {rows: 6000})).toMatchObject({
      reading: 'number',
      why: 'a linear model of it then predicts held-out rows better',
    });
    expect(assumed({y: chance, subject_id: subject}, 'subject_id', {rows: 6000})).toMatchObject({
      reading: 'category',
      why: 'its name is that of an id',
    });
  });
});

describe('columns without a message are left out, but not those that are missing', () => {
  it.each<[string, Values[string], string]>([
    ['constant', () => 'same', 'it is always same'],
    ['empty', () => null, 'it is empty'],
    ['row', row => row + 1, 'it counts the rows'],
    ['id', row => (row === 9 ? 'err' : row), 'nearly every row has a value of its own'],
    [
      'price',
      row => `$${Math.floor(row / 4)},${100 + (row % 900)}`,
      '"$0,100" is a number to people only; write it as 0100, or by a query: ' +
        `SELECT * REPLACE (translate("price", '$,', '') AS "price") FROM 'FILE'`,
    ],
    ['uid', row => `u${row * 7919}`, 'nearly every row has a value of its own'],
    ['text', row => `the ${row % 2500} quick brown foxes`, 'it is prose'],
  ])('%s', (name, value, why) => {
    expect(assumed({[name]: value}, name)).toMatchObject({reading: 'left out', why});
  });

  it.each<[string, Values[string], object]>([
    ['one value or none', row => (row % 10 === 0 ? 'yes' : null), {type: 'categorical'}],
    ['one value or a word for none', row => (row % 10 === 0 ? 'yes' : 'NA'), {type: 'categorical', missing: ['NA']}],
    ['a value of its own in a few rows', row => (row % 20 === 0 ? `u${row}` : null), {type: 'categorical'}],
    ['a number in a few rows', row => (row % 20 === 0 ? row / 8 : null), {type: 'numeric', missing: MISSING_WORDS}],
  ])('a column with %s is a field', (_what, value, rule) => {
    expect(infer({x: value}).schema.fields).toContainEqual({...rule, name: 'x', column: 'x'});
  });
});

describe('numbers of 18 digits, of which a double keeps 16', () => {
  const long = (row: number) =>
    `4${String((row * 7_919_317 + 12_345_678) % 99_999_989).padStart(8, '0')}${123_456_789 + row}`;

  it('are left out where all differ, and ids where they repeat', () => {
    expect(assumed({x: long}, 'x')).toMatchObject({
      reading: 'left out',
      why: 'nearly every row has a value of its own',
    });
    expect(assumed({x: row => long(row % 400)}, 'x')).toMatchObject({
      reading: 'category',
      why: 'it has more digits than a quantity keeps',
    });
  });

  it('are a quantity where the name says so, or that they are times', () => {
    expect(reading('amount', long)).toBe('number');
    expect(reading('time_ns', long)).toBe('number');
  });
});

it('any reading can be asked for, and the table shows what it would have been', () => {
  const values: Values = {
    zip: row => 10_000 + (row % 300),
    age: row => 18 + (row % 60),
    uid: row => `u${row}`,
    mix: row => (row % 500 === 7 ? 'free' : row % 90),
    note: row => `n${row % 50}`,
    tags: row => ['a|b', 'b', 'a|c|b', 'c', 'a', 'b|c'][row % 6],
    day: row => `${1 + (row % 12)}.${1 + (row % 7)}.2024`,
  };
  const as: {[column: string]: Reading} = {
    zip: 'number',
    age: 'category',
    uid: 'category',
    mix: 'number',
    note: 'drop',
    tags: 'category',
    day: 'date:%-m.%-d.%Y',
  };
  const {schema, assumptions} = infer(values, {as});
  expect(schema.fields.slice(2)).toEqual([
    {type: 'numeric', name: 'zip', column: 'zip', missing: MISSING_WORDS},
    {type: 'categorical', name: 'age', column: 'age'},
    {type: 'categorical', name: 'uid', column: 'uid', minCount: 2},
    {type: 'numeric', name: 'mix', column: 'mix', missing: [...MISSING_WORDS, 'free']},
    {type: 'categorical', name: 'tags', column: 'tags'},
    {
      type: 'dateTime',
      name: 'day weekday',
      column: 'day',
      format: '%-m.%-d.%Y',
      part: 'weekday',
      missing: MISSING_WORDS,
    },
    {type: 'dateTime', name: 'day month', column: 'day', format: '%-m.%-d.%Y', part: 'month', missing: MISSING_WORDS},
  ]);
  expect(assumptions.find(({column}) => column === 'zip')).toEqual({
    column: 'zip',
    reading: 'number',
    why: 'it was asked for',
    alternative: {reading: 'category', option: 'as', value: 'category'},
  });
  expect(assumptions.map(({column}) => column)).toEqual(['y', null, 'site', 'shop', ...Object.keys(values)]);
});

it.each<[string, {[column: string]: string}, string]>([
  [
    'an unknown ' + 'column',
    {zap: 'number'},
    'test: `as` must be a column. Received: "zap". The columns are: "y", "site", "shop", "x".',
  ],
  ['the label', {y: 'number'}, 'test: `as` must not name the label y. Name another label, or leave it out of `as`.'],
  [
    'an unknown reading',
    {x: 'text'},
    'test: `as` must read x as one of category, number, both, list, date, drop or date:FORMAT. Received: "text".',
  ],
  ['text as a number', {x: 'number'}, 'test: `as` asks for x as number, but it holds no number.'],
  [
    'text as dates',
    {x: 'date'},
    'test: `as` asks for x as date, but its values are not dates of one usual form; ' +
      'name their format, as in date:%d.%m.%Y.',
  ],
  [
    'text as a list',
    {x: 'list'},
    'test: `as` asks for x as list, but its values hold no separator such as | or ; between values that repeat.',
  ],
  ['a wrong format', {x: 'date:%q'}, '"%q" is not a unit'],
])('refuses %s', (_what, as, message) => {
  expect(() => infer({x: row => `v${row % 70}`}, {as: as as InferenceOptions['as']})).toThrow(message);
});

it.each<[string, string[], string]>([
  ['case', ['True', 'no', 'TRUE'], '"True" and "TRUE"'],
  ['spaces', ['a', 'b ', 'b'], '"b" and "b "'],
])('text in which values differ only in %s is text, and the query that makes them one is named', (_what, of, pair) => {
  const why =
    `it is text; ${pair} differ only in case or in spaces around them; a query makes them one: ` +
    `SELECT * REPLACE (lower(trim("x y")) AS "x y") FROM 'FILE'`;
  expect(assumed({'x y': row => of[row % 3]}, 'x y')).toMatchObject({reading: 'category', why});
});

describe('numbers that are written for people', () => {
  const BRACKETS = "'(),', '-'";
  const SPACES = "'(, )\u00a0€', '-.'";

  it.each<[string, (row: number) => string, string, string, string]>([
    ['decimal commas', row => `${row % 30},${10 + (row % 80)}`, '"0,10"', '0.10', "',', '.'"],
    ['thousands', row => `1,${100 + (row % 90)},567`, '"1,100,567"', '1100567', "',', ''"],
    ['both', row => `${1 + (row % 9)}.${100 + (row % 90)},56`, '"1.100,56"', '1100.56', "',.', '.'"],
    ['currencies', row => `-$${row % 9}.${100 + (row % 90)}`, '"-$0.100"', '-0.100', "'$', ''"],
    [
      'brackets',
      row => (row % 5 === 0 ? `(${7 + (row % 3)},700)` : `1,${100 + (row % 90)}`),
      '"(7,700)"',
      '-7700',
      BRACKETS,
    ],
    ['a Swiss franc', row => `CHF ${1 + (row % 9)}'700.50`, '"CHF 1\'700.50"', '1700.50', "' ''CFH', ''"],
    ['spaces', row => `${1 + (row % 9)} 700,${row % 9}`, '"1 700,0"', '1700.0', "', ', '.'"],
    ['spaces that do not break', row => `(${1 + (row % 9)}\u00a0700,5 €)`, '"(1\u00a0700,5 €)"', '-1700.5', SPACES],
    ['percent', row => (row % 2 === 0 ? '7' : `${row % 90} %`), '"1 %"', '1', "' %', ''"],
  ])(
    '%s: they are not a list, and the query that makes numbers of them is named',
    (_what, x, example, plain, marks) => {
      const query = `SELECT * REPLACE (translate("x", ${marks}) AS "x") FROM 'FILE'`;
      const why = `${example} is a number to people only; write it as ${plain}, or by a query: ${query}`;
      expect(assumed({x}, 'x')).toMatchObject({reading: 'category', why});
      expect(() => infer({x}, {as: {x: 'number'}})).toThrow(`test: \`as\` asks for x as number, but ${why}.`);
    },
  );

  it.each<[string, (row: number) => string]>([
    ['of ids', row => ['3,17,25', '3', '17,3', '25,3,17', '17'][row % 5]],
    ['of words', row => ['a,b', 'b', 'b,c', 'a,c'][row % 4]],
  ])('a list %s stays a list', (_what, x) => {
    expect(reading('x', x)).toMatch(/^list/);
  });

  it('numbers in several spellings are counted once', () => {
    const x = (row: number) => ['-0', '0', '0.0', '1', '1.0', '+1', '1e0'][row % 7];
    expect(assumed({x}, 'x').why).toBe('it has 2 whole numbers, whose order may matter');
  });
});

it('one value that is missing in some rows is said to be that', () => {
  expect(assumed({x: row => (row % 10 === 0 ? 'yes' : null)}, 'x').why).toBe('it has one value, missing in 3600 rows');
});

it.each<[string, Values[string], string]>([
  ['text', row => 'uvw'[row % 3], '"u", "v", "w"'],
  ['0 in each row', () => 0, '"0"'],
])('refuses a weight that is %s', (_what, w, held) => {
  expect(() => infer({w}, {weight: 'w'})).toThrow(
    `test: \`weight\` must be a column of numbers >= 0 that are not all 0. w holds ${held}.`,
  );
});

it('the weight is a role, not a field, and is said', () => {
  const {schema, assumptions} = infer(
    {w: row => 1 + (row % 3), a: row => `a${row % 7}`, b: row => `b${row % 5}`},
    {weight: 'w'},
  );
  expect(schema.fields.map(({column}) => column)).not.toContain('w');
  expect(assumptions).toContainEqual({column: 'w', reading: 'weights of rows', why: 'it was named', alternative: null});
});
