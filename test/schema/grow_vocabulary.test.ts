import fc from 'fast-check';
import {growVocabulary, countIds, idsBefore, withTrainingRows} from '../../src/schema/grow_vocabulary';
import {RowEncoder} from '../../src/schema/row_encoder';
import {checkFitted, FittedSchema} from '../../src/schema/vocabulary';
import {everyRule, fittedSchema} from '../helpers/fitted';

const before = everyRule();
/** The same schema on newer rows. */
const fresh: FittedSchema = fittedSchema([
  {rule: before.schema.fields[0], values: ['b', 'a', 'c']},
  {rule: before.schema.fields[1], edges: [30]},
  {rule: before.schema.fields[2], values: ['9', '1']},
  {rule: before.schema.fields[3], values: ['Noir', 'Drama', 'War']},
  {rule: before.schema.fields[4]},
  {rule: before.schema.fields[5]},
]);

test(
  'known values keep their ids, new ones follow by their count in the newer rows; ' + 'edges, dates and hashes stay',
  () => {
    const {fitted, added} = growVocabulary(before, fresh);
    expect(fitted.fields.map(({values, size}) => [size, values])).toEqual([
      [7, ['a', '1005', 'true', 'b', 'c']],
      [4, undefined],
      [5, ['1', '5', '9']],
      [7, ['Drama', 'Comedy', '7', 'Noir', 'War']],
      [25, undefined],
      [11, undefined],
    ]);
    expect(fitted.fields[1].edges).toEqual([20, 40]);
    expect(added).toEqual([
      {name: 'site', added: 2},
      {name: 'count', added: 1},
      {name: 'genres', added: 2},
    ]);
    expect(checkFitted(fitted)).toBe(fitted);
    expect(growVocabulary(fitted, fresh)).toEqual({fitted, added: []});
  },
);

test('a field grows to the greatest size of its rule', () => {
  const of = (values: string[]) =>
    fittedSchema([{rule: {type: 'categorical', name: 'site', column: 'site', maxSize: 5}, values}]);
  expect(growVocabulary(of(['a', 'b']), of(['c', 'a', 'd'])).fitted.fields[0].values).toEqual(['a', 'b', 'c']);
  expect(growVocabulary(of(['a', 'b', 'c']), of(['d'])).added).toEqual([]);
});

test('another schema', () => {
  const other = fittedSchema([{rule: {type: 'categorical', name: 'page', column: 'page'}, values: []}]);
  expect(() => growVocabulary(before, other)).toThrow(
    'growVocabulary: `fresh` must be fitted with the schema of `fitted`, of the fields site, age, count, genres, ' +
      'hour, device. ' +
      'Received one of the fields page.',
  );
});

test('every row has its old ids where the new values are taken back to unseen', () => {
  const {fitted} = growVocabulary(before, fresh);
  const [old, grown] = [before, fitted].map(each => new RowEncoder(each));
  const text = (...values: string[]) => fc.constantFrom(...values, null);
  const row = fc.record({
    site_id: text('a', '1005', 'b', 'c', 'zz', '-'),
    age: fc.integer({min: 0, max: 60}),
    count: text('1', '5', '3', '4'),
    genres: fc
      .uniqueArray(fc.constantFrom('Drama', 'Comedy', '7', 'Noir', 'War', 'Other', 'More'), {maxLength: 6})
      .map(items => items.join('|')),
    time: text('14102105', '14102123'),
    device: text('x', 'y'),
  });
  fc.assert(
    fc.property(fc.array(row, {maxLength: 20}), rows => {
      expect(idsBefore(grown.encode(rows).ids, before)).toEqual(old.encode(rows).ids);
    }),
    {seed: 1},
  );
});

test('counts of ids are those of the encoder, and become what drift is measured against', () => {
  const rows = [{site_id: 'a', genres: 'Drama|Other', count: '3'}, {site_id: 'zz', age: 5}, {}, {time: '14102105'}];
  const {ids, counts} = new RowEncoder(before).encode(rows);
  expect(countIds(ids, before)).toEqual(counts);
  const {fields, rows: total} = withTrainingRows(before, 4, counts);
  expect(total).toBe(104);
  expect(fields[0].training).toEqual({missing: 0.5, unseen: 0.25});
});
