import * as tf from '@tensorflow/tfjs-core';
import {SeededBatches} from 'tfjs-autofis';
import {expectNoLeak, numbers} from '../helpers/tensors';

describe('SeededBatches', () => {
  let xs: tf.Tensor2D;
  let ys: tf.Tensor2D;
  beforeAll(() => {
    xs = tf.tensor2d(
      Array.from({length: 7}, (_, i) => [i, 10 * i]),
      [7, 2],
      'int32',
    );
    ys = tf.tensor2d(Array.from({length: 7}, (_, i) => [i % 2]));
  });
  afterAll(() => tf.dispose([xs, ys]));

  async function epoch(batches: SeededBatches): Promise<number[][]> {
    const iterator = await batches.iterator();
    const seen: number[][] = [];
    for (let {done, value} = await iterator.next(); !done; {done, value} = await iterator.next()) {
      const {xs: x, ys: y} = value!;
      const ids = numbers(x as tf.Tensor);
      const labels = numbers(y);
      labels.forEach((label, i) => {
        expect(ids[2 * i + 1]).toBe(10 * ids[2 * i]);
        expect(label).toBe(ids[2 * i] % 2);
      });
      seen.push(ids.filter((_, i) => i % 2 === 0));
      tf.dispose([x, y]);
    }
    return seen;
  }

  it('gives each row once an epoch, in a new order that follows from the seed', async () => {
    const batches = new SeededBatches({xs, ys}, {batchSize: 3, seed: 1});
    expect(batches.size).toBe(3);
    const first = await epoch(batches);
    const second = await epoch(batches);
    expect(first.map(b => b.length)).toEqual([3, 3, 1]);
    for (const seen of [first, second]) expect(seen.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(second).not.toEqual(first);
    const again = new SeededBatches({xs, ys}, {batchSize: 3, seed: 1});
    expect([await epoch(again), await epoch(again)]).toEqual([first, second]);
    expect(await epoch(new SeededBatches({xs, ys}, {batchSize: 3, seed: 2}))).not.toEqual(first);
  });

  it.each([false, true])('gives the same batches as typed arrays, with weights %s', async weighted => {
    const weights = tf.tensor1d([1, 0, 2, 3, 4, 5, 6]);
    const rows = weighted ? {xs, ys, weights} : {xs, ys};
    const [tensors, arrays] = [1, 2].map(() => new SeededBatches(rows, {batchSize: 3, seed: 1}));
    for (let pass = 0; pass < 2; pass++) {
      const expected: object[] = [];
      const iterator = await tensors.iterator();
      for (let {done, value} = await iterator.next(); !done; {done, value} = await iterator.next()) {
        const input = [value!.xs].flat()[0];
        const own = weighted ? {weights: value!.weights} : {};
        expected.push({ids: input.dataSync(), labels: value!.ys.dataSync(), ...own});
        tf.dispose([input, value!.ys]);
      }
      const before = tf.memory().numTensors;
      expect([...arrays.arrays()]).toEqual(expected);
      expect(tf.memory().numTensors).toBe(before);
    }
    weights.dispose();
  });

  it.each([0, 1, 3, 5])('continues at step %i, as tensors and as typed arrays', async fromStep => {
    const all: number[][] = [];
    const whole = new SeededBatches({xs, ys}, {batchSize: 3, seed: 1});
    for (let e = 0; e < 3; e++) all.push(...(await epoch(whole)));
    const options = {batchSize: 3, seed: 1, fromStep};
    const rest = new SeededBatches({xs, ys}, options);
    const seen: number[][] = [];
    for (let e = Math.floor(fromStep / 3); e < 3; e++) seen.push(...(await epoch(rest)));
    expect(seen).toEqual(all.slice(fromStep));
    const arrays = [...new SeededBatches({xs, ys}, options).arrays()].map(({ids}) => [
      ...ids.filter((_, i) => i % 2 === 0),
    ]);
    expect(arrays).toEqual(all.slice(fromStep, 3 * (Math.floor(fromStep / 3) + 1)));
  });

  it('takes several inputs, and leaves no tensor behind', async () => {
    await expectNoLeak(async () => {
      const batches = new SeededBatches({xs: [xs, xs], ys}, {batchSize: 4, seed: 1});
      const {value} = await (await batches.iterator()).next();
      expect((value!.xs as tf.Tensor[]).map(x => x.shape)).toEqual([
        [4, 2],
        [4, 2],
      ]);
      tf.dispose(value as never);
    });
  });

  it('refuses rows that do not fit', () => {
    tf.tidy(() => {
      expect(() => new SeededBatches({xs, ys: tf.ones([6, 1])}, {batchSize: 3, seed: 1})).toThrow(
        new Error(
          'SeededBatches: `rows` must be {xs, ys}, tensors with the same number of rows, at least one. Received: ' +
            'xs [7,2], ys [6,1].',
        ),
      );
      expect(() => new SeededBatches({xs, ys}, {batchSize: 3, seed: 1, fromstep: 2} as never)).toThrow(
        new Error(
          'SeededBatches: `fromstep` must not be given: the options are batchSize, seed, fromStep. Received: 2.',
        ),
      );
      expect(() => new SeededBatches({xs, ys}, undefined as never)).toThrow(
        new Error('SeededBatches: the options must be an object. Received: undefined.'),
      );
    });
  });
});
