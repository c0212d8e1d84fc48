import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {firstRow, hasLoneReturn, recordBlocks} from '../../../src/data/sources/text_rows';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-rows-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));
const file = (name: string, text: string | Uint8Array) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const form = {separator: ',', quote: '"'};

it.each([
  ['a\r\nb\r\n', false],
  ['a\nb', false],
  ['a\rb\n', true],
  ['a\r\nb\r', true],
  [`${'x'.repeat(2 ** 20 - 1)}\r\nb`, false],
  [`${'x'.repeat(2 ** 20 - 1)}\rb`, true],
])('a \\r that stands alone in text %#', async (text, expected) => {
  expect(await hasLoneReturn(file('x.csv', text))).toBe(expected);
});

it('the first row, decompressed, and none of a file of empty lines', async () => {
  expect(await firstRow(file('x.csv.gz', gzipSync('\n"a\nb",c\r\n1,2\r\n')), form)).toMatchObject({
    line: 2,
    lineEnd: '\r\n',
  });
  expect(await firstRow(file('x.csv', '\n\n'), form)).toBeUndefined();
});

it('the rows of a file of several blocks', async () => {
  const rows: number[] = [];
  for await (const block of recordBlocks(file('x.csv', 'abc,"d\ne"\n'.repeat(3e5)), form, 2)) {
    for (const {line, fault} of block) if (fault === undefined) rows.push(line);
  }
  expect(rows).toEqual(Array.from({length: 3e5}, (_, i) => 1 + 2 * i));
});
