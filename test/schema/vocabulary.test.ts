import type {FieldRule, Schema} from '../../src/schema/schema';
import {checkFitted, fieldSpecs, fittedField, type FittedSchema, schemaHash} from '../../src/schema/vocabulary';

const fields: FieldRule[] = [
  {type: 'categorical', name: 'site', column: 'site'},
  {type: 'numeric', name: 'age', column: 'age', bucketing: 'edges', edges: [18, 65]},
  {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 4},
  {type: 'dateTime', name: 'weekday', column: 'date', part: 'weekday'},
  {type: 'hashed', name: 'ip', column: 'ip', buckets: 100},
];
const schema: Schema = {version: 1, label: {column: 'click'}, fields};
const training = {missing: 0.25, unseen: 0};

const fitted = (): FittedSchema => ({
  version: 1,
  schema,
  rows: 4,
  fields: fields.map(rule => fittedField(rule, training, {values: ['a', 'b']})),
});

it('gives each field its size, and specs for FieldEmbedding', () => {
  expect(fieldSpecs(fitted())).toEqual([
    {name: 'site', size: 4},
    {name: 'age', size: 4, ordered: true},
    {name: 'genres', size: 4, width: 4, combiner: 'mean'},
    {name: 'weekday', size: 8},
    {name: 'ip', size: 101},
  ]);
});

it('survives JSON with the same hash, whatever the order of the keys', () => {
  const read = JSON.parse(JSON.stringify(fitted())) as FittedSchema;
  expect(schemaHash(checkFitted(read))).toBe(schemaHash(fitted()));
  const turned = Object.fromEntries(Object.entries(read).reverse()) as unknown as FittedSchema;
  expect(schemaHash(turned)).toBe(schemaHash(fitted()));
});

it('has another hash when a value changes', () => {
  const other = fitted();
  other.fields[0].values![1] = 'c';
  expect(schemaHash(other)).not.toBe(schemaHash(fitted()));
});

it.each<[string, (fitted: FittedSchema) => void, string]>([
  [
    'a field of another name',
    f => {
      f.fields[1].name = 'Age';
    },
    'checkFitted: `fields[1].name` must be "age", as in the schema. Received: "Age".',
  ],
  [
    'a field too few',
    f => {
      f.fields.pop();
    },
    "checkFitted: `fields` must have one entry for each of the schema's 5 fields. Received: 4.",
  ],
  [
    'a wrong size',
    f => {
      f.fields[0].size = 9;
    },
    'checkFitted: `fields[0].size` must be 4, by the rule and the values of the field. Received: 9.',
  ],
  [
    'a value twice',
    f => {
      f.fields[0].values = ['a', 'a'];
    },
    'checkFitted: `fields[0].values` has "a" twice. Each value has one id.',
  ],
  [
    'a share beyond 1',
    f => {
      f.fields[0].training.missing = 2;
    },
    'checkFitted: `fields[0].training.missing` must be a number in [0, 1]. Received: 2.',
  ],
])('refuses %s', (_what, spoil, message) => {
  const spoilt = JSON.parse(JSON.stringify(fitted())) as FittedSchema;
  spoil(spoilt);
  expect(() => checkFitted(spoilt)).toThrow(message);
});
