import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {rawColumns, Roles} from '../../../../benchmarks/experiments/unseen/raw_columns';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-raw-'));
  file = path.join(folder, 'shop.csv');
  fs.writeFileSync(
    file,
    [
      'part,age,colour,day,bought',
      'train,3,red,2024-01-01,yes',
      'test,,blue,2024-01-02,no',
      'train,1.5,NA,2024-01-02,no',
      'other,9,green,2024-01-02,no',
      'valid,2,blue,,yes',
      'test,4,"red",2024-01-03,yes',
    ].join('\n'),
  );
});
afterEach(() => fs.rmSync(folder, {recursive: true}));

const roles = (labels: Partial<Record<'train' | 'validation' | 'test', number[]>> = {}): Roles => ({
  label: 'bought',
  split: {by: 'column', column: 'part', train: ['train'], valid: ['valid'], test: ['test']},
  labels: {
    train: Float32Array.from(labels.train ?? [1, 0]),
    validation: Float32Array.from(labels.validation ?? [1]),
    test: Float32Array.from(labels.test ?? [0, 1]),
  },
});

describe('rawColumns', () => {
  it('has numbers and times as numbers, and all else as categories, with NaN for missing', async () => {
    const {columns, categories, parts} = await rawColumns(file, roles());
    const day = 86400;
    const first = Date.UTC(2024, 0, 1) / 1000;
    expect({columns, categories}).toEqual({columns: 3, categories: [1]});
    // red, blue and green in the order of their first rows.
    expect(Array.from(parts.train.columns)).toEqual([3, 0, first, 1.5, NaN, first + day]);
    expect(Array.from(parts.validation.columns)).toEqual([2, 1, NaN]);
    expect(Array.from(parts.test.columns)).toEqual([NaN, 1, first + day, 4, 0, first + 2 * day]);
    expect(Array.from(parts.test.labels)).toEqual([0, 1]);
  });

  it('says so where its rows are not those that the labels belong to', async () => {
    await expect(rawColumns(file, roles({train: [1]}))).rejects.toThrow(
      `${file}: DuckDB reads 2 rows for train where the library reads 1. ` +
        'Write the file as plain CSV: one header, commas, double quotes.',
    );
    await expect(rawColumns(file, roles({test: [1, 0]}))).rejects.toThrow(
      `${file}: DuckDB and the library read its rows in different orders; no would be both labels.`,
    );
    await expect(rawColumns(file, {...roles(), label: 'sold'})).rejects.toThrow('sold');
  });
});
