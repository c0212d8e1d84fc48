import {MISSING_WORDS} from '../../../src/schema/inference/column_facts';
import type {Reading} from '../../../src/schema/inference/assumption';
import {assumed, infer, ROWS, type Values} from '../../helpers/inferred';

/** A day and minute of its own for each row. */
const dayOf = (row: number) => new Date(Date.UTC(2024, 0, 1, 0, 7 * row)).toISOString().slice(0, 16);

describe('numbers and dates among a few other values', () => {
  const other = (row: number, value: string | number) => (row % 400 === 9 ? `w${row % 7}` : value);

  it.each<[string, Values[string], string, string]>([
    ['v', row => (row === 9 ? 'err' : row * 0.7), 'number', '1 of its 4000 values, "err", is not a number'],
    [
      'lead_ppm',
      row => ['<LOD', '<0.5'][row % 50] ?? (row % 90) / 8,
      'number',
      '160 of its 4000 values, such as "<0.5", are not numbers',
    ],
    [
      'zinc',
      row => (row % 10 < 3 ? '<LOD' : row * 0.7),
      'number',
      '1200 of its 4000 values, such as "<LOD", are not numbers',
    ],
    ['day', row => (row === 9 ? 'yesterday' : dayOf(row)), 'date', '1 of its 4000 values, "yesterday", is not a date'],
  ])('%s is read as all others are, and the few are missing', (name, value, reading, why) => {
    const found = assumed({[name]: value}, name, {complete: true});
    expect(found.reading).toMatch(new RegExp(`^${reading}`));
    expect(found.why).toMatch(new RegExp(`^${why}; .* counts? as missing, in \\d+ rows?$`));
    expect(found.alternative).toMatchObject({option: 'as', value: 'category'});
  });

  it.each<[string, Values[string]]>([
    ['numbers with a letter, as houses have', row => (row % 50 === 9 ? `${row % 30}a` : row % 90)],
    ['ids', row => (row % 50 === 9 ? 'none yet' : 1e6 + ((row * 7919) % 900))],
    ['numbers among many words', row => (row % 10 === 9 ? 'free' : row % 90)],
    ['grades', row => ['K', 'PK'][row % 15] ?? 1 + (row % 12)],
    ['numbers among many different words', row => (row % 40 === 9 ? `free ${row}` : row % 90)],
  ])('%s stay a category', (what, value) => {
    const name = what === 'ids' ? 'site_id' : 'x';
    expect(assumed({[name]: value}, name, {complete: true}).reading).toBe('category');
  });

  it.each<[string, Values[string], string]>([
    ['lead', row => (row % 100 < 8 ? `<${row % 100}` : (row % 90) / 8), 'category'],
    ['zinc', row => (row % 100 < 8 ? `<${row % 100}` : row * 0.7), 'left out'],
  ])('%s is numbers among many words: the table says so, and how to read the numbers', (name, value, reading) => {
    const found = assumed({[name]: value}, name, {complete: true});
    expect([found.why, found.alternative]).toEqual([
      '320 of its 4000 values, such as "<0", are not numbers',
      {reading: 'number', option: 'as', value: 'number'},
    ]);
    expect(found.reading).toBe(reading);
  });

  it('of a column with fewer numbers than words nothing is said', () => {
    const found = assumed({x: row => (row % 10 < 6 ? 'free' : row % 90)}, 'x', {complete: true});
    expect([found.why, found.alternative?.value]).toEqual(['it is text', 'drop']);
  });

  it('of a sample they stay text, since further rows may hold other words', () => {
    const price = (row: number) => (row === 9 ? 'free' : row % 90);
    expect(assumed({price}, 'price', {complete: false}).alternative).toMatchObject({option: 'as', value: 'number'});
    expect(assumed({price}, 'price', {complete: true}).reading).toBe('number');
  });

  it.each<[string, Values[string], Reading]>([
    ['dates', row => other(row, dayOf(row)), 'date'],
    ['dates of another form', row => other(row, `${dayOf(row).slice(8, 10)}/${dayOf(row).slice(5, 7)}/2024`), 'date'],
    ['fractions', row => other(row, row / 8), 'number'],
    ['whole numbers', row => other(row, row % 90), 'number'],
    ['dates that another word precedes', row => (row === 9 ? '!' : dayOf(row)), 'date'],
  ])('%s can be asked for, and the words are missing', (_what, value, reading) => {
    const {alternative} = assumed({x: value}, 'x', {complete: false});
    expect(alternative).toMatchObject({option: 'as', value: reading});
    const {schema, assumptions} = infer({x: value}, {as: {x: reading}, complete: false});
    const rule = schema.fields.find(({column}) => column === 'x')!;
    expect(rule.type).toBe(reading === 'date' ? 'dateTime' : 'numeric');
    expect(assumptions.at(-1)!.why).toMatch(/^it was asked for; .* counts? as missing, in \d+ rows?$/);
    expect((rule as {missing?: string[]}).missing).toEqual(
      _what.endsWith('precedes') ? [...MISSING_WORDS, '!'] : expect.arrayContaining(['w2', 'w0']),
    );
  });

  it('each word that counts as missing is named, and the rows that hold one', () => {
    const v = (row: number) => ['1.5', '2.5', '0.5', 'NaN', '-inf', 'inf', 'err', 'off', 'none', 'x'][row % 10];
    expect(assumed({v}, 'v', {as: {v: 'number'}}).why).toBe(
      `it was asked for; "NaN", "-inf", "err", "inf", "none" and 2 more count as missing, in ${0.7 * ROWS} rows`,
    );
    expect(assumed({v}, 'v').why).toBe(`it is text; "NaN" counts as missing, in ${ROWS / 10} rows`);
  });

  it('the first value that is not a date is named', () => {
    const day = (row: number) => (row % 4 === 0 ? `day ${row}` : dayOf(row));
    expect(() => infer({day}, {as: {day: 'date'}})).toThrow(
      `test: \`as\` asks for day as date, but ${ROWS / 4} of its ${ROWS} values, such as "day 0", ` +
        'are not dates of the form ISO 8601; name their format, as in date:%d.%m.%Y.',
    );
  });
});
