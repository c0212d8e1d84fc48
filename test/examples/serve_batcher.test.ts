import {Batcher, ComputedBatch} from '../../examples/serve/batcher';

/** A model of two ids a row, whose probability is their sum; it answers when it is let. */
class Model {
  readonly asked: number[][] = [];
  private waiting: Array<() => void> = [];

  predict = async (ids: Int32Array): Promise<Float32Array> => {
    this.asked.push([...ids]);
    await new Promise<void>(resolve => this.waiting.push(resolve));
    return Float32Array.from({length: ids.length / 2}, (_, i) => ids[2 * i] + ids[2 * i + 1]);
  };

  /** Waits until a batch is asked for, and lets it be answered. */
  async answer(): Promise<void> {
    while (this.waiting.length === 0) await new Promise(setImmediate);
    this.waiting.shift()!();
  }
}

const ids = (...values: number[]) => Int32Array.from(values);

test('what comes in while a batch is computed is computed together, and each request gets its own rows', async () => {
  const model = new Model();
  const batches: ComputedBatch[] = [];
  const batcher = new Batcher({
    predict: model.predict,
    columns: 2,
    maxRows: 100,
    onBatch: batch => batches.push(batch),
  });
  const first = batcher.add(ids(1, 2));
  while (model.asked.length === 0) await new Promise(setImmediate);
  const later = [batcher.add(ids(3, 4, 5, 6)), batcher.add(ids(7, 8))];
  expect(batcher.waitingRows).toBe(3);
  await model.answer();
  expect([...(await first)]).toEqual([3]);
  await model.answer();
  expect((await Promise.all(later)).map(each => [...each])).toEqual([[7, 11], [15]]);
  expect(model.asked).toEqual([
    [1, 2],
    [3, 4, 5, 6, 7, 8],
  ]);
  expect(batches.map(({requests, rows}) => [requests, rows])).toEqual([
    [1, 1],
    [2, 3],
  ]);
  expect(batcher.waitingRows).toBe(0);
});

test('requests of one turn of the event loop are one batch', async () => {
  const model = new Model();
  const batcher = new Batcher({predict: model.predict, columns: 2, maxRows: 100});
  const all = [1, 2, 3].map(i => batcher.add(ids(i, i)));
  await model.answer();
  expect((await Promise.all(all)).map(each => [...each])).toEqual([[2], [4], [6]]);
  expect(model.asked).toHaveLength(1);
});

test('a batch has at most maxRows rows, whole requests in their order', async () => {
  const model = new Model();
  const batcher = new Batcher({predict: model.predict, columns: 2, maxRows: 3});
  const all = [ids(1, 1, 1, 1), ids(2, 2, 2, 2), ids(3, 3), ids(4, 4)].map(each => batcher.add(each));
  for (let i = 0; i < 3; i++) await model.answer();
  await Promise.all(all);
  expect(model.asked).toEqual([
    [1, 1, 1, 1],
    [2, 2, 2, 2, 3, 3],
    [4, 4],
  ]);
});

test('a batch that fails fails its requests, and the next one is computed', async () => {
  let calls = 0;
  const batcher = new Batcher({
    columns: 2,
    maxRows: 2,
    predict: async rows => {
      if (++calls === 1) throw new Error('out of memory');
      return new Float32Array(rows.length / 2);
    },
  });
  const failed = [batcher.add(ids(1, 1)), batcher.add(ids(2, 2))];
  const whole = batcher.add(ids(3, 3));
  for (const each of failed) await expect(each).rejects.toThrow('out of memory');
  expect([...(await whole)]).toEqual([0]);
  expect(batcher.waitingRows).toBe(0);
});
