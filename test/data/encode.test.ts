import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {tableFromIPC} from 'apache-arrow';
import {encode} from '../../src/data/encode';
import {prepare} from '../../src/data/prepare';
import {fitSchema} from '../../src/data/fit_schema';
import type {Prepared} from '../../src/data/make_shards';
import {readManifest} from '../../src/data/shards/manifest';
import type {Progress} from '../../src/data/staging/progress';
import type {FieldRule, Schema} from '../../src/schema/schema';
import {type Row, RowEncoder} from '../../src/schema/row_encoder';
import {schemaHash} from '../../src/schema/vocabulary';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();

const site: FieldRule = {type: 'categorical', name: 'site', column: 'site'};
const schemaOf = (...fields: FieldRule[]): Schema => ({version: 1, label: {column: 'click'}, fields});
/** Ids of a part, row by row. */
const idsOf = (out: string, {manifest}: Prepared, part = 'train') =>
  manifest.parts[part].files.flatMap(({name}) =>
    [...tableFromIPC(readFileSync(path.join(out, name))).getChild('ids')!].map(list => [
      ...(list as {toArray(): Int32Array}).toArray(),
    ]),
  );

/**
 * Enough words for a missing value, or for a part, that DuckDB would make a join of IN, which changed the order of
 * rows.
 */
const WORDS = ['na', 'n/a', '?', '-', 'none', 'null'];

it.each<[string, Partial<Parameters<typeof prepare>[0]>]>([
  [
    'a missing number',
    {schema: schemaOf(site, {type: 'numeric', name: 'n', column: 'n', bucketing: 'edges', edges: [3], missing: WORDS})},
  ],
  ['a part', {split: {by: 'column', column: 'word', train: WORDS}}],
])('rows keep their order where there are many words for %s', async (_, given) => {
  const source = path.join(folder, 'x.jsonl');
  const out = path.join(folder, 'shards');
  writeFileSync(
    source,
    Array.from({length: 300}, (_, i) =>
      JSON.stringify({
        click: i % 2,
        site: `${i}`,
        word: WORDS[i % 6],
        n: i % 4 ? i % 7 : WORDS[i % 6],
      }),
    ).join('\n'),
  );
  for (let run = 0; run < 5; run++) {
    rmSync(out, {recursive: true, force: true});
    const made = await prepare({source, folder: out, schema: schemaOf(site), progress: false, ...given});
    const {size, values} = made.fitted.fields[0] as {size: number; values: string[]};
    expect(idsOf(out, made).map(([id]) => Number(values[id - size + values.length]))).toEqual(
      Array.from({length: 300}, (_, i) => i),
    );
  }
});

it('a field with 200,000 rare values is encoded, all as unseen or all with ids', async () => {
  const rows = Array.from({length: 200_000}, (_, i) => `${i % 2},v${i}\n`).join('');
  const source = path.join(folder, 'x.csv.gz');
  writeFileSync(source, gzipSync(`click,site\n${rows}`, {level: 1}));
  const out = path.join(folder, 'shards');
  const {manifest, fitted} = await prepare({
    source,
    folder: out,
    schema: schemaOf({...site, minCount: 2} as FieldRule, {...site, name: 'all'}),
  });
  expect(fitted.fields.map(({size}) => size)).toEqual([2, 200_002]);
  expect(manifest.parts.train.fields).toEqual([
    {name: 'site', missing: 0, unseen: 200_000},
    {name: 'all', missing: 0, unseen: 0},
  ]);
});

const ROWS = 'click,site,price\n1,b,1.5\n0,a,\n1,b,2.5\n0,c,0.5\n1,,7\n0,a,3\n1,b,1\n';

