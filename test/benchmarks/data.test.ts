import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  criteoSizes,
  fieldsOf,
  generateRows,
  generateWeights,
  readRows,
  readWeights,
  rowsTouched,
  writeRows,
  writeWeights,
} from '../../benchmarks/data';

const SMALL = {V: 20000, batchSize: 500, batches: 4, seed: 3};

test.each([20000, 100_000, 1_000_000, 10_000_000])('39 fields share %i ids', V => {
  const sizes = criteoSizes(V);
  expect(sizes).toHaveLength(39);
  expect(sizes.reduce((a, b) => a + b)).toBe(V);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(4);
  expect(fieldsOf(sizes)[38]).toEqual({name: 'C38', size: sizes[38]});
});

describe('generateRows', () => {
  const rows = generateRows(SMALL);

  test('gives the same rows for the same seed, and others for another', () => {
    expect(generateRows(SMALL)).toEqual(rows);
    expect(generateRows({...SMALL, seed: 4}).ids).not.toEqual(rows.ids);
  });

  test('ids lie within their fields', () => {
    expect(rows.ids).toHaveLength(2000 * 39);
    expect(rows.ids.every((id, i) => id >= 0 && id < rows.sizes[i % 39])).toBe(true);
  });

  test('values are Zipf-like: in each field of n ids the first holds about log 2 / log(n + 1) of the rows', () => {
    for (const f of [0, 30, 38]) {
      const first = rows.ids.filter((id, i) => i % 39 === f && id === 0).length / 2000;
      expect(first).toBeCloseTo(Math.log(2) / Math.log(rows.sizes[f] + 1), 1);
    }
  });

  test('both labels occur, and the planted pairs decide on them', () => {
    const positive = rows.labels.reduce((a, b) => a + b) / 2000;
    expect(positive).toBeGreaterThan(0.1);
    expect(positive).toBeLessThan(0.9);
    const cells = new Map<number, number[]>();
    rows.labels.forEach((label, row) => {
      const cell = (rows.ids[row * 39] % 8) * 8 + (rows.ids[row * 39 + 20] % 8);
      cells.set(cell, [...(cells.get(cell) ?? []), label]);
    });
    const rates = [...cells.values()].filter(c => c.length >= 50).map(c => c.reduce((a, b) => a + b) / c.length);
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.15);
  });

  test('counts the rows of the table that a batch touches', () => {
    const ids = new Int32Array([0, 1, 0, 2, 1, 1, 1, 1]);
    expect(rowsTouched({batchSize: 2, batches: 2, sizes: [2, 3], ids, labels: new Float32Array(4)})).toBe(3);
  });
});

describe('files', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-test-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  test('bring rows back', () => {
    const rows = generateRows(SMALL);
    writeRows(folder, rows);
    expect(readRows(folder)).toEqual(rows);
  });

  test('bring weights back', () => {
    const weights = generateWeights({V: 50, m: 4, d: 3, hidden: [5, 2], seed: 1});
    writeWeights(folder, weights);
    expect(readWeights(folder)).toEqual(weights);
  });
});

test('weights start as the layers of the library do', () => {
  const {table, alpha, kernels} = generateWeights({V: 50, m: 4, d: 3, hidden: [5, 2], seed: 1});
  expect(table).toHaveLength(150);
  expect(table.every(w => Math.abs(w) <= 0.02)).toBe(true);
  expect(alpha).toHaveLength(6);
  expect(alpha.every(a => Math.abs(a - 0.6) <= 0.0010001)).toBe(true);
  expect(kernels.map(({shape}) => shape)).toEqual([
    [12, 5],
    [5, 2],
    [2, 1],
  ]);
  kernels.forEach(({shape: [a, b], values}) =>
    expect(values.every(w => Math.abs(w) <= Math.sqrt(6 / (a + b)))).toBe(true),
  );
  expect(generateWeights({V: 50, m: 4, d: 3, hidden: [], seed: 1}).kernels).toEqual([]);
});
