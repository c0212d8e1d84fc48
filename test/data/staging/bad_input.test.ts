import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {DuckDBInstance} from '@duckdb/node-api';
import {inferSchema, openShards} from 'tfjs-autofis/data';
import {prepare} from '../../../src/data/prepare';
import {fitSchema} from '../../../src/data/fit_schema';
import type {Source} from '../../../src/data/sources/source';
import {RowEncoder} from '../../../src/schema/row_encoder';
import type {FieldRule, Schema} from '../../../src/schema/schema';
import {emptyFolder, fileWriter} from '../../helpers/folders';

const folder = emptyFolder();
const at = (name: string) => path.join(folder, name);
const file = fileWriter(folder);

const schema: Schema = {
  version: 1,
  label: {column: 'y'},
  fields: [
    {type: 'categorical', name: 'site', column: 'site'},
    {type: 'numeric', name: 'price', column: 'price', bucketing: 'edges', edges: [1]},
  ],
};
const GOOD = 'site,price,y\na,1,0\nb,2,1\n';
const make = (source: Source, maxRejects = 0, of = schema) =>
  prepare({source, schema: of, maxRejects, folder: at('shards')});

describe('a row that cannot be used', () => {
  it.each<[string, string | Buffer, {line: number; column?: string; value: string; reason: string}]>([
    ['too few columns', `${GOOD}a,1\n`, {line: 4, column: 'y', value: 'a,1', reason: 'has too few columns'}],
    ['too many columns', `${GOOD}a,1,0,9\n`, {line: 4, value: 'a,1,0,9', reason: 'has too many columns'}],
    ['a broken quote', `${GOOD}"a,1,0\n`, {line: 4, value: '"a,1,0\n', reason: 'has a broken quote'}],
    [
      'bad UTF-8',
      Buffer.concat([Buffer.from(`${GOOD}x`), Buffer.from([0xff, 0xfe]), Buffer.from(',1,1\n')]),
      {line: 4, value: 'x\ufffd\ufffd,1,1', reason: 'is not UTF-8: save the file as UTF-8'},
    ],
    ['a number that is none', `${GOOD}a,12x,0\n`, {line: 4, column: 'price', value: '12x', reason: 'is not a number'}],
    [
      'a label that is none',
      `${GOOD}a,1,2\n`,
      {line: 4, column: 'y', value: '2', reason: 'is not a label: labels are 0 and 1'},
    ],
    [
      'a quoted label that is none',
      `${GOOD}"a,b",1,"2"\n`,
      {line: 4, column: 'y', value: '2', reason: 'is not a label: labels are 0 and 1'},
    ],
    [
      'a label of quotes and separators',
      `${GOOD}a,1,"x"",1"\n`,
      {line: 4, column: 'y', value: 'x",1', reason: 'is not a label: labels are 0 and 1'},
    ],
    [
      'a label of two lines',
      `${GOOD}a,1,"x"",1\n2"\n`,
      {line: 4, column: 'y', value: 'x",1\n2', reason: 'is not a label: labels are 0 and 1'},
    ],
    ['no label', `${GOOD}a,1,\n`, {line: 4, column: 'y', value: '', reason: 'is not a label: labels are 0 and 1'}],
    ['NaN as text', `${GOOD}a,nan,1\n`, {line: 4, column: 'price', value: 'nan', reason: 'is not a number'}],
    ['infinity', `${GOOD}a,1e999,1\n`, {line: 4, column: 'price', value: '1e999', reason: 'is not a number'}],
    [
      'a wrong number behind a value of three lines',
      `site,price,y\n"a\n\r\nb",1,0\nb,x,1\nc,2,1\n`,
      {line: 5, column: 'price', value: 'x', reason: 'is not a number'},
    ],
  ])('%s: an error with file, line, column and value, or a counted reject', async (_what, text, expected) => {
    const source = file('x.csv', text);
    const {line, column, value, reason} = expected;
    await expect(make(source)).rejects.toThrow(
      'prepare: 1 row cannot be used, and `maxRejects` is 0.\n  ' +
        `${source}, line ${line}${column === undefined ? '' : `, column ${JSON.stringify(column)}`}: ` +
        `${JSON.stringify(value)} ${reason}\n` +
        'Correct the source, or raise `maxRejects` to leave such rows out.',
    );
    expect(readdirSync(folder)).toEqual(['x.csv']);
    const {manifest, rejects} = await make(source, 1);
    expect(rejects).toEqual({count: 1, examples: [{file: source, ...expected}]});
    expect(manifest.parts.train.rows).toBe(2);
  });

  it('a number that is none in a column with missing values of its own, in JSON lines, and a date', async () => {
    const rule: FieldRule = {
      type: 'numeric',
      name: 'p',
      column: 'price',
      bucketing: 'edges',
      edges: [1],
      missing: ['NA'],
    };
    const csv = file('x.csv', 'price,y\nNA,1\n-,0\n2,0\n');
    expect((await make(csv, 1, {...schema, fields: [rule]})).rejects.examples).toEqual([
      {file: csv, line: 3, column: 'price', value: '-', reason: 'is not a number'},
    ]);
    rmSync(at('shards'), {recursive: true});
    const json = file(
      'x.jsonl',
      '{"price": 1, "y": 1, "site": "a"}\n{"price": "x", "y": 0}\n{"price": null, "y": 0}\n',
    );
    expect((await make(json, 1)).rejects.examples).toEqual([
      {file: json, row: 2, column: 'price', value: 'x', reason: 'is not a number'},
    ]);
    rmSync(at('shards'), {recursive: true});
    const first = file('first.jsonl', '{"price": 1, "y": 1, "site": "a"}\n'.repeat(3));
    expect((await make([first, json], 1)).rejects.examples).toEqual([
      {file: json, row: 2, column: 'price', value: 'x', reason: 'is not a number'},
    ]);
    rmSync(at('shards'), {recursive: true});
    const dates = file('d.csv', 'price,y\n2014-10-21,1\n2014-02-30,0\n2014-10-22,0\n');
    expect(
      (await make(dates, 1, {...schema, fields: [{type: 'dateTime', name: 'd', column: 'price', part: 'day'}]})).rejects
        .examples,
    ).toEqual([
      {file: dates, line: 3, column: 'price', value: '2014-02-30', reason: 'is not a date of the form ISO 8601'},
    ]);
  });

  it('values of rows that are left out do no harm where values repeat and are encoded once each', async () => {
    const rows = Array.from({length: 1000}, (_, i) => `${i % 7},2014-10-2${i % 5},${i % 2}`);
    rows[500] = '1e999,2014-10-21,1';
    rows[600] = '3,2014-02-30,1';
    const fields: FieldRule[] = [
      {type: 'numeric', name: 'n', column: 'n', bucketing: 'logSquared'},
      {type: 'dateTime', name: 'd', column: 'd', part: 'day'},
    ];
    const {manifest, fitted, rejects} = await make(file('x.csv', `n,d,y\n${rows.join('\n')}\n`), 2, {
      ...schema,
      fields,
    });
    expect(rejects.examples.map(({line, column, value}) => [line, column, value])).toEqual([
      [502, 'n', '1e999'],
      [602, 'd', '2014-02-30'],
    ]);
    expect(manifest.parts.train.rows).toBe(998);
    const good = rows.filter((_, i) => i !== 500 && i !== 600).map(row => row.split(','));
    const {value} = await (await openShards(at('shards'), {part: 'train'})).batches({batchSize: 1000}).next();
    expect(value!.ids).toEqual(new RowEncoder(fitted).encode(good.map(([n, d]) => ({n, d}))).ids);
  });

  it('a broken quote that ends within its line costs that row alone', async () => {
    const {manifest, rejects} = await make(file('x.csv', `${GOOD}"a"b,1,0\n${'a,1,0\nb,2,1\n'.repeat(100)}`), 1);
    expect([manifest.parts.train.rows, rejects.count, rejects.examples[0].line]).toEqual([202, 1, 4]);
  });

  it.each([
    ['in a small file', 100],
    ['in one larger than what is read at a time', 500_000],
  ])('a quote without an end takes all rows behind it, which no limit allows: %s', async (_what, rows) => {
    const source = file(
      'x.csv',
      `${GOOD}"a,1,0\n${Array.from({length: rows}, (_, i) => `a${i},1,${i % 2}\n`).join('')}`,
    );
    await expect(make(source, 1e6)).rejects.toThrow(
      `prepare: ${source}, line 4: a quote opens there and is never closed, so the rows after it are lost.`,
    );
    expect(existsSync(at('shards'))).toBe(false);
  });

  it.each<[string, string, object]>([
    ['a label', 's,a,9,2,1,1', {column: 'y', value: '2', reason: 'is not a label: labels are 0 and 1'}],
    ['a number', 's,a,9,1,x,1', {column: 'price', value: 'x', reason: 'is not a number'}],
  ])('%s is named by its own column where columns around it are not read', async (_what, row, expected) => {
    const good = Array.from({length: 10}, (_, i) => `s,a,9,${i % 2},${i},1\n`).join('');
    const source = file('x.csv', `more,site,other,y,price,last\n${good}${row}\n${good}`);
    expect((await make(source, 1)).rejects).toEqual({count: 1, examples: [{file: source, line: 12, ...expected}]});
  });

  it('lists the first five of many', async () => {
    const source = file('x.csv', `${GOOD}${'a,x,0\n'.repeat(500)}`);
    await expect(make(source, 100)).rejects.toThrow(
      /500 rows cannot be used, and `maxRejects` is 100\.(\n {2}.*line \d+, column "price": "x" is not a number){5}\n {2}and 495 more/,
    );
  });
});

