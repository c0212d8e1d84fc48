import {gzipSync} from 'node:zlib';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Page} from 'playwright-core';
import {choose, csv, openPage, press, Served, servePage, textOf} from '../helpers/page';

let served: Served;
let page: Page;
let errors: string[];
beforeAll(async () => {
  served = await servePage();
  ({page, errors} = await openPage(served));
});
afterAll(() => served.close());
afterEach(() => expect(errors).toEqual([]));

const parquet = () => readFileSync(path.resolve(__dirname, '../../runs/page/assets/flights.parquet'));
const label = (value: (row: number, text: string) => string) =>
  csv({line: (row, text) => text.replace(/^\d/, digit => value(row, digit))});

/** Each is one table, damaged. */
const DAMAGED: Array<[what: string, name: string, content: () => string | Uint8Array, message: RegExp]> = [
  ['an empty file', 'a.csv', () => '', /^The file is empty\.$/],
  ['a header only', 'a.csv', () => 'clicked,first,second\n', /^The file has column names but no rows\.$/],
  [
    'no header',
    'a.csv',
    () => '1,2,3\n0,5,6\n',
    /^The first line must hold the names of the columns\. It begins with 1, 2, 3\.$/,
  ],
  ['UTF-16', 'a.csv', () => Buffer.from(`\ufeff${csv()}`, 'utf16le'), /^The text of this file is not UTF-8\./],
  [
    'two columns of one name',
    'a.csv',
    () => csv().replace('third', 'second'),
    /^Two columns are called "second"\. Rename one\.$/,
  ],
  [
    'prose',
    'notes.txt',
    () => 'This is a letter.\nIt has no columns at all.\n',
    /^The table has 1 column\. A search needs at least three: a label and two fields\.$/,
  ],
  [
    'lines of the wrong length',
    'a.csv',
    () => csv({line: (row, text) => (row % 3 === 1 ? text.replace(/,[^,]*$/, '') : text)}),
    /^500 of 1,500 rows do not have 4 values as the first line does; the first is row 2\. Check the separator and the quotation marks\.$/,
  ],
  [
    'a quotation mark that is never closed',
    'a.csv',
    () => csv({line: (row, text) => (row === 6 ? text.replace('b', '"b') : text)}),
    /^A quotation mark in row 7 is never closed, or stands in the middle of a value\./,
  ],
  ['JSON', 'a.json', () => '[\n {"clicked": 1, "first": "a"}]', /^This is JSON\. Save the table as CSV or Parquet/],
  ['a label without a value', 'a.csv', () => csv().replace(/^[01],/gm, ','), /"clicked" has no value in any row\.$/],
  [
    'a character that is not UTF-8',
    'a.csv',
    () => Buffer.from(csv().replace('a3', 'M\u00fcnchen'), 'latin1'),
    /^The text of this file is not UTF-8\./,
  ],
  [
    'a picture',
    'a.csv',
    () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    /^This is not a table of text: it holds binary data\./,
  ],
  [
    'a spreadsheet',
    'a.xlsx',
    () => Buffer.from('504b0304140006000800', 'hex'),
    /^This is a zip archive or a spreadsheet \(\.xlsx\)\./,
  ],
  [
    'gzip that ends too early',
    'a.csv.gz',
    () => gzipSync(csv()).subarray(0, 2000),
    /^The compressed file is damaged: it ends too early/,
  ],
  [
    'Parquet that ends too early',
    'a.parquet',
    () => parquet().subarray(0, 200_000),
    /^The Parquet file cannot be read; it may be incomplete or damaged\./,
  ],
  [
    'a label of 0, 1 and 2',
    'a.csv',
    () => label((row, digit) => (row % 50 === 0 ? '2' : digit)),
    /^"clicked" holds 0, 1 and 2\. Choose the one to predict against the rest\.$/,
  ],
  ['a label of one value', 'a.csv', () => label(() => '1'), /"clicked" holds only 1\.$/],
  ['too few rows', 'a.csv', () => csv({rows: 40}), /^There are \d+ training rows; at least 200 are needed\.$/],
];

