import {driftReport} from '../../src/schema/drift';
import {RowEncoder} from '../../src/schema/row_encoder';
import {fittedSchema} from '../helpers/fitted';

const fitted = fittedSchema(
  [
    {rule: {type: 'categorical', name: 'site', column: 'site'}, values: ['a', 'b']},
    {rule: {type: 'numeric', name: 'age', column: 'age', bucketing: 'edges', edges: [18]}},
  ],
  {site: {missing: 0.5, unseen: 0.25}, age: {missing: 0.1, unseen: 0}},
);

test('shares of missing and unseen values against training, the greatest change first', () => {
  const {rows, counts} = new RowEncoder(fitted).encode([{site: 'a', age: 5}, {site: 'c', age: 6}, {}, {age: 7}]);
  expect(driftReport(fitted, rows, counts)).toEqual({
    rows: 4,
    fields: [
      {name: 'age', training: {missing: 0.1, unseen: 0}, now: {missing: 0.25, unseen: 0}, change: 0.15},
      {name: 'site', training: {missing: 0.5, unseen: 0.25}, now: {missing: 0.5, unseen: 0.25}, change: 0},
    ],
    text: [
      'field  missing  in training   unseen  in training   change',
      '-----  -------  -----------  -------  -----------  -------',
      'age    25.00 %      10.00 %   0.00 %       0.00 %  15.00 %',
      'site   50.00 %      50.00 %  25.00 %      25.00 %   0.00 %',
    ].join('\n'),
  });
});

test('counts that do not belong to the schema', () => {
  expect(() => driftReport(fitted, 0, [])).toThrow('`rows` must be an integer >= 1. Received: 0');
  expect(() => driftReport(fitted, 5, undefined)).toThrow(
    '`counts` must be a list of counts, one for each field. Received: undefined. Shards that',
  );
  expect(() => driftReport(fitted, 5, [{name: 'other', missing: 0, unseen: 0}])).toThrow(
    '`counts` must be those of the fields site, age. Received: other. Use the schema that encoded the rows.',
  );
});
