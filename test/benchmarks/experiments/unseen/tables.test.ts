import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {tablesOf} from '../../../../benchmarks/experiments/unseen/tables';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-tables-'));
});
afterEach(() => fs.rmSync(folder, {recursive: true}));
const write = (...names: string[]) => names.forEach(name => fs.writeFileSync(path.join(folder, name), ''));

describe('tablesOf', () => {
  it('lists the CSV files of a folder by name, or some of them', () => {
    write('b.csv', 'a.CSV', 'c.csv.gz', 'notes.txt', 'd.csv.bak');
    expect(tablesOf(folder)).toEqual(['a.CSV', 'b.csv', 'c.csv.gz']);
    expect(tablesOf(folder, ['c.csv.gz', 'b.csv'])).toEqual(['b.csv', 'c.csv.gz']);
  });

  it('says which folder or table is missing', () => {
    const absent = path.join(folder, 'absent');
    expect(() => tablesOf(undefined)).toThrow(
      '--folder is missing: the folder of the tables, CSV files with a column of parts each.',
    );
    expect(() => tablesOf(absent)).toThrow(`--folder: ${absent} does not exist. Give the folder of the tables.`);
    write('notes.txt');
    expect(() => tablesOf(folder)).toThrow(
      `--folder: ${folder} holds no table. Put CSV files into it (.csv or .csv.gz), each with a label and a column of parts.`,
    );
    write('a.csv', 'b.csv');
    expect(() => tablesOf(folder, ['a.csv', 'z.csv'])).toThrow(
      `--data: ${folder} holds no z.csv. Its tables are a.csv, b.csv.`,
    );
  });
});
