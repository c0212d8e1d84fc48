import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {lr} from '../../src/models/lr';
import {LabeledRows} from '../../src/training/rows';
import {joinRows} from '../../src/training/join_rows';
import {batchesOf} from '../../src/training/seeded_batches';
import {ScheduledRate, scheduledRate, scheduleFor} from '../../src/training/schedule';
import {expectNoLeak} from '../helpers/tensors';

describe('scheduleFor', () => {
  it('makes about a hundred steps per epoch where rows are few, and fewer epochs where they are many', () => {
    expect(scheduleFor(1000)).toEqual({batchSize: 32, epochs: 10, learningRate: 0.02});
    expect(scheduleFor(30_000)).toEqual({batchSize: 300, epochs: 10, learningRate: 0.02});
    expect(scheduleFor(1_000_000)).toMatchObject({batchSize: 2000, epochs: 6});
    expect(scheduleFor(50_000_000)).toMatchObject({batchSize: 2000, epochs: 2});
    expect(scheduleFor(1_000_000).learningRate).toBeCloseTo(0.02 * Math.sqrt(1000 / 3000), 9);
    expect(() => scheduleFor(NaN)).toThrow('scheduleFor: `rows` must be an integer >= 1. Received: NaN.');
  });
});

describe('ScheduledRate', () => {
  it('rises for a twentieth of the steps and falls to nearly nothing', async () => {
    class Rates extends tfl.Callback {
      override async onBatchEnd(): Promise<void> {
        rates.push(optimizer.learningRate);
      }
    }
    const optimizer = lazyAdam();
    const model = lr({fields: [{name: 'a', size: 2}], optimizer});
    const rates: number[] = [];
    const rows = {xs: tf.tensor2d([0, 1, 0, 1], [4, 1], 'int32'), ys: tf.tensor2d([0, 1, 0, 1], [4, 1])};
    await model.fitDataset(batchesOf(rows, 1, 1) as never, {
      epochs: 10,
      verbose: 0,
      callbacks: [new ScheduledRate(0.1), new Rates()],
    });
    expect(rates).toHaveLength(40);
    expect(rates[0]).toBeCloseTo(0.05, 9);
    expect(rates[1]).toBeCloseTo((0.1 * 39) / 40, 9);
    expect(rates[39]).toBeCloseTo(0.1 / 40, 9);
    rates.forEach((rate, t) => expect(rate).toBe(scheduledRate(0.1, t, 40)));
    [model, optimizer, rows.xs, rows.ys].forEach(each => each.dispose());
  });
});

describe('joinRows', () => {
  const part = (values: number[], weights?: number[]): LabeledRows => ({
    xs: tf.tensor2d(values, [values.length, 1], 'int32'),
    ys: tf.tensor2d(
      values.map(v => v % 2),
      [values.length, 1],
    ),
    ...(weights === undefined ? {} : {weights: tf.tensor1d(weights)}),
  });

  it('puts rows in memory one after another, without weights as of weight 1', () => {
    expectNoLeak(() => {
      const [a, b] = [part([1, 2]), part([3], [0.5])];
      const {rows, dispose} = joinRows(a, b);
      const {xs, ys, weights} = rows as LabeledRows;
      expect([...(xs as tf.Tensor).dataSync()]).toEqual([1, 2, 3]);
      expect([...ys.dataSync()]).toEqual([1, 0, 1]);
      expect([...weights!.dataSync()]).toEqual([1, 1, 0.5]);
      dispose();
      tf.dispose([a, b] as never);
    });
  });

  it('spreads the batches of the second evenly among those of a stream, each row once an epoch', async () => {
    const stream = part(Array.from({length: 12}, (_, i) => i));
    const more = part([100, 101, 102, 103]);
    const {rows} = joinRows((seed, batchSize) => batchesOf(stream, batchSize, seed), more);
    const source = batchesOf(rows, 2, 1);
    expect(source.size).toBe(8);
    for (let epoch = 0; epoch < 2; epoch++) {
      const seen: number[][] = [];
      const iterator = await source.iterator();
      for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
        seen.push([...(item.value.xs as tf.Tensor).dataSync()]);
        tf.dispose([item.value.xs, item.value.ys]);
      }
      expect(seen.flat().sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100, 101, 102, 103]);
      expect(seen.flatMap((batch, i) => (batch[0] >= 100 ? [i] : []))).toEqual([3, 7]);
    }
    tf.dispose([stream, more] as never);
  });
});
