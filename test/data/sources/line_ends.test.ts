import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {inferSchema} from '../../../src/data/infer_schema';
import {prepare} from '../../../src/data/prepare';
import type {Schema} from '../../../src/schema/schema';
import {emptyFolder, fileWriter} from '../../helpers/folders';

const folder = emptyFolder();
const file = fileWriter(folder);
const schemaOf = (column: string): Schema => ({
  version: 1,
  label: {column: 'y'},
  fields: [{type: 'categorical', name: 'c', column}],
});

/** The values of the first column, which each stand in one row, and the number of rows. */
async function read(source: string | string[], column = 'c'): Promise<unknown[]> {
  const {fitted, manifest} = await prepare({
    source,
    schema: schemaOf(column),
    folder: path.join(folder, 'shards'),
    progress: false,
  });
  return [fitted.fields[0].values, manifest.parts.train.rows];
}

const ROWS = ['c,y', 'a,0', '"b\nb",1', 'c,0', 'd,1'];

it.each<[string, string]>([
  ['a header that ends in CRLF and rows that end in LF', `${ROWS[0]}\r\n${ROWS.slice(1).join('\n')}\n`],
  ['a header that ends in LF and rows that end in CRLF', `${ROWS[0]}\n${ROWS.slice(1).join('\r\n')}\r\n`],
  [
    'a file of which the second half was written elsewhere',
    `${ROWS.slice(0, 3).join('\r\n')}\r\n${ROWS.slice(3).join('\n')}`,
  ],
  ['CRLF, and LF in a value', ROWS.join('\r\n')],
  ['CR alone', ROWS.join('\r')],
  ['a CR alone between rows that end in CRLF', `${ROWS.slice(0, 4).join('\r\n')}\r${ROWS[4]}\r\n`],
  ['an empty first line', `\n${ROWS.join('\n')}`],
  ['empty first lines of CRLF, and a byte order mark', `\ufeff\r\n\r\n${ROWS.join('\r\n')}`],
])('%s: all rows are read', async (_what, text) => {
  expect(await read(file('x.csv', text))).toEqual([['a', 'b\nb', 'c', 'd'], 4]);
});

it('all rows of a compressed file are read, whose lines end in different ways', async () => {
  const text = `\ufeff\r\n${ROWS.slice(0, 3).join('\r\n')}\r\n${ROWS.slice(3).join('\n')}`;
  expect(await read(file('x.csv.gz', gzipSync(text)))).toEqual([['a', 'b\nb', 'c', 'd'], 4]);
});

it('files whose lines end in different ways are read together', async () => {
  const files = ['\n', '\r\n', '\r', '\n'].map((end, i) => file(`${i}.csv`, [ROWS[0], ROWS[i + 1]].join(end) + end));
  expect(await read(files)).toEqual([['a', 'b\nb', 'c', 'd'], 4]);
});

it.each([['\n'], ['\r\n']])('a name with a line end in it, in a file whose lines end in %j', async end => {
  expect(await read(file('x.csv', ['"c\nd",y', ...ROWS.slice(1)].join(end)), 'c\nd')).toEqual([
    ['a', 'b\nb', 'c', 'd'],
    4,
  ]);
});

it('a CR alone somewhere in a large file of CRLF loses no rows', async () => {
  const rows = Array.from({length: 300_000}, (_, i) => `value number ${i},${i % 2}${i === 150_000 ? '\r' : '\r\n'}`);
  const [values, count] = await read(file('x.csv', `c,y\r\n${rows.join('')}`));
  expect([(values as string[]).length, count]).toEqual([300_000, 300_000]);
});

it.each([
  ['mixed line ends', '\r\n'],
  ['an empty first line', '\n\n'],
])('a schema is inferred in spite of %s, and of a row that cannot be read', async (_what, end) => {
  const rows = Array.from({length: 100}, (_, i) => `${'pqr'[i % 3]},${'stuv'[i % 4]},${i % 2}\n`);
  const text = `${end === '\n\n' ? '\n' : ''}a,b,y${end}${rows.join('')}short\n`;
  const {schema} = await inferSchema({source: file('x.csv', text), progress: false});
  expect(schema.fields.map(({column, type}) => [column, type])).toEqual([
    ['a', 'categorical'],
    ['b', 'categorical'],
  ]);
});
