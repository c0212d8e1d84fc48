import * as tf from '@tensorflow/tfjs-core';
import {idTable} from '../../src/components/linear_model';
import {SeededBatches} from '../../src/training/seeded_batches';
import {expectNoLeak} from '../helpers/tensors';

describe('idTable', () => {
  it.each([1, 7, 1e-3])('has weights whose mean over rows that count is 1, given weights of %p', async unit => {
    await expectNoLeak(async () => {
      const rows = {
        xs: tf.tensor2d([[0], [1], [2], [3]], [4, 1], 'int32'),
        ys: tf.tensor1d([1, 0, 1, 0]),
        weights: tf.tensor1d([0.5 * unit, 0, 1.5 * unit, unit]),
      };
      const {weights} = await idTable(rows, 1);
      [0.5, 0, 1.5, 1].forEach((weight, row) => expect(weights![row]).toBeCloseTo(weight, 6));
      const stream = await idTable(seed => new SeededBatches(rows, {batchSize: 2, seed}), 1);
      const byId = Object.fromEntries([...stream.ids].map((id, row) => [id, stream.weights![row].toFixed(6)]));
      expect(byId).toEqual({0: '0.500000', 2: '1.500000', 3: '1.000000'});
      tf.dispose(rows as never);
    });
  });
});
