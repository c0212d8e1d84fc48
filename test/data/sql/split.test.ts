import {rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {tableFromArrays, tableToIPC} from 'apache-arrow';
import {loadRows} from '../../../src/data/shards/load_rows';
import {prepare} from '../../../src/data/prepare';
import {openShards} from 'tfjs-autofis/data';
import {type Split} from '../../../src/schema/split';
import {partOfRow} from '../../../src/schema/part_of_row';
import type {Schema} from '../../../src/schema/schema';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();

const schema: Schema = {version: 1, label: {column: 'y'}, fields: [{type: 'categorical', name: 'x', column: 'x'}]};
/** Rows of each part of 1000 rows: x is the row's number, the label alternates. */
async function parts(split: Split, files = 1): Promise<Record<string, number>> {
  const rows = Array.from(
    {length: 1000},
    (_, i) => `${i % 2},${i},2014-10-${String(21 + Math.floor(i / 100)).padStart(2, '0')}\n`,
  );
  const source = Array.from({length: files}, (_, f) => {
    const file = path.join(folder, `part${f}.csv`);
    writeFileSync(file, `y,x,day\n${rows.slice((f * 1000) / files, ((f + 1) * 1000) / files).join('')}`);
    return file;
  });
  rmSync(path.join(folder, 'shards'), {recursive: true, force: true});
  const {manifest} = await prepare({source, schema, split, folder: path.join(folder, 'shards')});
  return Object.fromEntries(Object.entries(manifest.parts).map(([name, part]) => [name, part.rows]));
}

it('by fraction: the rows that the reference names', async () => {
  const split = {by: 'fraction', valid: 0.1, test: 0.2, seed: 5} as const;
  const expected: Record<string, number> = {};
  for (let row = 0; row < 1000; row++) expected[partOfRow(split, row)] = (expected[partOfRow(split, row)] ?? 0) + 1;
  expect(await parts(split)).toEqual(expected);
  expect(expected.test).toBeGreaterThan(150);
  expect(expected.test).toBeLessThan(250);
});

it('by fraction: another seed, other rows; neighbours and large numbers are spread', () => {
  const tests = (seed: number, from: number) =>
    Array.from({length: 10000}, (_, i) => partOfRow({by: 'fraction', test: 0.5, seed}, from + i) === 'test');
  const agree = (a: boolean[], b: boolean[]) => a.filter((each, i) => each === b[i]).length;
  expect(Math.abs(agree(tests(1, 0), tests(2, 0)) - 5000)).toBeLessThan(250);
  expect(Math.abs(tests(1, 2 ** 40).filter(Boolean).length - 5000)).toBeLessThan(250);
  expect(Math.abs(agree(tests(1, 0), tests(1, 1)) - 5000)).toBeLessThan(250);
});

it('by group: all rows of a group are in the part that the reference names, another one by another seed', async () => {
  const days = Array.from({length: 10}, (_, i) => `2014-10-${21 + i}`);
  const named = (seed: number) =>
    days.map(day => partOfRow({by: 'group', column: 'day', valid: 0.3, test: 0.3, seed}, 0, day));
  for (const seed of [1, 2 ** 32 + 6]) {
    const expected: Record<string, number> = {};
    for (const part of named(seed)) expected[part!] = (expected[part!] ?? 0) + 100;
    expect(await parts({by: 'group', column: 'day', valid: 0.3, test: 0.3, seed})).toEqual(expected);
  }
  expect(named(1)).not.toEqual(named(6));
});

it('by group: a row without one is left out, and the shares are those of many groups', async () => {
  const names = Array.from({length: 4000}, (_, i) => `user ${i}, Zoë`);
  const split = {by: 'group', column: 'user', valid: 0.1, test: 0.2, seed: 3} as const;
  const lines = names.flatMap((name, i) => [`${i % 2},a,"${name}"`, `${i % 2},b,"${name}"`]);
  const file = path.join(folder, 'users.csv');
  writeFileSync(file, `y,x,user\n${[...lines, '1,a,'].join('\n')}\n`);
  const {manifest, leftOut} = await prepare({source: file, schema, split, folder: path.join(folder, 'shards')});
  expect(leftOut).toEqual({weightless: 0, repeated: 0, withoutPart: 1});
  const test = names.filter(name => partOfRow(split, 0, name) === 'test').length;
  expect(manifest.parts['test'].rows).toBe(2 * test);
  expect(test / names.length).toBeCloseTo(0.2, 1);
  expect(partOfRow(split, 0, null)).toBeNull();
  // Shards know the group of each row, and both rows of a user have one.
  const shards = await openShards(path.join(folder, 'shards'), {part: 'test'});
  const {groups} = await loadRows(shards);
  expect(new Set(groups).size).toBe(test);
  expect([...groups!].every((group, row) => group === groups![row - (row % 2)])).toBe(true);
});

describe('unique', () => {
  const columns: Schema = {
    version: 1,
    label: {column: 'y'},
    weight: {column: 'w'},
    fields: [
      {type: 'categorical', name: 'x', column: 'x', minCount: 1},
      {type: 'numeric', name: 'n', column: 'n', missing: ['?'], bucketing: 'logSquared'},
    ],
  };
  const rows = [
    '1,a,5,1,train,1',
    '1,a,5.0,1,test,2', // the first one with its number in other words
    '0,a,5,1,train,3', // another label
    '1,a,5,2,train,4', // another weight
    '1,b,?,1,test,5',
    '1,b,,1,train,6', // missing, too
    '1,b,,0,train,7', // weight 0
    '0,c,7,1,other,8', // in no part
    '0,c,7,1,train,9', // so that this one is the first
    '0,c,7,1,train,10',
  ];
  const split: Split = {by: 'column', column: 'part', train: ['train'], test: ['test']};

  it('leaves out rows that equal an earlier one of any part', async () => {
    const file = path.join(folder, 'rows.csv');
    writeFileSync(file, ['y,x,n,w,part,id', ...rows, ''].join('\n'));
    const read = async (unique: boolean) => {
      const options = {source: file, schema: columns, split, unique, folder: path.join(folder, `shards ${unique}`)};
      const {manifest, leftOut} = await prepare(options);
      return {leftOut, rows: Object.entries(manifest.parts).map(([part, {rows}]) => [part, rows])};
    };
    expect(await read(false)).toEqual({
      leftOut: {weightless: 1, withoutPart: 1, repeated: 0},
      rows: [
        ['train', 6],
        ['test', 2],
      ],
    });
    expect(await read(true)).toEqual({
      leftOut: {weightless: 1, withoutPart: 1, repeated: 3},
      rows: [
        ['train', 4],
        ['test', 1],
      ],
    });
  });
});

it(
  'large files are staged one by one: rows keep their numbers, in the split, ' + 'the shards and what is rejected',
  async () => {
    const ROWS = 12_000;
    const padding = 'x'.repeat(3000);
    const source = [0, 1, 2].map(f => {
      const file = path.join(folder, `large${f}.csv`);
      // More than 64 MB in two, so that there are three pieces.
      writeFileSync(
        file,
        `y,x,more\n${Array.from({length: ROWS}, (_, i) => `${i % 2},${f * ROWS + i},${padding}\n`).join('')}${f === 2 ? '1,,\n,7,\n' : ''}`,
      );
      return file;
    });
    const split = {by: 'fraction', test: 0.2, seed: 5} as const;
    const {manifest, fitted, rejects} = await prepare({
      source,
      split,
      maxRejects: 1,
      folder: path.join(folder, 'shards'),
      schema: {...schema, fields: [{type: 'categorical', name: 'x', column: 'x'}]},
    });
    expect(rejects.examples).toEqual([
      expect.objectContaining({file: source[2], line: ROWS + 3, column: 'y', value: ''}),
    ]);
    const all = Array.from({length: 3 * ROWS}, (_, row) => row);
    const train = all.filter(row => partOfRow(split, row) === 'train');
    const last = partOfRow(split, 3 * ROWS) === 'train' ? 1 : 0;
    expect(manifest.parts.train.rows).toBe(train.length + last);
    const {value} = await (
      await openShards(path.join(folder, 'shards'), {part: 'train'})
    )
      .batches({batchSize: 200_000})
      .next();
    expect(Array.from(value!.ids.subarray(0, train.length), id => Number(fitted.fields[0].values![id - 2]))).toEqual(
      train,
    );
  },
);

it('by time: strings by their bytes, numbers as numbers', async () => {
  expect(await parts({by: 'time', column: 'day', validFrom: '2014-10-29', testFrom: '2014-10-30'})).toEqual({
    train: 800,
    valid: 100,
    test: 100,
  });
  expect(await parts({by: 'time', column: 'x', testFrom: 900})).toEqual({train: 900, test: 100});
});

it('by time: dates by their format, up to a last one', async () => {
  const rows = Array.from({length: 100}, (_, i) => `${i % 2},${i},${1 + Math.floor(i / 10)}.${10 - (i % 2)}.2014`);
  const split: Split = {
    by: 'time',
    column: 'day',
    format: '%-d.%-m.%Y',
    validFrom: '2014-10-03',
    testFrom: '2014-10-05',
    until: '2014-10-10',
  };
  const encoded = async (name: string, lines: readonly string[], maxRejects = 0) => {
    const source = path.join(folder, name);
    writeFileSync(source, `y,x,day\n${lines.join('\n')}\n`);
    rmSync(path.join(folder, 'dated'), {recursive: true, force: true});
    const {manifest, rejects} = await prepare({source, schema, split, maxRejects, folder: path.join(folder, 'dated')});
    return {parts: Object.fromEntries(Object.entries(manifest.parts).map(([part, {rows}]) => [part, rows])), rejects};
  };
  // 50 rows of September and those before 3 October; the rows of 10 October and without a date are left out.
  const expected = {train: 60, valid: 10, test: 25};
  expect((await encoded('plain.csv', [...rows, '1,7,'])).parts).toEqual(expected);
  expect((await encoded('quoted.csv', [...rows, '"1",7,'])).parts).toEqual(expected);
  await expect(encoded('wrong.csv', [...rows, '1,7,31.2.2014'])).rejects.toThrow(
    /wrong\.csv, line 102, column "day": "31\.2\.2014" is not a date of the form "%-d\.%-m\.%Y"/,
  );
  const {parts, rejects} = await encoded('wrong.csv', [...rows, '1,7,unknown'], 1);
  expect([parts, rejects.count]).toEqual([expected, 1]);
});

it('by column and by file: what no part names is left out', async () => {
  expect(
    await parts({by: 'column', column: 'day', train: ['2014-10-21', '2014-10-22'], valid: ['2014-10-25']}),
  ).toEqual({train: 200, valid: 100});
  expect(await parts({by: 'file', train: ['part0.csv'], test: ['part3.csv']}, 4)).toEqual({train: 250, test: 250});
});

it.each<[string, (name: string, from: number) => string | Uint8Array]>([
  ['svm', (_, from) => Array.from({length: 10}, (__, i) => `${i % 2} ${from + i}:1\n`).join('')],
  ['svm.gz', (_, from) => gzipSync(Array.from({length: 10}, (__, i) => `${i % 2} ${from + i}:1\n`).join(''))],
  [
    'arrow',
    (_, from) =>
      tableToIPC(
        tableFromArrays({
          label: Int32Array.from({length: 10}, (__, i) => i % 2),
          features: Array.from({length: 10}, (__, i) => `${from + i}`),
        }),
        'file',
      ),
  ],
  [
    'jsonl',
    (_, from) => Array.from({length: 10}, (__, i) => JSON.stringify({label: i % 2, features: from + i})).join('\n'),
  ],
])("by file: the names of the user's files count where others stand for them, as for .%s", async (ending, content) => {
  const source = ['a', 'b', 'c'].map((name, i) => {
    const file = path.join(folder, `${name}.${ending}`);
    writeFileSync(file, content(name, 100 * (i + 1)));
    return file;
  });
  const split: Split = {by: 'file', train: [`a.${ending}`], test: [`c.${ending}`]};
  const {manifest, fitted} = await prepare({
    source,
    split,
    folder: path.join(folder, 'shards'),
    schema: {
      version: 1,
      label: {column: 'label'},
      fields: [{type: 'categorical', name: 'features', column: 'features'}],
    },
  });
  expect(Object.entries(manifest.parts).map(([name, part]) => [name, part.rows])).toEqual([
    ['train', 10],
    ['test', 10],
  ]);
  expect(fitted.fields[0].values).toEqual(Array.from({length: 10}, (_, i) => `${100 + i}`));
});

it('by column: a fraction of the training rows is for validation, the same as by fraction', async () => {
  const validOfTrain = {fraction: 0.2, seed: 5};
  const expected = Array.from({length: 900}, (_, row) => partOfRow({by: 'fraction', valid: 0.2, seed: 5}, row)).filter(
    part => part === 'valid',
  ).length;
  const days = Array.from({length: 10}, (_, i) => `2014-10-${21 + i}`);
  expect(
    await parts({by: 'column', column: 'day', train: days.slice(0, 9), test: days.slice(9), validOfTrain}),
  ).toEqual({train: 900 - expected, valid: expected, test: 100});
});

it.each<[string, Split, string]>([
  [
    'all for validation',
    {by: 'column', column: 'x', train: ['1'], validOfTrain: {fraction: 1, seed: 1}},
    '`split.validOfTrain.fraction` must be a number in (0, 1). Received: 1.',
  ],
  ['nothing left', {by: 'fraction', valid: 0.5, test: 0.5, seed: 1}, '`split` must leave rows for training'],
  ['no seed', {by: 'fraction', test: 0.5} as never, '`split.seed` must be an integer >= 0. Received: undefined.'],
  [
    'groups without a column',
    {by: 'group', test: 0.1, seed: 1} as never,
    '`split.column` must be the name of a column',
  ],
  ['groups without a seed', {by: 'group', column: 'x', test: 0.1} as never, '`split.seed` must be an integer >= 0.'],
  [
    'a value in two parts',
    {by: 'column', column: 'x', train: ['1'], test: ['1']},
    '`split` must list strings for `train` and the other parts, each of them once',
  ],
  [
    'a text for a list',
    {by: 'column', column: 'x', train: '1' as never, test: ['2']},
    '`split` must list strings for `train` and the other parts, each of them once',
  ],
  [
    'cuts in the wrong order',
    {by: 'time', column: 'x', validFrom: 2, testFrom: 1},
    '`split.validFrom` must not be later than `testFrom`',
  ],
  [
    'a cut that is not a number',
    {by: 'time', column: 'x', testFrom: NaN},
    '`split` must have `validFrom`, `testFrom` or both, all finite numbers or all strings',
  ],
  [
    'a file that is not there',
    {by: 'file', train: ['part0.csv'], test: ['day_1.csv']},
    '`split.test` must list names of the source\'s files, which are part0.csv. Received: "day_1.csv".',
  ],
  [
    'a column that is not there',
    {by: 'column', column: 'z', train: ['1']},
    'has no column "z". It has "y", "x", "day".',
  ],
  [
    'no training rows',
    {by: 'column', column: 'x', train: ['none'], test: ['1', '2']},
    'prepare: the training part has no rows. Check the split.',
  ],
])('refuses %s', async (_what, split, message) => {
  await expect(parts(split)).rejects.toThrow(message);
});

it('by order: the last rows are test, those before them valid', async () => {
  expect(await parts({by: 'order', valid: 0.1, test: 0.25}, 3)).toEqual({train: 650, valid: 100, test: 250});
  const {fitted} = await prepare({
    source: path.join(folder, 'part*.csv'),
    schema,
    split: {by: 'order', test: 0.3335},
    folder: path.join(folder, 'again'),
  });
  const {values} = fitted.fields[0];
  expect(values!.map(Number).sort((a, b) => a - b)).toEqual(Array.from({length: 666}, (_, i) => i));
  await expect(parts({by: 'order', valid: 0.5, test: 0.5})).rejects.toThrow('leave rows for training');
  await expect(parts({by: 'order', seed: 1} as never)).rejects.toThrow('`seed` must not be given');
});
