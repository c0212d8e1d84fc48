import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, predictBatches} from 'tfjs-autofis';
import {fields, gatedModel, plantedRows} from '../helpers/models';
import {expectClose, expectNoLeak, messageOf, numbers} from '../helpers/tensors';
import {IdBatch} from '../../src/training/predict_batches';

const {ids} = plantedRows(10, fields, [[0, 1]], 9);
/** Rows 0-3, 4-7 and 8-9. */
const parts = [ids.slice(0, 4), ids.slice(4, 8), ids.slice(8)];
const values = (rows: number[][]) => Int32Array.from(rows.flat());
const tensor = (rows: number[][]) => tf.tensor2d(rows, [rows.length, 4], 'int32');

let model: tfl.LayersModel;
let expected: number[];
beforeAll(() => {
  model = gatedModel();
  expected = tf.tidy(() => numbers(model.predict(tensor(ids)) as tf.Tensor));
});
afterAll(() => model.dispose());

async function collect(source: Iterable<IdBatch> | AsyncIterable<IdBatch>): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  for await (const predictions of predictBatches(model, source)) result.push(predictions);
  return result;
}

/** A source that hands out a batch only when the test says so, and notes what it is asked. */
class Controlled implements AsyncIterableIterator<IdBatch> {
  readonly log: string[] = [];
  private readonly waiting: Array<PromiseWithResolvers> = [];

  next(): Promise<IteratorResult<IdBatch>> {
    this.log.push(`asked ${this.waiting.length}`);
    let resolve!: PromiseWithResolvers['resolve'];
    let reject!: PromiseWithResolvers['reject'];
    const promise = new Promise<IteratorResult<IdBatch>>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    this.waiting.push({resolve, reject});
    return promise;
  }

  async return(): Promise<IteratorResult<IdBatch>> {
    this.log.push('closed');
    return {done: true, value: undefined};
  }

  give(n: number, batch: IdBatch): void {
    this.waiting[n].resolve({done: false, value: batch});
  }

  fail(n: number, error: Error): void {
    this.waiting[n].reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

interface PromiseWithResolvers {
  resolve(result: IteratorResult<IdBatch>): void;
  reject(error: Error): void;
}

describe('predictBatches', () => {
  async function* later(): AsyncGenerator<IdBatch> {
    for (const part of parts) yield {ids: values(part)};
  }

  it.each<[string, () => Iterable<IdBatch> | AsyncIterable<IdBatch>]>([
    ['arrays', () => parts.map(values)],
    ['tensors', () => parts.map(tensor)],
    ['{ids} of an async generator', later],
    ['{xs, ys} of tensors', () => parts.map(part => ({xs: tensor(part), ys: tf.zeros([part.length, 1])}))],
  ])('gives the predictions of %s in their order, and keeps no tensor', async (_, source) => {
    await expectNoLeak(async () => {
      const result = await collect(source());
      expect(result.map(({length}) => length)).toEqual([4, 4, 2]);
      expectClose(
        result.flatMap(part => Array.from(part)),
        expected,
        1e-6,
      );
      expect(result[0]).toBeInstanceOf(Float32Array);
    });
  });

  it('gives nothing for a source without batches', async () => {
    expect(await collect([])).toEqual([]);
  });

  it('gives no prediction for a batch without rows', async () => {
    const batches = [
      tensor(parts[0]),
      new Int32Array(0),
      {xs: tf.zeros<tf.Rank.R2>([0, 4], 'int32')},
      values(parts[1]),
    ];
    expect((await collect(batches)).map(({length}) => length)).toEqual([4, 0, 0, 4]);
  });

  it('asks for the next batch before it computes the current one, and for no more', async () => {
    const source = new Controlled();
    model.layers[0].setCallHook(() => {
      source.log.push('computes');
    });
    const predictions = predictBatches(model, source);
    const first = predictions.next();
    source.give(0, values(parts[0]));
    expectClose((await first).value as Float32Array, expected.slice(0, 4), 1e-6);
    expect(source.log).toEqual(['asked 0', 'asked 1', 'computes']);
    source.give(1, values(parts[1]));
    expectClose((await predictions.next()).value as Float32Array, expected.slice(4, 8), 1e-6);
    expect(source.log.slice(3)).toEqual(['asked 2', 'computes']);
    model.layers[0].clearCallHook();
    source.give(2, values(parts[2]));
    await predictions.return();
  });

  it('left early: throws away what was read ahead and closes the source', async () => {
    await expectNoLeak(async () => {
      const source = new Controlled();
      const predictions = predictBatches(model, source);
      const first = predictions.next();
      source.give(0, tensor(parts[0]));
      await first;
      const leaving = predictions.return();
      source.give(1, {ids: tensor(parts[1])});
      expect(await leaving).toEqual({done: true, value: undefined});
      expect(source.log).toEqual(['asked 0', 'asked 1', 'closed']);
    });
  });

  it('a source that fails ahead of time: first the batch before it, then the error with its number', async () => {
    const source = new Controlled();
    const predictions = predictBatches(model, source);
    const first = predictions.next();
    source.give(0, values(parts[0]));
    expect((await first).done).toBe(false);
    const cause = new Error('disk is gone');
    source.fail(1, cause);
    // A slow reader must not have its process ended by a rejection that nobody awaits.
    await new Promise(resolve => {
      setTimeout(resolve, 0);
    });
    const error = await predictions.next().then(
      () => null,
      (error: unknown) => error as AutofisError,
    );
    expect([error?.message, error?.cause]).toEqual(['predictBatches: batch 1, counted from 0: disk is gone', cause]);
    expect(source.log).not.toContain('closed');
  });

  it.each<[string, () => IdBatch, RegExp]>([
    [
      'an id that is out of range',
      () => tensor([[0, 0, 0, 99]]),
      /^predictBatches: batch 1, counted from 0: FieldEmbedding: id 99 of field "hour"/,
    ],
    [
      'half a row',
      () => Int32Array.from([0, 0, 0]),
      /^predictBatches: batch 1, .*: 3 ids do not fill whole rows of the model's 4 columns\.$/,
    ],
    [
      'text',
      () => 'abc' as never,
      /^predictBatches: batch 1, .*: it must be an int32 tensor, an Int32Array, .* Received: "abc"\.$/,
    ],
  ])('a bad batch: %s', async (_, bad, message) => {
    await expectNoLeak(async () => {
      let closed = false;
      function* source(): Generator<IdBatch> {
        try {
          yield values(parts[0]);
          yield bad();
          yield tensor(parts[1]);
        } finally {
          closed = true;
        }
      }
      expect(await messageOf(() => collect(source()))).toMatch(message);
      expect(closed).toBe(true);
    });
  });

  it('refuses what is not a source, and models of several inputs', async () => {
    expect(await messageOf(() => collect(5 as never))).toBe(
      'predictBatches: `source` must be an iterable or async iterable of batches. Received: 5.',
    );
    expect(await messageOf(() => predictBatches({inputs: [{}, {}], outputs: [{}]} as never, []).next())).toMatch(
      /^predictBatches: `model` must have one input \[batch, columns\] and one output\. Received: 2 inputs and 1 outputs\./,
    );
  });
});