describe.each([
  ['lines that end in LF', '\n'],
  ['lines that end in CR LF', '\r\n'],
])('%s', (_way, lineEnd) => {
  const file = (name: string, text: string | Uint8Array) => {
    writeFileSync(path.join(folder, name), typeof text === 'string' ? text.replaceAll('\n', lineEnd) : text);
    return path.join(folder, name);
  };

  it('writes ids by falling count, counts, the schema and its hash', async () => {
    const out = path.join(folder, 'shards');
    const made = await prepare({
      source: file('x.csv', ROWS),
      folder: out,
      rowsPerShard: 4,
      schema: schemaOf({...site, minCount: 2} as FieldRule, {
        type: 'numeric',
        name: 'price',
        column: 'price',
        bucketing: 'quantiles',
        buckets: 3,
      }),
    });
    // b three times, a twice, c too rare; 0.5 1 | 1.5 2.5 | 3 7.
    expect(made.fitted.fields).toEqual([
      {name: 'site', size: 4, missingId: 0, unseenId: 1, values: ['b', 'a'], training: {missing: 1 / 7, unseen: 1 / 7}},
      {name: 'price', size: 4, missingId: 0, edges: [1.5, 3], training: {missing: 1 / 7, unseen: 0}},
    ]);
    expect(idsOf(out, made)).toEqual([
      [2, 2],
      [3, 0],
      [2, 2],
      [1, 1],
      [0, 3],
      [3, 3],
      [2, 1],
    ]);
    expect(await readManifest(out)).toEqual(made.manifest);
    expect(made.manifest.parts.train).toEqual({
      rows: 7,
      positives: 4,
      fields: [
        {name: 'site', missing: 1, unseen: 1},
        {name: 'price', missing: 1, unseen: 0},
      ],
      files: [
        {name: 'train-00000.arrow', rows: 4, positives: 2, checksums: expect.stringMatching(/^[0-9a-f]{16}$/)},
        {name: 'train-00001.arrow', rows: 3, positives: 2, checksums: expect.stringMatching(/^[0-9a-f]{16}$/)},
      ],
    });
    expect(made.manifest.schemaHash).toBe(schemaHash(JSON.parse(readFileSync(path.join(out, 'schema.json'), 'utf8'))));
    expect(readdirSync(folder).sort()).toEqual(['shards', 'x.csv']);
  });

  it('encodes other files by a schema that was fitted before', async () => {
    const fitted = await fitSchema({source: file('x.csv', ROWS), schema: schemaOf(site)});
    const out = path.join(folder, 'next');
    const made = await encode({source: file('y.csv', 'site,click\nz,1\na,0\n'), fitted, folder: out});
    expect(idsOf(out, made)).toEqual([[1], [3]]);
    expect(made.manifest.schemaHash).toBe(schemaHash(fitted));
  });

  it('keeps the digits of ids beyond 2^53, and the weights', async () => {
    const out = path.join(folder, 'shards');
    const made = await prepare({
      source: file(
        'x.csv',
        'click,id,w\n1,10000000000000000001,0.5\n0,10000000000000000002,2\n0,10000000000000000002,1\n',
      ),
      folder: out,
      schema: {
        version: 1,
        label: {column: 'click'},
        weight: {column: 'w'},
        fields: [{type: 'categorical', name: 'id', column: 'id'}],
      },
    });
    expect(made.fitted.fields[0].values).toEqual(['10000000000000000002', '10000000000000000001']);
    expect([
      ...tableFromIPC(readFileSync(path.join(out, 'train-00000.arrow')))
        .getChild('weight')!
        .toArray(),
    ]).toEqual([0.5, 2, 1]);
  });

  it('orders equal counts by UTF-8 bytes, and limits the size', async () => {
    const rows = ['é', 'z', 'Z', '😀', 'a', '\uffee'].map((value, i) => `${i % 2},${value}\n`).join('');
    const fitted = await fitSchema({
      source: file('x.csv', `click,site\n${rows}0,\n`),
      schema: schemaOf(site, {...site, name: 'five', maxSize: 5} as FieldRule),
    });
    expect(fitted.fields[0].values).toEqual(['Z', 'a', 'z', 'é', '\uffee', '😀']);
    expect(fitted.fields[1]).toEqual({
      name: 'five',
      size: 5,
      missingId: 0,
      unseenId: 1,
      values: ['Z', 'a', 'z'],
      training: {missing: 1 / 7, unseen: 3 / 7},
    });
  });

  it('reports its stages to a function', async () => {
    const reports: Progress[] = [];
    await prepare({
      source: file('x.csv', ROWS),
      folder: path.join(folder, 'shards'),
      schema: schemaOf(site),
      progress: each => reports.push(each),
    });
    expect([...new Set(reports.map(({stage}) => stage))]).toEqual(['reading', 'fitting', 'encoding']);
    expect(reports.at(-1)).toMatchObject({stage: 'encoding', done: 1, rows: 7});
  });

  it(
    'gives values that hardly repeat the ids of the TypeScript encoder, short, long, ' + 'missing and too rare ones',
    async () => {
      // More different values than DuckDB keeps in a dictionary.
      const rows = Array.from({length: 60_000}, (_, i): Row => ({
        click: String(i % 2),
        short: i % 5 === 0 ? '' : `é${(i * 7919) % 50_000}`,
        long: `http://example.org/${(i * 7919) % 50_000}`,
        mixed: i % 3 === 0 ? `a rare long value ${i}` : `v${(i * 7919) % 40_000}`,
        number: String(((i * 7919) % 50_000) / 4 - 5000),
        time: new Date(Date.UTC(2020, 0, 1) + i * 3_600_000).toISOString().slice(0, 10),
      }));
      const columns = Object.keys(rows[0]);
      const text = rows.map(row => columns.map(column => row[column]).join(','));
      const out = path.join(folder, 'shards');
      const made = await prepare({
        source: file('x.csv', `${[columns.join(','), ...text].join('\n')}\n`),
        folder: out,
        schema: schemaOf(
          {type: 'categorical', name: 'short', column: 'short'},
          {type: 'categorical', name: 'some', column: 'short', minCount: 2, missing: ['é1', 'é7919']},
          {type: 'categorical', name: 'long', column: 'long', minCount: 2},
          {type: 'categorical', name: 'mixed', column: 'mixed', minCount: 2},
          {type: 'numeric', name: 'number', column: 'number', bucketing: 'logSquared', minCount: 2},
          {type: 'hashed', name: 'hash', column: 'short', buckets: 1000, missing: ['é7919']},
          {type: 'dateTime', name: 'day', column: 'time', part: 'weekday'},
        ),
      });
      const {ids, counts} = new RowEncoder(made.fitted).encode(rows);
      expect(idsOf(out, made).flat()).toEqual([...ids]);
      expect(made.manifest.parts.train.fields).toEqual(counts);
      const {fields} = made.fitted;
      expect(fields[1].size).toBeLessThan(fields[0].size);
    },
  );
});