describe('long values in quotes', () => {
  it('one of 10 MB and many lines is read', async () => {
    const value = 'x\n'.repeat(5e6);
    const {fitted, rejects} = await make(file('x.csv', `${GOOD}"${value}",1,0\n${'b,2,1\n'.repeat(1000)}`));
    expect([rejects.count, fitted.fields[0].values!.includes(value)]).toEqual([0, true]);
  });

  it('one of 20 MB is refused as too long', async () => {
    const long = `"${'x\n'.repeat(1e7)}",1,0\n`;
    const source = file('x.csv', GOOD + long);
    const {rejects} = await make(source, 1);
    expect(rejects).toMatchObject({count: 1, examples: [{file: source, line: 4, reason: 'is longer than 16 MB'}]});
    const alone = inferSchema({source: file('y.csv', `site,price,y\n${long}`), label: 'y'});
    await expect(alone).rejects.toThrow(/no row can be used\.\n {2}.*y\.csv, line 2: .* is longer than 16 MB$/);
  });
});

it('forty thousand dates, each wrong in its own way, are counted', async () => {
  const rows = Array.from({length: 4e4}, (_, i) => `soon ${i},1\n`).join('');
  const source = file('x.csv', `day,y\n2014-10-21,0\n2014-10-22,1\n${rows}`);
  const fields: FieldRule[] = [{type: 'dateTime', name: 'd', column: 'day', part: 'day'}];
  const {rejects, manifest} = await make(source, 1e6, {...schema, fields});
  expect([rejects.count, rejects.examples.length, manifest.parts.train.rows]).toEqual([4e4, 100, 2]);
});