describe('a damaged file is reported in words', () => {
  it.each(DAMAGED)('%s', async (_, name, content, message) => {
    await choose(page, 'good.csv', csv());
    await textOf(page, 'data-status', /^good\.csv: 1,500 rows, 4 columns\.$/);
    await choose(page, name, content());
    await page.waitForSelector('#data-error:not([hidden])');
    expect(await page.textContent('#data-error')).toMatch(message);
    expect(await page.isDisabled('#start')).toBe(true);
  });
});

it('a file that is gone is reported in words', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-gone-'));
  const gone = path.join(folder, 'gone.csv');
  writeFileSync(gone, csv());
  await page.evaluate(() => {
    const keep = ({target}: Event) => Object.assign(globalThis, {chosen: (target as HTMLInputElement).files![0]});
    addEventListener('change', keep, {capture: true, once: true});
  });
  await page.setInputFiles('#file', gone);
  await textOf(page, 'data-status', /^gone\.csv: 1,500 rows, 4 columns\.$/);
  rmSync(folder, {recursive: true});
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add((globalThis as unknown as {chosen: File}).chosen);
    dispatchEvent(new DragEvent('drop', {dataTransfer}));
  });
  expect(await textOf(page, 'data-error', /./)).toBe(
    'The browser cannot read this file. It may be a folder, or was moved or changed after it was chosen. ' +
      'Choose it again.',
  );
});

describe('what can be mended is mended, and said', () => {
  it('a label of an unusual name is chosen by a person, also where it is the only one', async () => {
    await choose(
      page,
      'a.csv',
      csv()
        .replace('clicked', 'size')
        .replace(/^(\d),/gm, 's$1,'),
    );
    await textOf(
      page,
      'data-error',
      /^No column has the values 0 and 1 or the name of a label\. Choose the label: size\.$/,
    );
    expect(await page.isDisabled('#start')).toBe(true);
    expect(await page.inputValue('#label')).toBe('');
    await page.selectOption('#label', 'size');
    await page.waitForSelector('#start:not([disabled])');
    expect(await page.isHidden('#data-error')).toBe(true);
    expect(await page.locator('#label option').allTextContents()).toEqual(['size', 'first', 'second', 'third']);
    // One value of several against the rest.
    await page.selectOption('#label', 'third');
    await textOf(page, 'data-error', /^"third" holds c0, c1, c2 and c3\. Choose the one to predict/);
    await page.selectOption('#positive', {label: 'c2, against the rest'});
    await page.waitForSelector('#start:not([disabled])');
    expect(await page.textContent('.parts tbody td:nth-child(3)')).toMatch(/^2\d\.\d %$/);
  });

  it('columns may have the names of what every object has', async () => {
    await choose(page, 'a.csv', csv().replace('second', 'constructor').replace('third', '__proto__'));
    await textOf(page, 'data-status', /^a\.csv: 1,500 rows, 4 columns\.$/);
    await page.selectOption('#use-3', 'ignored');
    await page.selectOption('#use-3', 'category');
    expect(await textOf(page, 'counts', /^3 fields/)).toMatch(/^3 fields with \d+ values make 3 pairs\.$/);
    expect(await page.isHidden('#data-error')).toBe(true);
  });

  it('a few lines of the wrong length are left out', async () => {
    await choose(page, 'a.csv', csv({line: (row, text) => (row % 500 === 3 ? `${text},more` : text)}));
    await textOf(page, 'data-status', /^a\.csv: 1,497 rows, 4 columns\.$/);
    expect(await page.textContent('.problems')).toBe(
      '3 rows with too few or too many values are left out: 4, 504, 1,004.',
    );
    expect(await page.isEnabled('#start')).toBe(true);
  });

  it('a column of parts with too few test rows is left out by a person', async () => {
    const part = (row: number) => {
      if (row % 5 === 0) return 'valid';
      return row % 100 === 1 ? 'test' : 'train';
    };
    await choose(page, 'a.csv', csv({line: (row, text) => `${text},${part(row)}`}).replace('third', 'third,split'));
    await textOf(
      page,
      'data-error',
      /^There are 15 test rows; at least 20 are needed\. The column "split" defines the parts; leave it out to split the rows by chance\.$/,
    );
    await page.selectOption('#use-4', 'ignored');
    await page.waitForSelector('#start:not([disabled])');
    expect(await page.isHidden('#data-error')).toBe(true);
  });

  it('words among numbers count as missing', async () => {
    await choose(
      page,
      'a.csv',
      csv({line: (row, text) => text.replace(/c\d$/, row === 70 ? 'unknown' : String(row / 7))}),
    );
    await textOf(page, 'data-status', /^a\.csv: 1,500 rows, 4 columns\.$/);
    await page.selectOption('#use-3', 'number');
    expect(await textOf(page, 'counts', /^3 fields/)).toMatch(/^3 fields with [\d,]+ values make 3 pairs\.$/);
    expect(await page.isHidden('.problems, #data-error')).toBe(true);
    expect(await page.isEnabled('#start')).toBe(true);
  });

  it('a column of nothing but different values is left out, until a person wants it', async () => {
    await choose(page, 'a.csv', csv({rows: 60_000, line: (row, text) => text.replace(/c\d$/, `visitor-${row}`)}));
    await textOf(page, 'data-status', /^a\.csv: 60,000 rows, 4 columns\.$/);
    expect(await page.inputValue('#use-3')).toBe('proposed');
    expect(await page.textContent('#use-3 option:checked')).toBe('proposed: left out');
    expect(await page.textContent('#counts')).toMatch(/^2 fields with \d+ values make 1 pair\.$/);
    await page.selectOption('#use-3', 'category');
    expect(await textOf(page, 'counts', /^3 fields/)).toMatch(/^3 fields with [\d,]+ values make 3 pairs\.$/);
    expect(await page.isEnabled('#start')).toBe(true);
  });
});

