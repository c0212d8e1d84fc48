import * as tf from '@tensorflow/tfjs-core';
import {type LabeledRows} from 'tfjs-autofis';
import {seededRandom, shuffle} from '../../src/random';
import {areCopied, copiedRows} from '../../src/warnings/copied_rows';
import {SeededBatches} from '../../src/training/seeded_batches';
import {describeWith, readShared} from '../helpers/shared_data';

/** Values of the fields of noise; those of small tables meet often. */
const SIZES = [2, 4, 8, 15, 30, 60];
const SMALL = [2, 3, 4, 5];

const noise = (rows: number, sizes: readonly number[], seed: number) => {
  const random = seededRandom(seed);
  return Array.from({length: rows}, () => sizes.map(size => Math.floor((size + 1) ** random()) - 1));
};
/** Rows in random order, every tenth held out. */
function parts(table: readonly number[][], seed = 1): {train: LabeledRows; held: LabeledRows} {
  const rows = shuffle([...table], seededRandom(seed));
  const tensors = (isHeld: boolean): LabeledRows => {
    const some = rows.filter((_, i) => (i % 10 === 0) === isHeld);
    return {xs: tf.tensor2d(some, undefined, 'int32'), ys: tf.zeros([some.length, 1])};
  };
  return {train: tensors(false), held: tensors(true)};
}

async function counted(table: readonly number[][], widths?: readonly number[]) {
  const {train, held} = parts(table);
  const copied = await copiedRows(train, held, {widths, seed: 1});
  tf.dispose([train, held] as never);
  return {...copied, isAlarm: areCopied(copied)};
}

describe('rows are copies of each other where', () => {
  const rows = noise(2000, SIZES, 1);

  it('a tenth of the rows of noise is there twice', async () => {
    const {share, isAlarm} = await counted([...rows, ...rows.slice(0, 220)]);
    expect(isAlarm).toBe(true);
    expect(share).toBeCloseTo(0.18, 1);
  });

  it('a few rows are there ten times', async () => {
    const positives = Array.from({length: 9}, () => rows.slice(0, 200)).flat();
    expect(await counted([...rows, ...positives])).toMatchObject({isAlarm: true});
  });

  it('users have several rows in which they alone are described', async () => {
    const users = Array.from({length: 10}, () => rows.slice(0, 300)).flat();
    const {share, isAlarm} = await counted(users);
    expect(isAlarm).toBe(true);
    expect(share).toBeGreaterThan(0.99);
  });
});

describe('rows are not copies of each other where', () => {
  it('they are noise', async () => {
    expect(await counted(noise(2000, SIZES, 1))).toMatchObject({isAlarm: false});
  });

  it('few values make rows equal', async () => {
    const {share, isAlarm} = await counted(noise(2000, SMALL, 1));
    expect([share > 0.99, isAlarm]).toEqual([true, false]);
  });

  it('a field has a name beside its code', async () => {
    // A survey in 40 countries, of which two have no name, in one year of each of three waves.
    const surveys = noise(40, [4, 4, 4], 5).flatMap((years, country) =>
      years.map((year, wave) => [country, 100 + Math.min(country, 38), wave, 5 * wave + year]),
    );
    const table = noise(3000, [119], 6).map(([survey]) => surveys[survey]);
    const {share, isAlarm} = await counted(table);
    expect([share > 0.99, isAlarm]).toEqual([true, false]);
  });

  it('one column says all others, so that no row would be equal were the columns independent', async () => {
    // A thing and five facts about it, by a user's age: equal rows are as many as a thing has rows of one age.
    const random = seededRandom(2);
    const things = noise(150, [9, 9, 9, 9, 9], 3);
    const table = Array.from({length: 3000}, () => {
      const thing = Math.floor(random() * 150);
      return [thing, ...things[thing], Math.floor(random() * 30)];
    });
    const {share, isAlarm} = await counted(table);
    expect([share > 0.3, isAlarm]).toEqual([true, false]);
  });
});

it('counts a stream, lists in several columns, numbers and several inputs alike, and leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const rows = noise(600, SIZES, 4);
  const {train, held} = parts([...rows, ...rows.slice(0, 100)]);
  const expected = await copiedRows(train, held, {seed: 1});
  expect(expected.share).toBeGreaterThan(0.1);
  const stream = (seed: number, batchSize: number) => new SeededBatches(train, {seed, batchSize});
  expect(await copiedRows(stream, held, {seed: 1})).toEqual(expected);
  expect((await copiedRows(train, held, {widths: [2, 1, 3], seed: 1})).share).toBe(expected.share);
  const halved = ({xs, ys}: LabeledRows): LabeledRows =>
    tf.tidy(() => {
      const values = tf.div(tf.cast(xs as tf.Tensor2D, 'float32'), 64);
      return {xs: [tf.slice(values, [0, 0], [-1, 2]), tf.slice(values, [0, 2], [-1, 4])], ys: tf.clone(ys)};
    });
  const [numbers, more] = [halved(train), halved(held)];
  expect(await copiedRows(numbers, more, {seed: 1})).toEqual(expected);
  tf.dispose([train, held, numbers, more] as never);
  expect(tf.memory().numTensors).toBe(before);
});

it('does not count rows of weight 0', async () => {
  const of = async (train: number[], held: number[]) => {
    const rows = (ids: number[], weights: number[]): LabeledRows => ({
      xs: tf.tensor2d(ids, [3, 2], 'int32'),
      ys: tf.zeros([3, 1]),
      weights: tf.tensor1d(weights),
    });
    const parts = [rows([1, 2, 3, 4, 5, 6], train), rows([1, 2, 9, 9, 5, 6], held)];
    const {share} = await copiedRows(parts[0], parts[1], {seed: 1});
    tf.dispose(parts as never);
    return share;
  };
  expect(await of([1, 1, 1], [1, 1, 1])).toBeCloseTo(2 / 3, 12);
  expect(await of([0, 1, 1], [1, 1, 1])).toBeCloseTo(1 / 3, 12);
  expect(await of([1, 1, 1], [1, 0, 1])).toBe(1);
});

describeWith('frappe.csv.gz', 'Frappe', file => {
  it('has no copies until rows are copied', async () => {
    const [, ...lines] = readShared(file, ',');
    const rows = lines.slice(0, 4000).map(line => line.slice(2).map(Number));
    expect(await counted(rows)).toMatchObject({isAlarm: false});
    expect(await counted([...rows, ...rows.slice(0, 400)])).toMatchObject({isAlarm: true});
  });
});

describeWith('adult.csv.gz', 'Adult', file => {
  it('has no copies, though its columns depend on each other', async () => {
    const [, ...lines] = readShared(file, ',');
    const codes = new Map<string, number>();
    // Without the numbers whose values are many, so that rows are equal.
    const rows = lines.slice(0, 4000).map(line =>
      line.slice(2).flatMap((value, j) => {
        if (/^\d{3,}$/.test(value)) return [];
        const key = `${j} ${value}`;
        if (!codes.has(key)) codes.set(key, codes.size);
        return [codes.get(key)!];
      }),
    );
    const length = Math.max(...rows.map(row => row.length));
    expect(await counted(rows.filter(row => row.length === length))).toMatchObject({isAlarm: false});
  });
});
