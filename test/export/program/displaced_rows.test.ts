import {crossLinear} from 'tfjs-autofis';
import {stockModel} from 'tfjs-autofis/export';
import * as tfl from '@tensorflow/tfjs-layers';
import {displaceRows} from '../../../src/export/program/displaced_rows';
import {generator, integers} from '../../helpers/random';

describe('displaceRows', () => {
  it.each([
    [1, 1, 1],
    [5, 40, 60],
    [300, 50, 900],
    [40, 3, 100],
  ])('gives no two filled cells of %i rows, %i places, one place', (rows, width, count) => {
    const next = generator(rows);
    const keys = new Set(integers(next, count, rows * width));
    const cells = [...keys].map(key => ({row: Math.floor(key / width), place: key % width}));
    const {displacements, length} = displaceRows(cells, rows, width);
    expect(new Set(cells.map(({row, place}) => displacements[row] + place)).size).toBe(cells.length);
    for (let row = 0; row < rows; row++) {
      expect(displacements[row] - 1).toBeGreaterThanOrEqual(0);
      expect(displacements[row] + width).toBeLessThanOrEqual(length);
    }
    expect(length).toBeLessThan(3 * cells.length + 2 * width + 2);
  });
});

it('crosses by hash are refused: no other format has the hash', () => {
  const fields = [
    {name: 'a', size: 3},
    {name: 'b', size: 3},
  ];
  const model = tfl.sequential({layers: [crossLinear({fields, interactions: [[0, 1]], hashSize: 4, name: 'x'})]});
  expect(() => stockModel(model)).toThrow(
    new Error(
      'stockModel: layer x (CrossLinear): hashed crosses cannot be exported, since no other ' +
        'format has the hash. Train the model with the dictionary that `fitCrosses` collects.',
    ),
  );
  model.dispose();
});

it('crosses of more values than float32 counts are refused before there is an array of that length', () => {
  const fields = ['a', 'b', 'c'].map(name => ({name, size: 200_000}));
  const crosses = {interactions: [[0, 1, 2]], counts: [1], dictionary: [1, 2, 3]};
  const model = tfl.sequential({layers: [crossLinear({fields, ...crosses, name: 'x'})]});
  expect(() => stockModel(model)).toThrow(
    new Error(
      'stockModel: layer x (CrossLinear): 40000000000 values with 1 combinations cannot be exported, since float32 ' +
        'counts positions only up to 16777216. Keep fewer interactions, or raise `leastCount`.',
    ),
  );
  model.dispose();
});
