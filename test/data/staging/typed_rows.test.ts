import {rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {prepare} from '../../../src/data/prepare';
import type {Source} from '../../../src/data/sources/source';
import {openShards} from '../../../src/data/shards/open_shards';
import {Row, RowEncoder} from '../../../src/schema/row_encoder';
import type {FieldRule} from '../../../src/schema/schema';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();

const fields: FieldRule[] = [
  {type: 'categorical', name: 'text', column: 'text'},
  {type: 'categorical', name: 'number', column: 'number'},
  {type: 'numeric', name: 'bucket', column: 'number', bucketing: 'quantiles', buckets: 5},
  {type: 'numeric', name: 'spikes', column: 'number', buckets: 6},
  {type: 'hashed', name: 'hash', column: 'number', buckets: 1000},
  {type: 'categorical', name: 'flag', column: 'flag'},
  {type: 'multiValued', name: 'list', column: 'list', separator: '|', width: 3},
];
const text = fc.oneof(
  fc.string({unit: 'grapheme', maxLength: 5}).filter(value => !/[\u0000\r\n]/.test(value)),
  fc.constantFrom('', 'a', 'A', ' a', '1', '1.0', 'true'),
);
const rows = fc.array(
  fc.record({
    text: fc.option(text),
    number: fc.option(
      fc.oneof(fc.integer({min: -20, max: 20}), fc.constantFrom(0.5, -2.25, 1e15, 0.1, 123456.789, 2 ** 31, 2 ** 52)),
    ),
    flag: fc.option(fc.boolean()),
    list: fc.option(fc.array(fc.constantFrom('x', 'y', 'z', 'w', ''), {maxLength: 5})),
  }),
  {minLength: 4, maxLength: 30},
);

/** The ids that DuckDB gives for a source are those of the encoder for the rows. */
async function expectSame(source: Source, values: readonly Row[], fieldsOfSource = fields): Promise<void> {
  const out = path.join(folder, 'shards');
  rmSync(out, {recursive: true, force: true});
  const {fitted, rejects} = await prepare({
    source,
    schema: {version: 1, label: {column: 'label'}, fields: fieldsOfSource},
    folder: out,
    progress: false,
  });
  expect(rejects.count).toBe(0);
  const {ids, issues} = new RowEncoder(fitted).encode(values);
  expect(issues).toEqual([]);
  for await (const batch of (await openShards(out)).batches({batchSize: values.length}))
    expect([...batch.ids]).toEqual([...ids]);
}

test('rows of JSON lines have the ids that the encoder gives for the same objects', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async values => {
      const file = path.join(folder, 'rows.jsonl');
      writeFileSync(file, values.map((row, i) => JSON.stringify({...row, label: i % 2})).join('\n'));
      await expectSame(file, values);
    }),
    {seed: 1, numRuns: 8},
  );
});

test('rows of typed columns have the ids that the encoder gives for numbers, booleans and lists', async () => {
  const sql = (value: unknown): string => {
    if (value === null) return 'NULL';
    if (Array.isArray(value)) return `[${value.map(sql).join(', ')}]`;
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  };
  await fc.assert(
    fc.asyncProperty(rows, async values => {
      const list = values.map(
        (row, i) =>
          `(${i % 2}, ${sql(row.text)}::VARCHAR, ${sql(row.number)}::DOUBLE, ${sql(row.flag)}::BOOLEAN, ` +
          `${sql(row.list)}::VARCHAR[])`,
      );
      await expectSame(
        {sql: `SELECT * FROM (VALUES ${list.join(', ')}) AS t(label, text, number, flag, list)`},
        values,
      );
    }),
    {seed: 2, numRuns: 8},
  );
});

test('integers of every width, and ids of 19 digits', async () => {
  const big = ['10000371904215119486', '9223372036854775807', '-9223372036854775808'];
  await expectSame(
    {
      sql:
        'SELECT i % 2 AS label, i::UTINYINT AS a, (-i)::SMALLINT AS b, ' +
        `[${big.join(', ')}][1 + i % 3]::HUGEINT AS c FROM range(9) AS t(i)`,
    },
    Array.from({length: 9}, (_, i) => ({a: i, b: -i, c: BigInt(big[i % 3])})),
    ['a', 'b', 'c'].map((column): FieldRule => ({type: 'categorical', name: column, column})),
  );
});
