import {crossLinear} from 'tfjs-autofis';
import {stockModel} from 'tfjs-autofis/export';
import * as tfl from '@tensorflow/tfjs-layers';

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
