import {execFile} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';
import type {FittedSchema} from '../../../src/schema/vocabulary';
import type {Schema} from '../../../src/schema/schema';
import {compiled} from '../../helpers/compiled';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();

const sql = `SELECT (TIMESTAMPTZ '2014-10-21 05:00:00+02' + to_hours(i)) AS time, i AS y FROM range(2) AS t(i)`;
const schema: Schema = {
  version: 1,
  label: {column: 'y'},
  fields: [{type: 'categorical', name: 'time', column: 'time'}],
};

it('a column of instants has the same values in whatever zone the machine is', async () => {
  const options = {source: {sql}, schema, folder: path.join(folder, 'shards'), progress: false};
  const script = `require(${JSON.stringify(await compiled('src/data/prepare.ts'))}).prepare(${JSON.stringify(options)})
    .then(({fitted}) => console.log(JSON.stringify(fitted)))`;
  const env = {...process.env, TZ: 'America/New_York'};
  const {stdout} = await promisify(execFile)(process.execPath, ['-e', script], {env});
  const fitted = JSON.parse(stdout) as FittedSchema;
  expect((fitted.fields[0] as {values: string[]}).values).toEqual(['2014-10-21 03:00:00+00', '2014-10-21 04:00:00+00']);
});
