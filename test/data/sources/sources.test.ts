import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {DuckDBInstance} from '@duckdb/node-api';
import {
  DateDay,
  Int32,
  Table,
  tableFromIPC,
  tableToIPC,
  TimestampMicrosecond,
  TimestampMillisecond,
  vectorFromArray,
} from 'apache-arrow';
import {fitSchema} from '../../../src/data/fit_schema';
import {prepare} from '../../../src/data/prepare';
import {inferSchema} from '../../../src/data/infer_schema';
import type {Source} from '../../../src/data/sources/source';
import type {FieldRule, Schema} from '../../../src/schema/schema';
import {sharedFolder} from '../../helpers/folders';

const folder = sharedFolder();
/** The ids of the CSV file. */
let expected: number[];
const at = (name: string) => path.join(folder, name);
const schema: Schema = {
  version: 1,
  label: {column: 'click'},
  fields: [
    {type: 'categorical', name: 'site', column: 'site'},
    {type: 'categorical', name: 'price as text', column: 'price'},
    {type: 'numeric', name: 'price', column: 'price', bucketing: 'quantiles', buckets: 4},
    {type: 'multiValued', name: 'genres', column: 'genres', separator: ' ', width: 2},
    {type: 'dateTime', name: 'hour', column: 'time', part: 'hour'},
  ],
};
const rows = Array.from({length: 300}, (_, i) => ({
  click: i % 3 === 0 ? 1 : 0,
  site: ['a, "b"', "it's", 'c', null][(i * 7) % 4],
  price: i % 5 === 0 ? null : (i * i) % 11,
  genres: ['x', 'y z', 'z x y', ''][i % 4].split(' ').filter(Boolean),
  time: `2014-10-21 ${String(i % 24).padStart(2, '0')}:00:00`,
}));
const quoted = (value: unknown) => {
  if (value === null) return '';
  return /[",]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
};
const line =
  (separator: string, quote = quoted) =>
  (row: (typeof rows)[0]) =>
    [row.click, row.site, row.price, row.genres.join(' '), row.time].map(quote).join(separator);
const header = 'click,site,price,genres,time';

beforeAll(async () => {
  const csv = `${header}\n${rows.map(line(',')).join('\n')}\n`;
  writeFileSync(at('x.csv'), csv);
  writeFileSync(at('bom.csv'), `\ufeff${csv.replaceAll('\n', '\r\n')}`);
  writeFileSync(at('x.csv.gz'), gzipSync(csv));
  writeFileSync(
    at('x.tsv'),
    `${header.replaceAll(',', '\t')}\n${rows.map(line('\t', value => (value === null ? '' : String(value)))).join('\n')}\n`,
  );
  writeFileSync(at('semicolon.csv'), `${header.replaceAll(',', ';')}\n${rows.map(line(';')).join('\n')}\n`);
  writeFileSync(at('bare.data'), rows.map(line('|')).join('\n'));
  writeFileSync(at('x.jsonl'), rows.map(row => JSON.stringify(row)).join('\n'));
  writeFileSync(at('x.json'), JSON.stringify(rows));
  writeFileSync(at('indented.json.gz'), gzipSync(`\n${JSON.stringify(rows, null, 2)}\n`));
  mkdirSync(at('days'));
  for (let i = 0; i < 3; i++)
    writeFileSync(
      at(`days/${i}.csv`),
      `${header}\n${rows
        .slice(100 * i, 100 * i + 100)
        .map(line(','))
        .join('\n')}\n`,
    );
  const columns = {
    click: vectorFromArray(
      rows.map(row => row.click),
      new Int32(),
    ),
    site: vectorFromArray(rows.map(row => row.site)),
    price: vectorFromArray(rows.map(row => row.price)),
    genres: vectorFromArray(rows.map(row => row.genres.join(' '))),
    time: vectorFromArray(rows.map(row => row.time)),
  };
  writeFileSync(at('x.arrow'), tableToIPC(new Table(columns), 'file'));
  writeFileSync(at('x.arrow.gz'), gzipSync(readFileSync(at('x.arrow'))));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const typed =
    `SELECT click, site, price::DOUBLE AS price, string_split(genres, ' ') AS genres, ` +
    `time::TIMESTAMP AS time FROM '${at('x.csv')}'`;
  await connection.run(
    `COPY (${typed}) TO '${at('x.parquet')}'; COPY (SELECT * FROM '${at('x.csv')}') TO '${at('x.csv.zst')}' ` +
      '(COMPRESSION zstd)',
  );
  connection.closeSync();
  expected = await idsOf(at('x.csv'));
});

async function idsOf(source: Source, of = schema): Promise<number[]> {
  rmSync(at('shards'), {recursive: true, force: true});
  await prepare({source, schema: of, folder: at('shards')});
  const table = tableFromIPC(readFileSync(at('shards/train-00000.arrow')));
  return [
    ...table.getChild('label')!.toArray().subarray(0, table.numRows),
    ...(table.getChild('ids')!.data[0].children[0].values as Int32Array),
  ];
}

it.each<[string, () => Source]>([
  ['CSV with a byte order mark and CRLF', () => at('bom.csv')],
  ['gzip', () => at('x.csv.gz')],
  ['zstd', () => at('x.csv.zst')],
  ['TSV', () => at('x.tsv')],
  [
    'no header, another separator and ending',
    () => ({files: at('bare.data'), format: 'csv', separator: '|', columns: header.split(',')}),
  ],
  ['semicolons between the columns, as the header shows', () => at('semicolon.csv')],
  ['JSON lines, with lists', () => at('x.jsonl')],
  ['an array of JSON', () => at('x.json')],
  ['an array of JSON over several lines, compressed', () => at('indented.json.gz')],
  ['Parquet, with types and lists', () => at('x.parquet')],
  [
    'lists of a fixed length',
    () => ({sql: `SELECT * REPLACE (list_resize(genres, 5)::VARCHAR[5] AS genres) FROM '${at('x.parquet')}'`}),
  ],
  ['Arrow', () => at('x.arrow')],
  ['Arrow, compressed', () => at('x.arrow.gz')],
  ['a glob', () => at('days/*.csv')],
  ['a list of files', () => [0, 1, 2].map(i => at(`days/${i}.csv`))],
  [
    'a query',
    () => ({
      sql: `SELECT * FROM t ORDER BY i -- so;\n`,
      setup: `CREATE TABLE t AS SELECT row_number() OVER () AS i, * FROM '${at('x.parquet')}'`,
    }),
  ],
])('%s gives the ids of the CSV file', async (_what, source) => {
  expect(await idsOf(source())).toEqual(expected);
});

/** The table as CSV whose labels are these words. */
function csvOf([no, yes]: readonly string[], lineEnd: string): string {
  writeFileSync(
    at('words.csv'),
    [header, ...rows.map(row => line(',')(row).replace(/^./, click => (click === '1' ? yes : no)))].join(lineEnd),
  );
  return at('words.csv');
}

it.each<[string, () => Source]>([
  ['CSV', () => csvOf(['false', 'true'], '\n')],
  ['CSV of pandas', () => csvOf(['False', 'True'], '\n')],
  ['CSV of a spreadsheet', () => csvOf(['FALSE', 'TRUE'], '\r\n')],
  [
    'JSON lines',
    () => {
      writeFileSync(at('words.jsonl'), rows.map(row => JSON.stringify({...row, click: row.click === 1})).join('\n'));
      return at('words.jsonl');
    },
  ],
  ['a column of booleans', () => ({sql: `SELECT * REPLACE (click = 1 AS click) FROM '${at('x.parquet')}'`})],
])('labels may be false and true: %s', async (_what, source) => {
  expect(await idsOf(source())).toEqual(expected);
  expect((await inferSchema({source: source()})).schema.label).toEqual({column: 'click'});
});

it('dates and times of Arrow have the texts of those of a query', async () => {
  const moments = [new Date('2014-10-30T14:05:06.500Z'), new Date('2014-10-31T00:00:00Z'), null];
  const columns = {
    y: vectorFromArray([0, 1, 1], new Int32()),
    day: vectorFromArray(moments, new DateDay()),
    time: vectorFromArray(moments, new TimestampMillisecond()),
    instant: vectorFromArray(moments, new TimestampMicrosecond('Europe/Berlin')),
  };
  writeFileSync(at('dates.arrow'), tableToIPC(new Table(columns), 'file'));
  const time = `('2014-10-30 14:05:06.5'), ('2014-10-31 00:00:00'), (NULL)`;
  const query =
    `SELECT row_number() OVER () > 1 AS y, t::DATE AS day, t::TIMESTAMP AS time, (t || '+00')::TIMESTAMPTZ AS instant ` +
    `FROM (VALUES ${time}) AS v(t)`;
  const fields = ['day', 'time', 'instant'].map((column): FieldRule => ({type: 'categorical', name: column, column}));
  const fitted = (source: Source) => fitSchema({source, schema: {version: 1, label: {column: 'y'}, fields}});
  expect(await fitted(at('dates.arrow'))).toEqual(await fitted({sql: query}));
});

it('files of Arrow that are read together have the same columns', async () => {
  const columns = {click: vectorFromArray([1, 0], new Int32()), place: vectorFromArray(['a', 'b'])};
  writeFileSync(at('others.arrow'), tableToIPC(new Table(columns), 'file'));
  await expect(idsOf([at('x.arrow'), at('others.arrow')])).rejects.toThrow(
    `prepare: ${at('others.arrow')} has no column "site", which the first file has. Files that are read together ` +
      'must have the same columns.',
  );
});

it('libsvm: a list of features, or a column for each', async () => {
  writeFileSync(at('x.svm'), '+1 3:1 17:1 # first\n-1 3:1\n1 4:0 3:1\n');
  const list: FieldRule = {type: 'multiValued', name: 'f', column: 'features', separator: ' ', width: 2};
  expect((await idsOf(at('x.svm'), {version: 1, label: {column: 'label'}, fields: [list]})).slice(0, 9)).toEqual([
    1, 0, 1, 2, 3, 2, -1, 2, -1,
  ]);
  writeFileSync(at('dense.svm'), '1 1:0.5\n0 2:7 1:-3\n');
  const fields = ['a', 'b'].map((column): FieldRule => ({
    type: 'numeric',
    name: column,
    column,
    bucketing: 'edges',
    edges: [0],
  }));
  expect(
    (await idsOf({files: at('dense.svm'), columns: ['a', 'b']}, {version: 1, label: {column: 'label'}, fields})).slice(
      0,
      6,
    ),
  ).toEqual([1, 0, 2, 0, 1, 2]);
});

it('libffm: a column for each field', async () => {
  writeFileSync(at('x.ffm'), '1 0:3:1 1:17:1 1:18:0.5\n0 0:3:1\n1 0:9:1 1:17:0\n');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const lines = `SELECT unnest(string_split(rtrim(content, chr(10)), chr(10))) FROM read_text('${at('x.ffm')}')`;
  await connection.run(`COPY (${lines}) TO '${at('x.ffm.zst')}' (FORMAT csv, HEADER false, COMPRESSION zstd)`);
  connection.closeSync();
  const fields: FieldRule[] = [
    {type: 'categorical', name: 'a', column: '0'},
    {type: 'multiValued', name: 'b', column: '1', separator: ' ', width: 2},
  ];
  for (const name of ['x.ffm', 'x.ffm.zst']) {
    const ids = await idsOf(at(name), {version: 1, label: {column: 'label'}, fields});
    expect(ids.slice(0, 12)).toEqual([1, 0, 1, 2, 2, 3, 2, 0, -1, 3, 0, -1]);
  }
});

it('an array of JSON is not read together with JSON lines', async () => {
  await expect(idsOf([at('x.json'), at('x.jsonl')])).rejects.toThrow(
    `prepare: ${at('x.json')} is one JSON array, but ${at('x.jsonl')} is not. ` +
      'Write JSON lines, in pandas by to_json(FILE, orient="records", lines=True).',
  );
});
