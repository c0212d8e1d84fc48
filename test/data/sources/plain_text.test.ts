import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {type PlainTable, readPlainText} from '../../../src/data/sources/plain_text';
import type {ResolvedFiles} from '../../../src/data/sources/resolve_files';
import {seededRandom} from '../../../src/random';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-plain-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const LIMITS = {cells: 1e7, texts: 1e6, bytes: 1e8};

/** Reads files of the columns a, b, c, of which b and c are wanted. */
function read(
  contents: ReadonlyArray<string | Uint8Array>,
  options: Partial<ResolvedFiles> & {ending?: string} = {},
  limits = LIMITS,
  wanted = ['c', 'b'],
): Promise<PlainTable | undefined> {
  const {ending = 'csv', ...others} = options;
  const files = contents.map((content, i) => {
    const file = path.join(folder, `${i}.${ending}`);
    writeFileSync(file, content);
    return file;
  });
  return readPlainText(
    {files, format: 'csv', separator: ',', anySeparator: false, quote: '"', header: true, ...others},
    ['a', 'b', 'c'],
    wanted,
    10,
    limits,
    () => {},
  );
}

/** The rows of a table, as texts. */
const textsOf = ({columns}: PlainTable, name: string) =>
  Array.from(columns.get(name)!.codes, code => ['', ...columns.get(name)!.values][code]);

it('reads the wanted columns, an empty text as none', async () => {
  const table = (await read(['a,b,c\n1,x,\n2,,é😀\n3,x,a longer text\n']))!;
  expect([...table.columns.keys()]).toEqual(['c', 'b']);
  expect(table.columns.get('b')).toEqual({values: ['x'], codes: Int32Array.of(1, 0, 1)});
  expect(table.columns.get('c')).toEqual({values: ['é😀', 'a longer text'], codes: Int32Array.of(0, 1, 2)});
  expect(table).toMatchObject({rows: 3, starts: [0]});
});

it('reads several files, without headers, the last line without its end', async () => {
  const table = (await read([gzipSync('1\tx\t"\n2\ty\tz'), gzipSync('3\tx\tw')], {
    ending: 'tsv.gz',
    separator: '\t',
    quote: null,
    header: false,
  }))!;
  expect(table.starts).toEqual([0, 2]);
  expect(textsOf(table, 'b')).toEqual(['x', 'y', 'x']);
  expect(textsOf(table, 'c')).toEqual(['"', 'z', 'w']);
});

it.each(['csv', 'csv.gz'])('reads lines wherever a piece of the file ends: .%s', async ending => {
  const random = seededRandom(5);
  const lines = Array.from({length: 150_000}, (_, i) =>
    [i, `text ${Math.floor(1000 * random())}`, 'é'.repeat(Math.floor(10 * random()))].join(','),
  );
  const text = `a,b,c\n${lines.join('\n')}`;
  const table = (await read([ending === 'csv' ? text : gzipSync(text)], {ending}))!;
  expect(text.length).toBeGreaterThan(2 ** 21);
  expect(textsOf(table, 'b').join()).toBe(lines.map(line => line.split(',')[1]).join());
  expect(textsOf(table, 'c').join()).toBe(lines.map(line => line.split(',')[2]).join());
});

it.each<[string, string | Uint8Array, (Partial<ResolvedFiles> & {ending?: string})?]>([
  ['a quote', 'a,b,c\n1,"x",y\n'],
  ['ends of lines with \\r', 'a,b,c\r\n1,x,y\r\n'],
  ['a byte order mark', '\ufeffa,b,c\n1,x,y\n'],
  ['the character 0', 'a,b,c\n1,x\0,y\n'],
  ['a line with fewer columns', 'a,b,c\n1,x,y\n1,x\n'],
  ['a line with more columns', 'a,b,c\n1,x,y\n1,x,y,z\n'],
  ['an empty line', 'a,b,c\n1,x,y\n\n1,x,y\n'],
  ['text that is not UTF-8', Buffer.from('a,b,c\n1,\xe9,y\n', 'latin1')],
  ['a very long line', `a,b,c\n1,${'x'.repeat(2 ** 21)},y\n`],
  ['a separator of two bytes', 'a::b::c\n1::x::y\n', {separator: '::'}],
  ['a file that is cut off', gzipSync('a,b,c\n1,x,y\n').subarray(0, 25), {ending: 'csv.gz'}],
  ['zstd', Buffer.from('28b52ffd', 'hex'), {ending: 'csv.zst'}],
])('leaves %s to others', async (_what, content, ...[options]) => {
  expect(await read([content], options)).toBeUndefined();
});

it('leaves what is beyond its limits to others', async () => {
  const text = `a,b,c\n${Array.from({length: 100}, (_, i) => `${i},${i % 10},x\n`).join('')}`;
  // Of b the ten digits, of c x, and the empty text of both.
  const limits = {cells: 200, texts: 13, bytes: 11};
  expect((await read([text], {}, limits))?.rows).toBe(100);
  expect(await read([text], {}, {...limits, cells: 199})).toBeUndefined();
  expect(await read([text], {}, {...limits, texts: 12})).toBeUndefined();
  expect(await read([text], {}, {...limits, bytes: 10})).toBeUndefined();
});

it('reads a table of one column, but for lines that are empty', async () => {
  const one = (text: string) => {
    writeFileSync(path.join(folder, 'one.csv'), text);
    return readPlainText(
      {
        files: [path.join(folder, 'one.csv')],
        format: 'csv',
        separator: ',',
        anySeparator: false,
        quote: '"',
        header: true,
      },
      ['a'],
      ['a'],
      10,
      LIMITS,
      () => {},
    );
  };
  expect(textsOf((await one('a\n1\n2\n1\n'))!, 'a')).toEqual(['1', '2', '1']);
  expect(await one('a\n1\n\n2\n')).toBeUndefined();
});