describe('a source that cannot be used', () => {
  it.each<[string, () => Source, string | RegExp]>([
    ['a folder', () => folder, /: .* is a folder\. Name its files, such as ".*\*\.csv"\.$/],
    ['no such file', () => at('absent.csv'), /there is no file ".*absent\.csv"\. Check the path/],
    ['an empty file', () => file('x.csv', ''), /x\.csv is empty\. Write it again\./],
    [
      'a pipe',
      () => {
        execFileSync('mkfifo', [at('rows')]);
        return at('rows');
      },
      /: .*rows is a pipe or a device, and rows are read more than once\. Write them to a file, and give that\.$/,
    ],
    [
      'a file that two globs name',
      () => [file('x.csv', GOOD), at('*.csv')],
      /: .*x\.csv is named twice, and all its rows would be read twice\. Name it once\.$/,
    ],
    [
      'a file by two names',
      () => {
        const target = file('x.csv', GOOD);
        symlinkSync(target, at('y.csv'));
        return at('*.csv');
      },
      /: .*x\.csv and .*y\.csv are one file, named twice, and all its rows would be read twice\. Name it once\.$/,
    ],
    ['a header alone', () => file('x.csv', 'site,price,y\n'), /the source has no usable rows/],
    [
      'a missing column',
      () => file('x.csv', 'site,cost,y\na,1,0\n'),
      /x\.csv has no column "price"\. It has "site", "cost", "y"\. Correct the schema\./,
    ],
    [
      'other columns in the second file',
      () => [file('x.csv', GOOD), file('y.csv', 'price,site,y\n1,a,0\n')],
      /the headers of .*x\.csv and .*y\.csv differ, at column 1/,
    ],
    ['one name twice', () => file('x.csv', 'site,price,y,y\na,1,0,0\n'), /the header of .*x\.csv has "y" twice/],
    [
      'names that differ by case alone',
      () => file('x.csv', 'site,price,Y,y\na,1,0,0\n'),
      /the header of .*x\.csv has "Y" and "y", which differ only in case\. Rename one\./,
    ],
    [
      'one of `columns` twice',
      () => ({files: file('x.csv', 'a,1,0,0\n'), columns: ['site', 'price', 'y', 'y']}),
      /the list of columns has "y" twice/,
    ],
    ...['', "''", ','].map((quote): [string, () => Source, RegExp] => [
      `the quote ${JSON.stringify(quote)}`,
      () => ({files: file('x.csv', GOOD), quote}),
      /`source\.quote` must be null or one ASCII character that is not part of the separator/,
    ]),
    [
      'a separator of five bytes',
      () => ({files: file('x.csv', GOOD), separator: ' ... '}),
      /`source\.separator` must be one or more characters, at most 4 bytes/,
    ],
    [
      'a header that is not UTF-8',
      () => file('x.csv', Buffer.from('sit\xe9,price,y\na,1,0\n', 'latin1')),
      /x\.csv cannot be read as text: its header, line 1, is not UTF-8\. If it has/,
    ],
    [
      'a header with a quote that does not end',
      () => file('x.csv', '"site,price,y\na,1,0\n'),
      /its header, line 1, has a quote that does not end/,
    ],
    [
      'UTF-16',
      () => file('x.csv', Buffer.from(`\ufeff${GOOD}`, 'utf16le')),
      /x\.csv is in UTF-16 or UTF-32\. Save it as UTF-8\./,
    ],
    ['an unknown ending', () => file('x.dat', GOOD), /the ending of .*x\.dat does not say its format\. Give `format`/],
    [
      'half of a gzip file',
      () => file('x.csv.gz', halfOf(gzipSync(many()))),
      /x\.csv\.gz is truncated or damaged: unexpected end of file\. Download or copy it again\./,
    ],
    [
      'half of a libsvm file',
      () => file('x.svm.gz', halfOf(gzipSync('1 3:1 17:1\n'.repeat(5000)))),
      /x\.svm\.gz cannot be read: unexpected end of file\./,
    ],
    [
      'libffm that is not zstd',
      () => file('x.ffm.zst', '1 0:3:1\n'),
      /the source cannot be read \(.*x\.ffm\.zst\): .*Unknown frame descriptor/,
    ],
    [
      'JSON that breaks off',
      () => file('x.jsonl', '{"site": "a", "price": 1, "y": 1}\n{"site": "b", "pri'),
      /the source cannot be read: .*Malformed JSON in file ".*x\.jsonl", at byte \d+ in line 2: /,
    ],
    ['text as Parquet', () => file('x.parquet', GOOD), /the source cannot be read: .*x\.parquet'?$/],
    ['a query that fails', () => ({sql: 'SELECT nothing'}), /`source\.sql` fails: .*"nothing"/],
    [
      'a query with an unknown option',
      () => ({sql: 'SELECT 1 AS y', setpu: 'ATTACH'}) as Source,
      /^prepare: `source`: `setpu` must not be given: the options are sql, setup\. Received: "ATTACH"\.$/,
    ],
    [
      'a constant label',
      () => file('x.csv', 'site,price,y\na,1,1\nb,2,1\n'),
      /the label of all 2 training rows is 1\. A model needs both/,
    ],
  ])('%s', async (_what, source, message) => {
    await expect(make(source())).rejects.toThrow(message);
    expect(existsSync(at('shards'))).toBe(false);
    expect(readdirSync(folder).filter(name => name.includes('partial'))).toEqual([]);
  });

  it('rows none of which can be used, and why', async () => {
    await expect(make(file('x.csv', 'site,price,y\na,1\n'), 9)).rejects.toThrow(
      /no usable rows\. Check its path, its format and the split\.\n {2}.*x\.csv, line 2, column "y": "a,1" has too few columns$/,
    );
  });

  it.each<[string, string, RegExp]>([
    ['too many names', 'a,1,0\n', /x\.csv has 3 columns\. Name each column once, in their order\.$/],
    ['too few names', 'a,1,0,5,\n', /x\.csv has 5 columns\. Name each/],
    ['a wrong separator', 'a;1;0\n', /x\.csv has 1 column\. It holds ";": give it as the `separator`\.$/],
  ])('%s', async (_what, text, message) => {
    const columns = text.includes('5') ? ['site', 'price', 'y'] : ['site', 'price', 'y', 'more'];
    const source = {files: file('x.csv', text), columns};
    const made = await make(source, 9).catch((error: Error) => error.message);
    expect(made).toMatch(new RegExp(`^prepare: \`columns\` has ${columns.length} names, but line 1 of `));
    expect(made).toMatch(message);
  });

  it('weights that are all 0', async () => {
    const source = file('x.csv', 'site,price,y\na,0,0\nb,0,1\n');
    await expect(make(source, 0, {...schema, weight: {column: 'price'}})).rejects.toThrow(
      /no usable rows\. Check its path, its format, the split, and the weights in price: rows of weight 0 are left out\.$/,
    );
  });

  it.each([
    ['a header of one line, which DuckDB reads', 'site', /half\.csv\.zst is truncated or damaged/],
    ['a header of two lines, which is read here', 'the\nsite', /half\.csv\.zst cannot be read: unexpected EOF\./],
  ])('half of a zstd file with %s', async (_what, column, message) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT 'a' || hash(range) AS "${column}", 1 AS price, range % 2 AS y ` +
        `FROM range(100000)) TO '${at('whole.csv.zst')}' (COMPRESSION zstd)`,
    );
    connection.closeSync();
    const [site, price] = schema.fields;
    const own: Schema = {...schema, fields: [{...site, column}, price]};
    expect((await make(at('whole.csv.zst'), 1, own)).manifest.parts.train.rows).toBe(100000);
    rmSync(at('shards'), {recursive: true});
    const half = file('half.csv.zst', halfOf(readFileSync(at('whole.csv.zst'))));
    await expect(make(half, 1, own)).rejects.toThrow(message);
  });

  it('an existing folder', async () => {
    await make(file('x.csv', GOOD));
    await expect(make(at('x.csv'))).rejects.toThrow(/shards exists already\. Remove it, or give another `folder`\./);
  });
});

const many = () =>
  `site,price,y\n${Array.from({length: 100000}, (_, i) => `s${(i * 7919) % 99991},${i},${i % 2}\n`).join('')}`;
const halfOf = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);

it.each([NaN, 'many'])('fitSchema does not take %p for a number of rejects', async maxRejects => {
  const source = file('x.csv', `${GOOD}a,none,1\n`);
  await expect(fitSchema({source, schema, maxRejects: maxRejects as number})).rejects.toThrow(
    'fitSchema: `maxRejects` must be an integer >= 0. Received: ',
  );
});

it('fitSchema needs no label, and leaves nothing behind', async () => {
  const {label: _, ...rest} = schema;
  const fitted = await fitSchema({source: file('x.csv', GOOD), schema: rest, tempFolder: folder});
  expect(fitted.rows).toBe(2);
  expect(readdirSync(folder)).toEqual(['x.csv']);
});
