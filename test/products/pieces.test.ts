import {PIECE_VALUES, pieces} from '../../src/products/pieces';

it.each<[string, number, number, Array<[number, number]>]>([
  ['one piece for a small batch', 5, 8, [[0, 5]]],
  [
    'as many rows a piece as it may have values',
    5,
    PIECE_VALUES / 2,
    [
      [0, 2],
      [2, 2],
      [4, 1],
    ],
  ],
  [
    'single rows that are larger than a piece',
    2,
    2 * PIECE_VALUES,
    [
      [0, 1],
      [1, 1],
    ],
  ],
  ['one empty piece for a batch without rows', 0, 8, [[0, 0]]],
])('makes %s', (_, batch, valuesOfRow, expected) => {
  expect(pieces(batch, valuesOfRow)).toEqual(expected);
});
