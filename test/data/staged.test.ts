import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {prepare} from '../../src/data/encode';
import type {FieldRule, Schema} from '../../src/schema/schema';
import type {Split} from '../../src/schema/split';

// DuckDB takes what the machine has left.
jest.setTimeout(3_600_000);

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-staged-')); });
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const fields: FieldRule[] = [
  {type: 'categorical', name: 'text', column: 'text', minCount: 2, missing: ['?']},
  {type: 'categorical', name: 'few', column: 'text', maxSize: 4},
  {type: 'numeric', name: 'quantiles', column: 'number', bucketing: 'quantiles', buckets: 4, missing: ['-1']},
  {type: 'numeric', name: 'edges', column: 'number', bucketing: 'edges', edges: [0, 2.5]},
  {type: 'numeric', name: 'squared', column: 'number', bucketing: 'logSquared', minCount: 2},
  {type: 'categorical', name: 'number as text', column: 'number'},
  {type: 'multiValued', name: 'list', column: 'list', separator: '|', width: 2, missing: ['none']},
  {type: 'hashed', name: 'hash', column: 'text', buckets: 50, missing: ['a']},
  {type: 'dateTime', name: 'weekday', column: 'day', part: 'weekday', missing: ['never']},
];
const schema: Schema = {version: 1, label: {column: 'y'}, weight: {column: 'w'}, fields};
const row = fc.record({
  text: fc.constantFrom('', '?', 'a', 'b', 'é', '😀', 'a longer text of many bytes', ' a'),
  number: fc.constantFrom('', '-1', '0', '-0', '0.5', '2.50', '1e3', '7', '1234567', '-3.25'),
  list: fc.constantFrom('', 'x', 'x|y', 'y|x|z', 'none', '|', 'w|none|w'),
  day: fc.constantFrom('', 'never', '2014-10-21', '2014-10-22 05:30:00', '2015-01-01T00:00:00Z'),
  y: fc.constantFrom('0', '1', '1.0'),
  w: fc.constantFrom('0', '1', '0.25'),
  time: fc.constantFrom('', '1', '2', '10'),
});
const splits: Array<Split | undefined> = [
  undefined, {by: 'fraction', valid: 0.2, test: 0.3, seed: 7}, {by: 'column', column: 'time', train: ['1', '2'], test: ['10']},
  {by: 'column', column: 'text', train: ['', 'a', 'b', 'é'], valid: ['😀'], validOfTrain: {fraction: 0.3, seed: 2}},
  {by: 'time', column: 'time', validFrom: 2, testFrom: 10}, {by: 'time', column: 'time', testFrom: '10'}, {by: 'file', train: ['0.csv'], test: ['1.csv']},
];

/** All files that a preparation writes, by their names. */
async function prepared(lines: readonly string[], header: string, split: Split | undefined, lineEnd: string): Promise<Record<string, string>> {
  const out = path.join(folder, 'shards');
  rmSync(out, {recursive: true, force: true});
  const source = [0, 1].map(i => {
    const file = path.join(folder, `${i}.csv`);
    writeFileSync(file, [header, ...lines.filter((_, k) => k % 2 === i), ''].join(lineEnd));
    return file;
  });
  await prepare({source, schema, split, folder: out, rowsPerShard: 7, progress: false});
  return Object.fromEntries(readdirSync(out).map(name => [name, readFileSync(path.join(out, name), 'base64')]));
}

it('what is read in memory becomes, to the byte, what DuckDB makes of it', async () => {
  const anyRows = fc.array(row, {minLength: 12, maxLength: 40});
  await fc.assert(fc.asyncProperty(anyRows, fc.constantFrom(...splits), async (rows, split) => {
    // So that there are training rows of both labels, whatever the split.
    const all = [{...rows[0], text: 'a', time: '1', y: '0'}, ...rows, {...rows[0], text: 'a', time: '1', y: '1'}, ...Array.from({length: 20}, (_, i) => ({...rows[1], text: 'a', time: '1', y: `${i >> 1 & 1}`}))];
    const header = Object.keys(all[0]).join(','), lines = all.map(each => Object.values(each).join(','));
    expect(await prepared(lines, header, split, '\n')).toEqual(await prepared(lines, header, split, '\r\n'));
  }), {seed: 4, numRuns: 30});
});
