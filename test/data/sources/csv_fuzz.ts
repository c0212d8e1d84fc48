// Files of CSV in every form that tools write, with rows that cannot be used among them; what becomes of them by this
// library, and by a few lines that say what should. `npm run test:csv` reads 2,000 of them.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {tableFromIPC} from 'apache-arrow';
import {prepare} from '../../../src/data/prepare';
import {RowEncoder} from '../../../src/schema/row_encoder';
import type {Schema} from '../../../src/schema/schema';
import {generator} from '../../helpers/random';

const NAMES = ['site', 'price', 'tags', 'y'];
const EDGES = [0, 2.5];
const schemaOf = ([site, price, tags, y]: readonly string[]): Schema => ({
  version: 1,
  label: {column: y},
  fields: [
    {type: 'categorical', name: 'site', column: site},
    {type: 'numeric', name: 'price', column: price, bucketing: 'edges', edges: EDGES},
    {type: 'multiValued', name: 'tags', column: tags, separator: '/', width: 2},
  ],
});

/** A file's text, and what is in it. */
interface Made {
  text: string;
  /** Values of the rows that can be used; empty ones are missing. */
  rows: string[][];
  /** Lines of the others. */
  bad: number[];
}

/** How a file is written. */
interface Form {
  separator: string;
  quote: string;
  names: string[];
  /** What may end a line, the first of them that of the header. */
  ends: string[];
  /** From which row on the second one does. */
  change: number;
  quoting: 'needed' | 'some' | 'all';
  hasSpaces: boolean;
  hasTail: boolean;
}

type Draw = ReturnType<typeof drawer>;

function drawer(seed: number) {
  const next = generator(seed);
  const below = (n: number) => Math.floor(next() * n);
  return {below, pick: <T>(items: readonly T[]) => items[below(items.length)], chance: (p: number) => next() < p};
}

const PIECES = [
  'a',
  'b',
  'é',
  '😀',
  ' ',
  "'",
  '"',
  '""',
  ',',
  ';',
  '|',
  '::',
  '\n',
  '\r\n',
  '\r',
  '\ufeff',
  '0',
  '=',
  '#',
];
const PRICES = ['1', '-1', '2.5', '1e3', '.5', '+2', ' 7', '0', '', '-0', '3.'];
const WRONG_PRICES = ['+-1', '-+1', '1_000', 'x', 'nan', 'inf', '1e999', '1,5', '0x1f', '--1', '1e', '.'];
const WRONG_LABELS = ['2', '', 'yes', '-1', '+-1', '0_0'];

/** A row of values: whether it can be used is for the caller to know. */
function values({below, pick, chance}: Draw): string[] {
  const site = chance(0.7)
    ? pick(['x', 'y', 'z', ''])
    : Array.from({length: 1 + below(4)}, () => pick(PIECES)).join('');
  const tags = Array.from({length: below(4)}, () => pick(['p', 'q', 'r s'])).join('/');
  return [site, pick(PRICES), tags, pick(['0', '1'])];
}

/** A value as it stands in the file. */
function written(value: string, {separator, quote, quoting, hasSpaces}: Form, {chance}: Draw): string {
  const mustQuote =
    value.includes(separator) ||
    /[\r\n]/.test(value) ||
    value.trimStart().startsWith(quote) ||
    value.startsWith('\ufeff');
  if ((!mustQuote && quoting === 'needed') || (!mustQuote && quoting === 'some' && chance(0.5))) return value;
  const space = () => (hasSpaces && chance(0.3) ? ' ' : '');
  return `${space()}${quote}${value.replaceAll(quote, quote + quote)}${quote}${space()}`;
}

function formOf({below, pick, chance}: Draw, rows: number): Form {
  const ends = chance(0.5) ? [pick(['\n', '\r\n', '\r'])] : [pick(['\n', '\r\n', '\r']), pick(['\n', '\r\n', '\r'])];
  return {
    separator: pick([',', ',', ';', '\t', '|', '::']),
    quote: pick(['"', '"', "'"]),
    ends,
    change: below(rows + 1),
    names: chance(0.3) ? ['si"te', 'price\nin €', 'the, tags', ' y'] : NAMES,
    quoting: pick(['needed', 'some', 'all']),
    hasSpaces: chance(0.2),
    hasTail: chance(0.2),
  };
}

/** A row that cannot be used, and why not is one of five reasons. */
function badRow(form: Form, draw: Draw): string {
  const row = values(draw);
  const {separator, quote} = form;
  row[0] = 'bad';
  const kind = draw.below(5);
  if (kind === 0) row[1] = draw.pick(WRONG_PRICES);
  if (kind === 1) row[3] = draw.pick(WRONG_LABELS);
  const cells = row.map(value => written(value, form, draw));
  if (kind === 2) cells.pop();
  if (kind === 3) cells.push('more');
  if (kind === 4) cells[0] = `${quote}a${quote}b`;
  return cells.join(separator);
}

