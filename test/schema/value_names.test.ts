import {fitColumns} from '../../src/schema/columns/fit_columns';
import {valueNames} from '../../src/schema/value_names';
import type {Schema} from '../../src/schema/schema';

/** Names of the buckets of a column. */
function bucketNames(values: readonly number[], rule: {bucketing?: 'edges'; edges?: number[]} = {}) {
  const column = {
    name: 'x',
    values: values.map(String),
    codes: Int32Array.from({length: 240}, (_, i) => i % values.length),
  };
  const schema = {version: 1, fields: [{type: 'numeric', name: 'x', column: 'x', ...rule}]} as Schema;
  const [names] = valueNames(fitColumns(schema, [column], () => true));
  return names.slice(1);
}

it('names of values are whole numbers where edges lie between them, else edges without digits of binary sums', () => {
  expect(bucketNames([1, 2, 3, 4])).toEqual(['at most 1', '2', '3', '4 or more']);
  expect(bucketNames([-1, 0, 1, 4, 9])).toEqual(['at most -1', '0', '1 to 2', '3 to 6', '7 or more']);
  expect(bucketNames([0.25, 1.5, 2])).toEqual(['below 0.875', '0.875 to below 1.75', '1.75 or more']);
  const edges = bucketNames([1, 2, 3], {bucketing: 'edges', edges: [1.5, 2.5]});
  expect(edges).toEqual(['below 1.5', '1.5 to below 2.5', '2.5 or more']);
  expect(bucketNames([0.1, 0.2])).toEqual(['below 0.15', '0.15 or more']);
  expect(bucketNames([1])).toEqual(['any number']);
});
