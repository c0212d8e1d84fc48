import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {checkManifest, Manifest, readManifest} from '../../../src/data/shards/manifest';
import {sealed} from '../../../src/schema/sealed_json';
import {emptyFolder} from '../../helpers/folders';

const whole: Manifest = {
  format: 'tfjs-autofis-shards',
  version: 1,
  schemaHash: null,
  columns: 3,
  weights: false,
  fields: [
    {name: 'hour', size: 24},
    {name: 'genres', size: 18, width: 2, combiner: 'mean'},
  ],
  parts: {
    train: {
      rows: 5,
      positives: 2,
      files: [
        {name: 'train-00000.arrow', rows: 3, positives: 2, checksums: '0123456789abcdef'},
        {name: 'train-00001.arrow', rows: 2, positives: 0},
      ],
      fields: [
        {name: 'hour', missing: 1, unseen: 0},
        {name: 'genres', missing: 0, unseen: 5},
      ],
    },
  },
};

/** The manifest with one value replaced, e.g. `changed('parts.train.rows', 6)`. */
function changed(at: string, value: unknown): unknown {
  const copy = structuredClone(whole) as unknown as Record<string, unknown>;
  const keys = at.split('.');
  const last = keys.pop()!;
  keys.reduce((inner, key) => inner[key] as Record<string, unknown>, copy)[last] = value;
  return copy;
}

test('a whole manifest passes as it is', () => {
  expect(checkManifest('m', structuredClone(whole))).toEqual(whole);
  const {fields: _, ...part} = whole.parts.train;
  expect(checkManifest('m', {...whole, parts: {train: part}}).parts.train.fields).toBeUndefined();
});

test.each([
  ['format', 'other', '`format` must be "tfjs-autofis-shards". Received: "other"'],
  ['version', 2, '`version` must be 1. Received: 2. Another version'],
  ['extra', 1, '`extra` must not be given'],
  ['schemaHash', 5, '`schemaHash` must be a string or null. Received: 5'],
  ['fields', [], '`fields` must be a list of {name, size}'],
  ['columns', 2, '`columns` must be 3, the columns of all fields. Received: 2'],
  ['weights', 1, '`weights` must be true or false. Received: 1'],
  ['parts', [], '`parts` must be an object'],
  ['parts.train', null, '`parts.train` must be an object. Received: null'],
  ['parts.train.files', 'a', '`parts.train.files` must be a list'],
  ['parts.train.files.0.name', '../a.arrow', '`parts.train.files[0].name` must be the name of a file in the folder'],
  ['parts.train.files.0.rows', -1, '`parts.train.files[0].rows` must be an integer'],
  ['parts.train.files.0.positives', 4, '`parts.train.files[0].positives` must be an integer from 0 to 3. Received: 4'],
  [
    'parts.train.files.0.checksums',
    '0123456789abcdeF',
    '`parts.train.files[0].checksums` must be 16 hexadecimal digits, 16 for each 2048 rows. Received: ' +
      '"0123456789abcdeF"',
  ],
  [
    'parts.train.files.1.checksums',
    5,
    '`parts.train.files[1].checksums` must be 16 hexadecimal digits, 16 for each 2048 rows. Received: 5',
  ],
  ['parts.train.files.1.bytes', 5, 'parts.train.files[1]: `bytes` must not be given'],
  ['parts.train.rows', 6, '`parts.train.rows` must be 5, the sum over its files. Received: 6'],
  ['parts.train.positives', 3, '`parts.train.positives` must be 2, the sum over its files. Received: 3'],
  ['parts.train.fields', [], '`parts.train.fields` must be a list of 2 counts'],
  ['parts.train.fields.1.name', 'x', '`parts.train.fields[1].name` must be "genres"'],
  ['parts.train.fields.1.unseen', 6, '`parts.train.fields[1].unseen` must be an integer from 0 to 5. Received: 6'],
])('a wrong %s is named', (at, value, message) => {
  expect(() => checkManifest('folder/manifest.json', changed(at, value))).toThrow(`folder/manifest.json: ${message}`);
});

describe('a folder', () => {
  const folder = emptyFolder();

  test('gives its manifest', async () => {
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(whole));
    expect(await readManifest(folder)).toEqual(whole);
  });

  test('gives no manifest that was changed after it was sealed', async () => {
    const file = path.join(folder, 'manifest.json');
    const text = JSON.stringify(sealed(whole));
    writeFileSync(file, text);
    expect(await readManifest(folder)).toEqual(whole);
    writeFileSync(file, text.replace('"size":24', '"size":25'));
    await expect(readManifest(folder)).rejects.toThrow(`openShards: ${file} is damaged`);
  });

  test('without a manifest is not whole', async () => {
    await expect(readManifest(folder)).rejects.toThrow('has no manifest.json, so it is not a complete shard folder');
    await expect(readManifest(path.join(folder, 'none'))).rejects.toThrow('There is no such folder.');
    writeFileSync(path.join(folder, 'file'), '');
    await expect(readManifest(path.join(folder, 'file'))).rejects.toThrow('It is a file.');
  });

  test('with half a manifest is not whole', async () => {
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(whole).slice(0, 50));
    await expect(readManifest(folder)).rejects.toThrow('is not JSON');
  });
});
