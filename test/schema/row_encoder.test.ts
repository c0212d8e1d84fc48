import {issueText, Row, RowEncoder} from '../../src/schema/row_encoder';
import {murmur3} from '../../src/murmur3';
import {everyRule, fittedSchema} from '../helpers/fitted';

const encoder = new RowEncoder(everyRule());
const device = (value: string) => 1 + (murmur3(value, 0) % 10);

/** Ids of one row. */
const idsOf = (row: Row) => [...encoder.encode([row]).ids];

test('a row takes one id a field, `width` for a multi-valued one', () => {
  expect(encoder.columns).toBe(8);
  const {ids, rows, issues} = encoder.encode([
    {site_id: 'a', age: '25', count: '10', genres: 'Comedy|Drama', time: '14102123', device: 'x', extra: 'ignored'},
    {site_id: 'zzz', age: '40', count: '3', genres: 'Noir', time: '14102100', device: 'y'},
  ]);
  expect({rows, issues}).toEqual({rows: 2, issues: []});
  expect([...ids]).toEqual([2, 2, 3, 2, 3, -1, 24, device('x'), 1, 3, 2, 1, -1, -1, 1, device('y')]);
});

test('numbers, booleans and lists count as the text that JavaScript writes', () => {
  expect(idsOf({site_id: 1005, age: 25, count: 10, genres: ['Drama', 7, null], time: 14102123, device: 5n})).toEqual(
    idsOf({site_id: '1005', age: '25', count: '10', genres: 'Drama|7', time: '14102123', device: '5'}),
  );
  expect(idsOf({site_id: true})[0]).toBe(idsOf({site_id: 'true'})[0]);
  expect(idsOf({age: 1e21})[1]).toBe(3);
});

test('null, undefined, NaN, an absent column, the empty string and what the rule names are missing', () => {
  const missing = [0, 0, 0, 0, -1, -1, 0, 0];
  for (const row of [
    {},
    {site_id: null, age: undefined, count: NaN, genres: [], time: '', device: ''},
    {site_id: '-', genres: '||'},
  ]) {
    expect(idsOf(row)).toEqual(missing);
  }
});

test('an absent column is missing, also one that is called as what all objects have', () => {
  const rule = {type: 'categorical', name: 'team', column: 'constructor'} as const;
  const teams = new RowEncoder(fittedSchema([{rule, values: ['Ferrari']}]));
  const {ids, issues} = teams.encode([{}, {constructor: 'Ferrari'}] as unknown as Row[]);
  expect({ids: [...ids], issues}).toEqual({ids: [0, 2], issues: []});
});

test('missing and unseen values are counted', () => {
  const {counts} = encoder.encode([{site_id: 'a', genres: 'Drama|Noir'}, {site_id: 'b'}, {age: 'old'}]);
  expect(counts.map(({name, missing, unseen}) => [name, missing, unseen])).toEqual([
    ['site', 1, 1],
    ['age', 3, 0],
    ['count', 3, 0],
    ['genres', 2, 1],
    ['hour', 3, 0],
    ['device', 3, 0],
  ]);
});

test('values that break their rule are named, row by row, and have the id of a missing one', () => {
  const {ids, issues} = encoder.encode([
    {site_id: 'a', time: '2014-10-21', device: new Date(0) as never},
    {site_id: ['a', 'b'], age: 'old', count: '1,5', device: {} as never, genres: [['a']] as never},
    {site_id: 2 ** 60, age: 2 ** 60, device: [1] as never},
  ]);
  expect(issues.map(issueText)).toEqual([
    'row 0, column "time" (field "hour"): "2014-10-21" is not a date or time in the format of the schema',
    'row 0, column "device": "1970-01-01T00:00:00.000Z" is a Date; give its text, such as that of toISOString()',
    'row 1, column "site_id" (field "site"): ["a","b"] is a list, but the field takes one value',
    'row 1, column "age": "old" is not a number',
    'row 1, column "count": "1,5" is not a number',
    'row 1, column "genres": [["a"]] holds a list within a list',
    'row 1, column "device": {} is neither text, number, boolean nor a list of these',
    'row 2, column "site_id" (field "site"): 1152921504606847000 is a number beyond 2^53, ' +
      'whose last digits are lost; give it as a string',
    'row 2, column "device": [1] is a list, but the field takes one value',
  ]);
  expect([...ids.subarray(8, 16)]).toEqual([0, 0, 0, 0, -1, -1, 0, 0]);
  expect(ids[17]).toBe(3);
});

test('ids of 19 digits stay apart as strings and bigints', () => {
  const avazu = new RowEncoder(
    fittedSchema([
      {rule: {type: 'categorical', name: 'id', column: 'id'}, values: ['10000371904215119486', '10000371904215119487']},
    ]),
  );
  expect([
    ...avazu.encode([{id: '10000371904215119486'}, {id: '10000371904215119487'}, {id: 10000371904215119487n}]).ids,
  ]).toEqual([2, 3, 3]);
});

test('what is not a list of objects', () => {
  expect(() => encoder.encode({} as never)).toThrow(
    'RowEncoder.encode: `rows` must be a list of objects, one for each row. Received: {}.',
  );
  expect(() => encoder.encode([{}, null] as never)).toThrow(
    '`rows[1]` must be an object of values by column. Received: null.',
  );
  expect(() => new RowEncoder({} as never)).toThrow(
    new Error(
      'checkFitted: `fitted` must be a fitted schema {version: 1, schema, rows, fields}. Received: {}. ' +
        'It is the `fitted` of what `prepare` gives, after `await`.',
    ),
  );
});
