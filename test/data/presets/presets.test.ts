import {rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {readFlights} from '../../../examples/flights/data';
import {flightsFile} from '../../../examples/flights/file';
import {prepare} from '../../../src/data/prepare';
import {type Prepared} from '../../../src/data/make_shards';
import {avazu} from '../../../src/data/presets/avazu';
import {criteo} from '../../../src/data/presets/criteo';
import {criteo8d} from '../../../src/data/presets/criteo8d';
import {flights} from '../../../src/data/presets/flights';
import {frappe} from '../../../src/data/presets/frappe';
import {movieLens1m} from '../../../src/data/presets/movielens';
import type {Preset} from '../../../src/data/presets/preset';
import {fileWriter, emptyFolder} from '../../helpers/folders';
import {describeWith, readShared} from '../../helpers/shared_data';

const folder = emptyFolder();
const file = fileWriter(folder);
const make = (preset: Preset) => prepare({...preset, folder: path.join(folder, 'shards')});
const rowsOf = ({manifest}: Prepared) =>
  Object.fromEntries(Object.entries(manifest.parts).map(([name, part]) => [name, part.rows]));

/** Sizes of categorical fields, counted here: two more than the values in at least `minCount` training rows. */
function sizes(
  train: string[][],
  columns: number[],
  minCount: number,
  code = (value: string, _column: number) => value,
): number[] {
  return columns.map(column => {
    const counts = new Map<string, number>();
    for (const row of train)
      if (row[column] !== '') counts.set(code(row[column], column), (counts.get(code(row[column], column)) ?? 0) + 1);
    return 2 + [...counts.values()].filter(count => count >= minCount).length;
  });
}
const range = (first: number, last: number) => Array.from({length: last - first + 1}, (_, i) => first + i);

it.each<[string, string[]]>([
  ['DeepCTR and FuxiCTR', ['label', ...range(1, 13).map(i => `I${i}`), ...range(1, 26).map(i => `C${i}`)]],
  ['EasyRec', ['label', ...range(1, 13).map(i => `I${i}`), ...range(1, 26).map(i => `F${i}`)]],
  ['TorchRec', ['label', ...range(0, 12).map(i => `int_${i}`), ...range(0, 25).map(i => `cat_${i}`)]],
  ['PaddleRec', ['label', ...range(0, 12).map(i => `num_${i}`), ...range(0, 25).map(i => `cat_${i}`)]],
])('criteo takes the names of %s', async (_project, header) => {
  const rows = range(0, 199).map(row => [
    row % 2,
    ...range(0, 38).map(i => (i < 13 ? (row * i) % 17 : `t${(row * i) % 5}`)),
  ]);
  const csv = await make(
    await criteo({files: file('x.csv', [header, ...rows].map(row => row.join(',')).join('\n')), minCount: 2}),
  );
  rmSync(path.join(folder, 'shards'), {recursive: true});
  const raw = await make(
    await criteo({files: file('train.txt', rows.map(row => row.join('\t')).join('\n')), minCount: 2}),
  );
  expect(csv.fitted.fields).toEqual(raw.fitted.fields);
});

it('criteo takes the slots of PaddleRec, and says what it cannot read', async () => {
  const slots = range(0, 99).map(row =>
    [
      `click:${row % 2}`,
      ...range(0, 12).map(i => `dense_feature:${((row * i) % 7) / 7}`),
      ...range(1, 26).map(i => `${i}:${row % i}`),
    ].join(' '),
  );
  const {manifest} = await make(await criteo({files: file('part-0', slots.join('\n')), minCount: 1}));
  expect(manifest.fields[13 + 3]).toEqual({name: 'C4', size: 2 + 4});
  expect(manifest.fields[0]).toEqual({name: 'I1', size: 2, ordered: true});
  await expect(criteo({files: file('x.csv', 'a,b\n1,2\n')})).rejects.toThrow(
    'criteo: the first line has an unknown form. Received: ["a","b"].',
  );
});

it('criteo8d joins ids and labels by their lines', async () => {
  const ids = (from: number, rows: number) =>
    range(0, rows - 1)
      .map(row =>
        range(0, 38)
          .map(field => from + field * 100 + (row % (field + 1)))
          .join(' '),
      )
      .join('\n');
  const labels = (rows: number) =>
    range(0, rows - 1)
      .map(row => row % 2)
      .join('\n');
  const options = {
    train: {x: file('x.txt', ids(0, 200)), y: file('y.txt', labels(200))},
    test: {x: file('tx.txt', ids(0, 50)), y: file('ty.txt', labels(50))},
  };
  const made = await make(criteo8d(options));
  expect(rowsOf(made)).toEqual({train: 200, test: 50});
  expect(made.manifest.fields.map(({size}) => size)).toEqual(range(1, 39).map(n => n + 2));
  rmSync(path.join(folder, 'shards'), {recursive: true});
  file('y.txt', labels(199));
  await expect(make(criteo8d(options))).rejects.toThrow(/1 row cannot be used.*\n.*row 200, column "y"/);
});

it('avazu: the hour in three fields, the last day as test, 19 digits kept', async () => {
  const header =
    'id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,' +
    'device_ip,device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21';
  const row = (i: number) =>
    [
      `1000000000000000000${i}`,
      i % 2,
      `1410${21 + (i % 10)}${String(i % 24).padStart(2, '0')}`,
      1005,
      i % 2,
      `1000000000000000000${i % 3}`,
      ...range(6, 23).map(column => i % column),
    ].join(',');
  const files = file('train.csv', [header, ...range(0, 239).map(row)].join('\n'));
  const made = await make(avazu({files, split: {by: 'time', column: 'hour', testFrom: '14103000'}}));
  expect(rowsOf(made)).toEqual({train: 216, test: 24});
  expect(made.manifest.fields.map(({name, size}) => [name, size])).toEqual([
    ['hour', 25],
    ['weekday', 8],
    ['weekend', 3],
    ['C1', 3],
    ['banner_pos', 4],
    ['site_id', 5],
    // Each column counts modulo its number; the tenth day is not for training.
    ...header
      .split(',')
      .slice(6)
      .map((name, i) => [
        name,
        2 +
          new Set(
            range(0, 239)
              .filter(row => row % 10 !== 9)
              .map(row => row % (i + 6)),
          ).size,
      ]),
  ]);
  expect(made.fitted.fields[5].values).toEqual(
    expect.arrayContaining(['10000000000000000000', '10000000000000000001', '10000000000000000002']),
  );
});

describeWith('movielens-1m.csv.gz', 'movieLens1m', data => {
  it('has the counts of the data', async () => {
    // Some of the rows, which lie in no order.
    const [names, ...rows] = readShared(data, ',').slice(0, 20_001);
    const some = file('movielens.csv', [names, ...rows].map(row => `${row.join(',')}\n`).join(''));
    const made = await make(movieLens1m({files: some}));
    const train = rows.filter(([fold]) => fold !== '5');
    expect(rowsOf(made)).toEqual({train: train.length, test: rows.length - train.length});
    expect(made.manifest.fields.map(({size}) => size)).toEqual([
      ...sizes(train, range(2, 8), 1),
      2 + new Set(train.flatMap(row => row[9].split('|'))).size,
    ]);
    expect(made.manifest.columns).toBe(7 + 6);
    expect(made.manifest.parts.test.positives).toBe(
      rows.filter(([fold, label]) => fold === '5' && label === '1').length,
    );
  });
});

it('movieLens1m joins the three files of GroupLens', async () => {
  file(
    'ratings.dat',
    range(0, 9)
      .map(i => `${(i % 2) + 1}::${(i % 3) + 1}::${(i % 5) + 1}::97830${i}`)
      .join('\n'),
  );
  file('users.dat', '1::F::1::10::48067\n2::M::56::16::70072-1234\n');
  writeFileSync(
    path.join(folder, 'movies.dat'),
    Buffer.from(
      "1::Toy Story (1995)::Animation|Children's|Comedy\n2::Caf\u00e9 (1994)::Drama\n3::Heat (1995)::Action\n",
      'latin1',
    ),
  );
  const made = await make(movieLens1m({folder}));
  expect(rowsOf(made)).toEqual({train: 8, test: 2});
  expect(made.manifest.fields.map(({name, size}) => [name, size])).toEqual([
    ['user_id', 4],
    ['movie_id', 5],
    ['gender', 4],
    ['age', 4],
    ['occupation', 4],
    ['zip3', 4],
    ['year', 4],
    ['genres', 7],
  ]);
});

describeWith('frappe.csv.gz', 'frappe', data => {
  it("has the counts of the data, as CSV and in libFM's form", async () => {
    const [names, ...all] = readShared(data, ',');
    // Some of both parts, which follow each other.
    const rows = all.filter((_, i) => i % 5 === 0);
    const train = rows.filter(([part]) => part === 'train');
    const some = file('frappe.csv', [names, ...rows].map(row => `${row.join(',')}\n`).join(''));
    const made = await make(frappe({files: some}));
    expect(rowsOf(made)).toEqual({train: train.length, test: rows.length - train.length});
    expect(made.manifest.fields.map(({size}) => size)).toEqual(sizes(train, range(2, 11), 1));
    rmSync(path.join(folder, 'shards'), {recursive: true});
    const libfm = (part: string) =>
      file(
        `${part}.libfm`,
        rows
          .filter(row => row[0] === part)
          .map(([, label, ...ids]) => [label === '1' ? '1' : '-1', ...ids.map(id => `${id}:1`)].join(' '))
          .join('\n'),
      );
    expect((await make(frappe({libfm: {train: libfm('train'), test: libfm('test')}}))).fitted).toEqual(made.fitted);
  });
});

it('flights: the rows and sizes of the demo', async () => {
  const demo = await readFlights({rows: 20000, seed: 3});
  const made = await make(flights({file: flightsFile, rows: 20000, seed: 3}));
  expect(rowsOf(made)).toEqual({
    train: demo.train.rows,
    valid: demo.validation.rows,
    test: demo.test.rows,
  });
  expect(made.manifest.parts.test.positives).toBe(demo.test.labels.reduce((sum, label) => sum + label, 0));
  made.manifest.fields.forEach(({name, size}, f) => {
    expect([name, size]).toEqual([demo.fields[f].name, 2 + new Set(demo.train.ids.filter((_, i) => i % 8 === f)).size]);
  });
});
