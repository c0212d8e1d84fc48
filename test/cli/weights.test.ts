import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {RunRecord} from 'tfjs-autofis';
import {openShards} from 'tfjs-autofis/data';
import type {SelectResult} from '../../src/cli/steps/select';
import {cli} from '../helpers/cli';
import {sharedFolder} from '../helpers/folders';
import {generator, integers} from '../helpers/random';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const QUICK = ['--effort', 'quick', '--epochs', '3', '--quiet'];

const base = sharedFolder();
let weighted: string;
let filtered: string;
beforeAll(() => {
  const next = generator(5);
  const kept: string[] = [];
  const all: string[] = [];
  for (let i = 0; i < 900; i++) {
    const [site, hour, device] = [integers(next, 1, 6)[0], integers(next, 1, 8)[0], integers(next, 1, 3)[0]];
    const label = (site + hour) % 3 === 0 ? 1 : 0;
    const part = ['train', 'train', 'train', 'valid', 'test'][i % 5];
    kept.push(`${label},site ${site},${hour},${device},2,${part}`);
    // Rows that say the opposite, and values that no other row has.
    all.push(kept[i], `${1 - label},site ${site},${hour},device ${i % 9},0,${part}`);
  }
  const table = (name: string, lines: string[]) => {
    writeFileSync(path.join(base, name), `clicked,site,hour,device,w,part\n${lines.join('\n')}\n`);
    return path.join(base, name);
  };
  [weighted, filtered] = [table('weighted.csv', all), table('filtered.csv', kept)];
});

it('run --weight with weights of 0 is run on the other rows, from fitting to the report', async () => {
  const results = [];
  for (const [name, table] of [
    ['a', weighted],
    ['b', filtered],
  ]) {
    const folder = path.join(base, name);
    const {code, stderr} = await cli('run', table, '--label', 'clicked', '--weight', 'w', '--folder', folder, ...QUICK);
    expect([code, stderr]).toEqual([0, '']);
    const result = <T>(stage: string) =>
      (JSON.parse(readFileSync(path.join(folder, stage, 'done.json'), 'utf8')) as {result: T}).result;
    const {interactions, data, models} = JSON.parse(
      readFileSync(path.join(folder, 'report/run.json'), 'utf8'),
    ) as RunRecord;
    const score = await cli('evaluate', table, '--folder', folder, '--json', '--quiet');
    const scores = JSON.parse(score.stdout) as {auc: number; logloss: number};
    const {selection, decision} = result<SelectResult>('select');
    results.push({
      selection,
      decision,
      report: {interactions, parts: data.parts, models}, // Batches of other sizes are computed in another order.
      scores: {auc: scores.auc, logloss: scores.logloss.toFixed(6)},
    });
    const shards = await openShards(path.join(folder, 'data'));
    expect([shards.weights, shards.rows, shards.fields.map(({name}) => name)]).toEqual([
      true,
      540,
      ['site', 'hour', 'device'],
    ]);
  }
  expect(results[0]).toEqual(results[1]);
});

it('encode --write-schema --weight leaves the column out of the fields', async () => {
  const out = path.join(base, 'schema.json');
  expect(
    (await cli('encode', filtered, '--label', 'clicked', '--weight', 'w', '--write-schema', out, '--quiet')).code,
  ).toBe(0);
  const {schema} = JSON.parse(readFileSync(out, 'utf8')) as {schema: {weight: object; fields: Array<{column: string}>}};
  expect(schema.weight).toEqual({column: 'w'});
  expect(schema.fields.map(({column}) => column)).not.toContain('w');
  const other = await cli('encode', filtered, '--schema', out, '--weight', 'hour', '--folder', path.join(base, 'c'));
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringContaining(`--weight is hour, but the weight of ${out} is w. Give one of the two.`),
  ]);
});
