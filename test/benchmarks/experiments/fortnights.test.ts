import {DuckDBInstance} from '@duckdb/node-api';
import {flightSchema, flightsOf, FORTNIGHTS} from '../../../benchmarks/experiments/fortnights';

it('takes a sample of each fortnight, the same rows in whichever query, with the columns of the schema', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const count = async ({sql}: {sql: string}) =>
    Number((await connection.runAndReadAll(`SELECT count(*) FROM (${sql})`)).getRows()[0][0]);
  const sample = {rows: 1000, seed: 1};
  const each: number[] = [];
  for (let k = 1; k <= FORTNIGHTS; k++) each.push(await count(flightsOf({from: k, to: k, ...sample})));
  expect(await count(flightsOf({from: 1, to: FORTNIGHTS, ...sample}))).toBe(each.reduce((a, b) => a + b));
  each.forEach(rows => expect(Math.abs(rows - 1000)).toBeLessThan(150));
  const last = await count(flightsOf({from: 2.8, to: 2, ...sample}));
  expect(Math.abs(last - 0.2 * each[1])).toBeLessThan(60);
  const {sql} = flightsOf({from: 1, to: 1, ...sample});
  const columns = (await connection.runAndReadAll(`DESCRIBE ${sql}`)).getRows().map(([name]) => name);
  expect(columns).toEqual(['late', ...flightSchema.fields.map(({column}) => column)]);
  connection.closeSync();
  instance.closeSync();
});
