import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {inferSchema} from 'tfjs-autofis/data';
import {quotesTabs} from '../../../src/data/sources/quoted_tabs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-tabs-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

function written(name: string, content: string | Buffer): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

it.each<[string, string]>([
  ['a tab in a value', 'a\tb\n"x\ty"\t1\n'],
  ['a line end in a value', 'a\tb\r\n1\t"x\r\ny"\r\n'],
  ['doubled quotes', 'a\tb\n"say ""hi"""\t1\n'],
  ['a header that is all quoted, behind a byte order mark', '\ufeff"a"\t"b"\n"x"\t1\n'],
  ['also rows that are too short', 'a\tb\n"x\ty"\t1\n2\n'],
])('quotes are those of CSV: %s', async (_what, content) => {
  expect(await quotesTabs([written('x.tsv', content)])).toBe(true);
  expect(await quotesTabs([written('y.tsv.gz', gzipSync(content))])).toBe(true);
  expect(await quotesTabs([written('none.tsv', 'a\tb\nx\t1\n'), path.join(folder, 'x.tsv')])).toBe(true);
});

it.each<[string, string]>([
  ['none', 'a\tb\nx\t1\n'],
  ['within values', 'a\tb\n5" pipe\t1\nsay ""hi""\t2\n'],
  ['a value that begins with one', 'a\tb\n"x\t1\ny\t2\n'],
  ['two of these, between which rows would be lost', 'a\tb\n"x\t1\ny\t2\n"z"\t3\n'],
  ['words in quotes at the beginning', 'a\tb\n"x" y\t1\n"z ""w"""\t2\n'],
  ['whole values, which nothing shows to be quoted', 'a\tb\n"x"\t1\n'],
])('quotes are part of the text: %s', async (_what, content) => {
  expect(await quotesTabs([written('x.tsv', content)])).toBe(false);
});

it('a table with tabs is read as the same one with commas', async () => {
  const rows = Array.from({length: 200}, (_, i) => [i % 2, ['"one\nline"', '"say ""hi"""', 'x'][i % 3], 'ab'[i % 2]]);
  const [tabs, commas] = ['\t', ','].map((separator, i) =>
    written(['x.tsv', 'x.csv'][i], [['y', 'text', 'b'], ...rows].map(row => `${row.join(separator)}\n`).join('')),
  );
  expect(await inferSchema({source: tabs})).toEqual(await inferSchema({source: commas}));
});