describe('tables that are read', () => {
  const quoted = () => csv({line: (_, text) => text.replace(/a(\d)/, '"a, ""$1""\nZürich"')});
  it.each<[string, string, () => string | Uint8Array]>([
    ['tabs', 'a.tsv', () => csv({separator: '\t'})],
    ['semicolons and line ends of Windows', 'a.csv', () => csv({separator: ';'}).replaceAll('\n', '\r\n')],
    ['a byte order mark', 'a.csv', () => `\ufeff${csv()}`],
    ['gzip', 'a.csv.gz', () => gzipSync(csv())],
    ['quotation marks around separators, line ends and themselves', 'a.csv', quoted],
  ])('%s', async (_, name, content) => {
    await choose(page, name, content());
    await textOf(page, 'data-status', new RegExp(`^${name}: 1,500 rows, 4 columns\\.$`));
    expect(await page.$$eval('.columns th[scope=row]', all => all.map(({textContent}) => textContent))).toEqual([
      'clicked',
      'first',
      'second',
      'third',
    ]);
    expect(await page.textContent('#counts')).toMatch(/^3 fields with 2[01] values make 3 pairs\.$/);
    expect(await page.isHidden('.problems, #data-error')).toBe(true);
  });

  it('characters of several bytes stay whole in a file of several blocks', async () => {
    await choose(page, 'a.csv', csv({rows: 150_000, line: (_, text) => text.replace(/a(\d)/, 'Zürich $1 – 東京 $1')}));
    await textOf(page, 'data-status', /^a\.csv: 150,000 rows, 4 columns\.$/);
    expect(await page.textContent('.columns tbody tr:nth-child(2) td:nth-child(5)')).toBe('5');
    expect(await page.textContent('.columns tbody tr:nth-child(2) .examples')).toContain('Zürich 1 – 東京 1');
  });
});

it('after all of these a run starts on a dropped file', async () => {
  const data = await page.evaluateHandle(text => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}));
    return transfer;
  }, csv());
  await page.dispatchEvent('#drop', 'dragenter', {dataTransfer: data});
  expect(await page.getAttribute('#drop', 'class')).toBe('over');
  await page.dispatchEvent('#drop', 'drop', {dataTransfer: data});
  await textOf(page, 'data-status', /^dropped\.csv: 1,500 rows, 4 columns\.$/);
  expect(await page.getAttribute('#drop', 'class')).toBe('');
  await press(page, 'start');
  await page.waitForSelector('#map [data-pair]');
  expect(await page.isHidden('#data-error')).toBe(true);
  expect(await page.textContent('#summary-text')).toMatch(/^dropped\.csv: 1,500 rows, 3 fields/);
});
