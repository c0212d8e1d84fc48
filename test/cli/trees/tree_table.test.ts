import {treeColumns, treeTable} from '../../../src/cli/trees/tree_table';

const fields = [
  {name: 'a', size: 9},
  {name: 'tags', size: 3, width: 2},
  {name: 'b', size: 5, ordered: true},
];
const ids = Int32Array.from([7, 2, 0, 4, 8, -1, 1, 3, 0, -1, -1, 0]);

it('treeColumns are ids as they are, missing numbers as NaN, and a column of 0 and 1 for each value of a list', () => {
  expect(Array.from(treeColumns(fields, ids))).toEqual([7, 1, 0, 1, 4, 8, 0, 1, 0, 3, 0, 0, 0, 0, NaN]);
});

it('treeTable says which columns are categories', () => {
  const part = {ids, labels: Float32Array.of(1, 0, 1)};
  const {columns, categories, parts} = treeTable(fields, {
    train: {...part, weights: Float32Array.of(1, 2, 0)},
    validation: part,
    test: part,
  });
  expect([columns, categories]).toEqual([5, [0]]);
  expect(parts.train).toEqual({
    columns: treeColumns(fields, ids),
    labels: part.labels,
    weights: Float32Array.of(1, 2, 0),
  });
  expect(Object.keys(parts.test)).toEqual(['columns', 'labels']);
});
