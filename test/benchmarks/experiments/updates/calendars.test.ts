import {DuckDBInstance, type DuckDBConnection} from '@duckdb/node-api';
import {fortnights} from '../../../../benchmarks/experiments/updates/fortnights';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const count = async ({sql}: {sql: string}) =>
  Number((await connection.runAndReadAll(`SELECT count(*) FROM (${sql})`)).getRows()[0][0]);

it('takes a sample of each fortnight, the same rows in whichever query, with the columns of the schema', async () => {
  const {periods, schema} = fortnights;
  const rowsOf = (from: number, to: number) => fortnights.rowsOf({from, to, seed: 1});
  const each: number[] = [];
  for (let k = 1; k <= periods; k++) each.push(await count(await rowsOf(k, k)));
  expect(await count(await rowsOf(1, periods))).toBe(each.reduce((a, b) => a + b));
  each.forEach(rows => expect(Math.abs(rows - 40_000)).toBeLessThan(6000));
  const last = await count(await rowsOf(2.8, 2));
  expect(Math.abs(last - 0.2 * each[1])).toBeLessThan(2400);
  const {sql} = await rowsOf(1, 1);
  const columns = (await connection.runAndReadAll(`DESCRIBE ${sql}`)).getRows().map(([name]) => name);
  expect(columns).toEqual(['late', ...schema.fields.map(({column}) => column)]);
});

it('takes every row where it is asked for the whole', async () => {
  const [some, all] = await Promise.all(
    [false, true].map(async whole => count(await fortnights.rowsOf({from: 3, to: 3, seed: 1, whole}))),
  );
  expect(all / some).toBeCloseTo(3_000_000 / 13 / 40_000, 0);
});
