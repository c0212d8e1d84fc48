import type {Row} from '../../src/schema/row_encoder';
import type {FieldRule} from '../../src/schema/schema';
import {fittedField, FittedSchema} from '../../src/schema/vocabulary';

/**
 * A fitted schema of rules with their values or edges, as if 100 rows had been seen; `training` shares by field name.
 */
export function fittedSchema(
  rules: Array<{rule: FieldRule; values?: string[]; edges?: number[]}>,
  training: Record<string, {missing: number; unseen: number}> = {},
): FittedSchema {
  return {
    version: 1,
    rows: 100,
    schema: {version: 1, label: {column: 'click'}, fields: rules.map(({rule}) => rule)},
    fields: rules.map(({rule, values, edges}) =>
      fittedField(rule, training[rule.name] ?? {missing: 0, unseen: 0}, {values, edges}),
    ),
  };
}

/** One field of each rule. */
export const everyRule = (): FittedSchema =>
  fittedSchema([
    {rule: {type: 'categorical', name: 'site', column: 'site_id', missing: ['-']}, values: ['a', '1005', 'true']},
    {rule: {type: 'numeric', name: 'age', column: 'age', bucketing: 'quantiles', buckets: 3}, edges: [20, 40]},
    {rule: {type: 'numeric', name: 'count', column: 'count', bucketing: 'logSquared'}, values: ['1', '5']},
    {
      rule: {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 3},
      values: ['Drama', 'Comedy', '7'],
    },
    {rule: {type: 'dateTime', name: 'hour', column: 'time', format: '%y%m%d%H', part: 'hour'}},
    {rule: {type: 'hashed', name: 'device', column: 'device', buckets: 10}},
  ]);

/** Rows for these fields, with values that are known, rare and missing. */
export const everyRuleRows = (count: number): Row[] =>
  Array.from({length: count}, (_, i) => ({
    site_id: ['a', 1005, 'b', null][i % 4],
    age: i % 90,
    count: i % 7,
    genres: [['Drama', 'Comedy'], ['Noir'], null][i % 3],
    time: `141021${String(i % 24).padStart(2, '0')}`,
    device: `d${i}`,
  }));
