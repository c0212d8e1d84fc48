import {mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {asTable, Lab} from '../../../benchmarks/experiments/lab';
import {trees} from '../../../benchmarks/experiments/plans/trees';
import {encodeStreamed} from '../../../benchmarks/experiments/streamed';
import {batchesOf} from '../../../src/training/seeded_batches';
import {generator} from '../../helpers/random';

const ROWS = 800;
const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-streamed-'));
const file = path.join(folder, 'criteo', 'train.txt');

/** Kaggle's form, the label in one of its tokens. */
beforeAll(async () => {
  const next = generator(4);
  const whole = (below: number) => Math.floor(next() * below);
  const line = () => {
    const label = next() < 0.3 ? 1 : 0;
    const token = (column: number) => (column === 0 ? label * 3 + whole(3) : whole(20)).toString(16).padStart(8, '0');
    return [label, ...Array.from({length: 13}, () => whole(9)), ...Array.from({length: 26}, (_, i) => token(i))].join(
      '\t',
    );
  };
  mkdirSync(path.join(folder, 'criteo'));
  writeFileSync(file, Array.from({length: ROWS}, line).join('\n'));
  await encodeStreamed('criteo', folder);
});

const lab = new Lab(folder);
afterAll(() => {
  lab.dispose();
  rmSync(folder, {recursive: true});
});

describe('a data set that is read from disk', () => {
  it('is encoded once, in parts that hold each row once', async () => {
    const shards = () =>
      readdirSync(path.join(folder, 'criteo'))
        .filter(name => name.startsWith('shards'))
        .map(name => path.join(folder, 'criteo', name));
    expect(shards()).toEqual([path.join(folder, 'criteo', `shards-${statSync(file).size}`)]);
    const made = () => statSync(shards()[0]).mtimeMs;
    const before = made();
    await encodeStreamed('criteo', folder);
    expect(made()).toBe(before);
    const {
      fields,
      parts: {train, validation, test},
    } = await lab.data('criteo', 1);
    expect(fields).toHaveLength(39);
    const source = batchesOf(train, 100, 1);
    const iterator = await source.iterator();
    let rows = 0;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const {xs, ys} = next.value;
      rows += ys.shape[0];
      tf.dispose([xs as tf.Tensor, ys]);
    }
    expect(source.size).toBe(Math.ceil(rows / 100));
    const held = [validation, test].map(part => asTable(part).rows);
    expect(rows + held[0] + held[1]).toBe(ROWS);
    for (const each of held) expect(each).toBeGreaterThan(ROWS / 20);
  });

  it('is refused at once where all rows are needed in memory', () => {
    expect(() => trees.jobs({data: ['adult', 'criteo'], seeds: [1]})).toThrow(
      new Error(
        'This experiment needs all rows in memory, and the training ' +
          'rows of criteo are read from disk. Run it on other data sets.',
      ),
    );
  });
});