function makeFile(form: Form, count: number, isFirst: boolean, draw: Draw): Made {
  const {chance, pick} = draw;
  const rows: string[][] = [];
  const bad: number[] = [];
  let text = '';
  const end = (row: number) => (form.ends.length > 1 && row >= form.change ? form.ends[1] : form.ends[0]);
  // A \n behind a \r would be a part of its line end.
  const blank = (row: number) => {
    if (chance(0.1)) text += text.endsWith('\r') ? '\r\n' : end(row);
  };
  if (isFirst) blank(0);
  text += form.names.map(name => written(name, form, draw)).join(form.separator) + form.ends[0];
  for (let row = 0; row < count; row++) {
    blank(row);
    if (chance(0.08)) {
      bad.push(1 + (text.match(/\r\n?|\n/g)?.length ?? 0));
      text += badRow(form, draw);
    } else {
      const own = values(draw);
      rows.push(own);
      text += own.map(value => written(value, form, draw)).join(form.separator) + (form.hasTail ? form.separator : '');
    }
    if (row < count - 1 || chance(0.7)) text += end(row);
  }
  return {text: pick(['', '\ufeff']) + text, rows, bad};
}

/** The ids of a row by the rules in words. */
function expectedIds(
  [site, price, tags]: readonly string[],
  sites: readonly string[],
  items: readonly string[],
): number[] {
  const id = (all: readonly string[], value: string) => 2 + all.indexOf(value);
  const own = [...new Set(tags.split('/').filter(Boolean))].map(tag => id(items, tag)).sort((a, b) => a - b);
  const bucket = price === '' ? 0 : 1 + EDGES.filter(edge => edge <= Number(price)).length;
  return [site === '' ? 0 : id(sites, site), bucket, ...(own.length === 0 ? [0, -1] : [...own, -1].slice(0, 2))];
}

/** Values by falling count, equal counts by their bytes. */
function byCount(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([value]) => value);
}

/** Reads one set of files that follow from a seed. Throws, with the files, if anything is not as it should be. */
async function checkOne(seed: number, folder: string): Promise<void> {
  const draw = drawer(seed);
  const {pick, below, chance} = draw;
  const form = formOf(draw, 20);
  const made = Array.from({length: pick([1, 1, 2])}, (_, i) => {
    const own: Form = {...form, ends: chance(0.5) ? form.ends : [pick(['\n', '\r\n', '\r'])]};
    return makeFile(own, 4 + below(20), i === 0, draw);
  });
  const files = made.map(({text}, i) => {
    const file = path.join(folder, `${i}.csv${chance(0.2) ? '.gz' : ''}`);
    writeFileSync(file, file.endsWith('.gz') ? gzipSync(text) : text);
    return file;
  });
  const rows = made.flatMap(each => each.rows);
  const labels = rows.map(row => Number(row[3]));
  if (new Set(labels).size < 2) return;
  const schema = schemaOf(form.names);
  const shards = path.join(folder, 'shards');
  const source = {files, separator: form.separator, quote: form.quote};
  const {fitted, manifest, rejects} = await prepare({source, schema, folder: shards, maxRejects: 100, progress: false});
  const tables = manifest.parts.train.files.map(({name}) => tableFromIPC(readFileSync(path.join(shards, name))));
  const ids = tables.flatMap(table =>
    [...table.getChild('ids')!].flatMap(list => [...(list as {toArray(): Int32Array}).toArray()]),
  );
  const reference = new RowEncoder(fitted).encode(
    rows.map(row => Object.fromEntries(row.map((value, i) => [form.names[i], value]))),
  );
  const items = byCount(rows.flatMap(row => [...new Set(row[2].split('/'))]));
  const lines = rejects.examples.map(({file, line}) => `${file}:${line}`);
  const found = {
    sites: fitted.fields[0].values,
    items: fitted.fields[2].values,
    ids,
    labels: tables.flatMap(table => [...table.getChild('label')!]),
    lines: lines.sort(),
    count: rejects.count,
    reference: [...reference.ids],
    issues: reference.issues,
  };
  const sites = byCount(rows.map(row => row[0]));
  const expected = rows.flatMap(row => expectedIds(row, sites, items));
  const wanted = {
    sites,
    items,
    ids: expected,
    labels,
    lines: made.flatMap(({bad}, i) => bad.map(line => `${files[i]}:${line}`)).sort(),
    count: made.reduce((sum, {bad}) => sum + bad.length, 0),
    reference: expected,
    issues: [],
  };
  rmSync(shards, {recursive: true});
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(`Seed ${seed}: ${JSON.stringify({form, texts: made.map(({text}) => text), found, wanted}, null, 1)}`);
}

/** Reads files of CSV that follow from seeds; returns how many were read. */
export async function fuzzCsv(first: number, count: number): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-csv-'));
  try {
    for (let seed = first; seed < first + count; seed++) {
      await checkOne(seed, folder).catch((error: Error) => {
        throw new Error(`Seed ${seed}: ${error.message}`);
      });
    }
    return count;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

if (require.main === module) {
  void fuzzCsv(1, Number(process.argv[2] ?? 2000)).then(count =>
    process.stdout.write(`${count} files are read as they should be\n`),
  );
}
