import {checkSchema} from '../../src/schema/check_schema';
import type {Schema} from '../../src/schema/schema';

const site = {type: 'categorical', name: 'site', column: 'site_id'};
const withRule = (rule: object) => ({version: 1, fields: [site, {name: 'x', column: 'x', ...rule}]});

it('returns the schema that it was given', () => {
  const schema: Schema = {
    version: 1,
    label: {column: 'click'},
    weight: {column: 'w'},
    fields: [
      {type: 'categorical', name: 'site', column: 'site_id', minCount: 2, maxSize: 100, missing: ['NA', '?']},
      {type: 'numeric', name: 'I1', column: 'I1', bucketing: 'quantiles', buckets: 10},
      {type: 'numeric', name: 'price', column: 'price'},
      {type: 'numeric', name: 'cost', column: 'cost', bucketing: 'spikes', buckets: 64},
      {type: 'numeric', name: 'I2', column: 'I2', bucketing: 'logSquared', minCount: 10},
      {type: 'numeric', name: 'age', column: 'age', bucketing: 'edges', edges: [18, 25, 65]},
      {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 6, combiner: 'sum'},
      {type: 'dateTime', name: 'hour', column: 'hour', format: '%y%m%d%H', part: 'hour'},
      {type: 'hashed', name: 'ip', column: 'device_ip', buckets: 1000, seed: 7},
    ],
  };
  expect(checkSchema(schema)).toBe(schema);
});

it.each<[string, unknown, string]>([
  ['no object', [], 'checkSchema: `schema` must be {version: 1, label, weight, fields}. Received: [].'],
  [
    'another version',
    {version: 2, fields: [site]},
    'checkSchema: `version` must be 1, the only version that this library supports. Received: 2. ' +
      'A schema is the `schema` of what inferSchema gives, after `await`.',
  ],
  [
    'no fields',
    {version: 1, fields: []},
    'checkSchema: `fields` must be a list of rules, one for each field. Received: [].',
  ],
  [
    'a misspelt key',
    {version: 1, fields: [site], labels: 1},
    'checkSchema: `labels` must not be given: the options are version, label, weight, fields. Received: 1.',
  ],
  [
    'a label of one list',
    {version: 1, fields: [site], label: {column: 'y', positive: ['yes']}},
    'checkSchema: `label.negative` must be a list of non-empty values. Received: undefined.',
  ],
  [
    'a label that is both',
    {version: 1, fields: [site], label: {column: 'y', positive: ['a'], negative: ['b', 'a']}},
    'checkSchema: `label.negative` must not hold a value of `label.positive`. Received: "a".',
  ],
  [
    'an unknown comparison',
    {version: 1, fields: [site], label: {column: 'y', comparison: '=', threshold: 1}},
    'checkSchema: `label.comparison` must be one of ">=", ">", "<=", "<". Received: "=".',
  ],
  [
    'a comparison with text',
    {version: 1, fields: [site], label: {column: 'y', comparison: '>=', threshold: '1'}},
    'checkSchema: `label.threshold` must be a finite number. Received: "1".',
  ],
  [
    'a label as text',
    {version: 1, fields: [site], label: 'click'},
    'checkSchema: `label` must be {column}. Received: "click".',
  ],
  ['one name twice', {version: 1, fields: [site, site]}, 'checkSchema: two fields are called "site". Rename one.'],
  [
    'an unknown type',
    withRule({type: 'text'}),
    'checkSchema: `fields[1].type` must be one of "categorical", "numeric", "multiValued", "dateTime", "hashed". ' +
      'Received: "text".',
  ],
  [
    'no column',
    withRule({type: 'categorical', column: ''}),
    'checkSchema: `fields[1].column` must be a non-empty string. Received: "".',
  ],
  [
    'a count below 1',
    withRule({type: 'categorical', minCount: 0}),
    'checkSchema: `fields[1].minCount` must be an integer >= 1. Received: 0.',
  ],
  [
    'an option of another type',
    withRule({type: 'categorical', buckets: 3}),
    'checkSchema: `fields[1]`: `buckets` must not be given: the options are type, name, column, missing, minCount, ' +
      'maxSize. Received: 3.',
  ],
  [
    'one bucket',
    withRule({type: 'numeric', bucketing: 'quantiles', buckets: 1}),
    'checkSchema: `fields[1].buckets` must be a number in [2, 65536]. Received: 1.',
  ],
  [
    'one bin',
    withRule({type: 'numeric', buckets: 1}),
    'checkSchema: `fields[1].buckets` must be a number in [2, 65536]. Received: 1.',
  ],
  [
    'edges that fall',
    withRule({type: 'numeric', bucketing: 'edges', edges: [2, 1]}),
    'checkSchema: `fields[1].edges` must be a list of ascending finite numbers. Received: [2,1].',
  ],
  [
    'missing values that are numbers',
    withRule({type: 'categorical', missing: [-1]}),
    'checkSchema: `fields[1].missing` must be a list of strings. Received: [-1].',
  ],
  [
    'no separator',
    withRule({type: 'multiValued', separator: '', width: 2}),
    'checkSchema: `fields[1].separator` must be a non-empty string. Received: "".',
  ],
  [
    'an unknown unit',
    withRule({type: 'dateTime', part: 'hour', format: '%H:%q'}),
    'checkSchema: `fields[1].format`: "%q" is not a unit. Units are %Y %y %m %b %d %a %H %I %p %M %S %f %z %Z %s %Q ' +
      'and %%, and %-m %-d %-H %-I %-M %-S without leading zeros. Received: "%H:%q".',
  ],
  [
    'a unit twice',
    withRule({type: 'dateTime', part: 'day', format: '%-d %d'}),
    '`fields[1].format`: "%d" is repeated.',
  ],
  [
    'half a day without the half',
    withRule({type: 'dateTime', part: 'hour', format: '%I:%M'}),
    'checkSchema: `fields[1].format`: the part "hour" needs %H, which the format lacks. Received: "%I:%M".',
  ],
  [
    'a part that the format lacks',
    withRule({type: 'dateTime', part: 'weekday', format: '%m%d'}),
    'checkSchema: `fields[1].format`: the part "weekday" needs %Y, which the format lacks. Received: "%m%d".',
  ],
  [
    'a seed beyond 32 bits',
    withRule({type: 'hashed', buckets: 2, seed: 2 ** 32}),
    'checkSchema: `fields[1].seed` must be a number in [0, 4294967295]. Received: 4294967296.',
  ],
])('refuses %s', (_what, schema, message) => {
  expect(() => checkSchema(schema)).toThrow(message);
});
