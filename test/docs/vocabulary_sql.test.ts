import {readFileSync} from 'node:fs';
import path from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {openShards, prepare} from 'tfjs-autofis/data';
import {fileWriter, sharedFolder} from '../helpers/folders';
import {generator} from '../helpers/random';

const folder = sharedFolder();
const file = fileWriter(folder);

test('the SQL of docs/data.md, as printed, gives the ids of `prepare`', async () => {
  const [, sql] = /```sql\n([^]*?)```/.exec(readFileSync(path.resolve(__dirname, '../../docs/data.md'), 'utf8'))!;
  const statements = sql.trim().split(/;\n?/).filter(Boolean);
  expect(statements).toHaveLength(2);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    // Frequent and rare sites, one in nine missing; equal counts, so that their order matters.
    const next = generator(5);
    const rows = Array.from({length: 3000}, (_, i) => (i % 9 === 0 ? '' : `s${Math.floor(400 * next() ** 3)}`));
    const source = file('train.csv', `site,label\n${rows.map((site, i) => `${site},${i % 2}\n`).join('')}`);
    await connection.run(
      `CREATE TABLE train AS SELECT row_number() OVER () AS i, site, label FROM read_csv('${source}', ` +
        `columns = {'site': 'VARCHAR', 'label': 'INTEGER'}, header = true)`,
    );
    await connection.run(statements[0]);
    const found = await connection.runAndReadAll(`${statements[1]} ORDER BY t.i`);
    const {fitted} = await prepare({
      source,
      folder: path.join(folder, 'shards'),
      schema: {
        version: 1,
        label: {column: 'label'},
        fields: [{type: 'categorical', name: 'site', column: 'site', minCount: 10}],
      },
    });
    const {value} = await (await openShards(path.join(folder, 'shards'))).batches({batchSize: 3000}).next();
    expect(found.getRowsJS().map(([id]) => Number(id))).toEqual([...value!.ids]);
    expect(new Set(value!.ids).size).toBe(fitted.fields[0].size);
    expect(fitted.fields[0].size).toBeGreaterThan(20);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
