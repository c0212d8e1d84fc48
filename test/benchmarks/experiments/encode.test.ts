import {DuckDBConnection, DuckDBInstance} from '@duckdb/node-api';
import {encode} from '../../../benchmarks/experiments/encode';

describe('encode', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => connection.closeSync());

  it('numbers the values of the training part; others share the last id; missing is a value', async () => {
    await connection.run(`CREATE OR REPLACE TABLE rows AS SELECT * FROM (VALUES
      (1, 'train', 1, 'b', 'x|y'), (2, 'train', 0, 'a', 'y'), (3, 'test', 1, 'c', 'z|x'), (4, 'train', 0, NULL, 'x|y|x'), (5, 'validation', 0, NULL, 'y'))
      AS t(n, part, label, city, tags)`);
    const {fields, parts} = await encode(connection, [{name: 'city'}, {name: 'tags', kind: 'list', width: 2}]);
    expect(fields).toEqual([
      {name: 'city', size: 4},
      {name: 'tags', size: 3, width: 2, combiner: 'mean'},
    ]);
    expect(Array.from(parts.train.ids)).toEqual([1, 0, 1, 0, 1, -1, 2, 0, 1]);
    expect(Array.from(parts.test.ids)).toEqual([3, 2, 0]);
    expect(Array.from(parts.validation.ids)).toEqual([2, 1, -1]);
    expect(Array.from(parts.train.labels)).toEqual([1, 0, 0]);
  });

  it('cuts numbers into buckets of equal frequency of the training part', async () => {
    await connection.run(`CREATE OR REPLACE TABLE rows AS
      SELECT i AS n, CASE WHEN i <= 320 THEN 'train' ELSE 'test' END AS part, 0 AS label,
        CASE WHEN i = 322 THEN NULL WHEN i > 320 THEN '1e9' ELSE i::VARCHAR END AS size FROM range(1, 323) t(i)`);
    const {fields, parts} = await encode(connection, [{name: 'size', kind: 'number'}]);
    const counts = new Map<number, number>();
    parts.train.ids.forEach(id => counts.set(id, (counts.get(id) ?? 0) + 1));
    expect([...counts.values()]).toEqual(Array(32).fill(10));
    // Beyond the largest it is the last bucket; missing was not in the training part.
    expect(Array.from(parts.test.ids)).toEqual([31, 32]);
    expect(fields[0].size).toBe(33);
  });

  it("keeps the order of the library's own bins, behind an id for missing values", async () => {
    await connection.run(`CREATE OR REPLACE TABLE rows AS SELECT i AS n, CASE WHEN i <= 40 THEN 'train' ELSE 'test' END
      AS part, 0 AS label, CASE WHEN i % 41 = 0 THEN NULL ELSE i % 4 END AS size FROM range(1, 43) t(i)`);
    const {fields, parts} = await encode(connection, [{name: 'size', kind: 'number'}], 'spikes');
    expect(fields).toEqual([{name: 'size', size: 5, ordered: true}]);
    expect(Array.from(parts.train.ids.subarray(0, 4))).toEqual([2, 3, 4, 1]);
    expect(Array.from(parts.test.ids)).toEqual([0, 3]);
  });
});
