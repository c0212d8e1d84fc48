import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {openShards} from 'tfjs-autofis/data';
import {prepare} from '../../src/data/prepare';
import {partialFolder} from '../../src/data/partial_folder';
import type {Schema} from '../../src/schema/schema';
import {compiled} from '../helpers/compiled';
import {emptyFolder} from '../helpers/folders';

const folder = emptyFolder();

const schema: Schema = {
  version: 1,
  label: {column: 'y'},
  fields: [
    {type: 'categorical', name: 'site', column: 'site'},
    {type: 'hashed', name: 'hash', column: 'site', buckets: 9},
  ],
};
const table = () => {
  const file = path.join(folder, 'x.csv');
  writeFileSync(
    file,
    `site,y\n${Array.from({length: 30_000}, (_, i) => `s${(i * 7919) % 99991},${i % 2}\n`).join('')}`,
  );
  return file;
};
const partials = () => readdirSync(folder).filter(name => name.includes('partial'));

/** A process that prepares `x.csv`, and does something at a stage. */
async function preparing(action: string, stage: string): Promise<ChildProcess> {
  const script = path.join(folder, 'run.cjs');
  const shards = path.join(folder, 'shards');
  writeFileSync(
    script,
    `
    const {prepare} = require(${JSON.stringify(await compiled('src/data/prepare.ts'))});
    process.on('SIGINT', () => process.exit(130));
    prepare({source: ${JSON.stringify(table())}, schema: ${JSON.stringify(schema)}, folder: ${JSON.stringify(shards)}, rowsPerShard: 5000,
      progress: ({stage}) => { if (stage === '${stage}') process.kill(process.pid, '${action}'); }}).then(() => console.log('whole'));`,
  );
  return spawn(process.execPath, [script], {stdio: ['ignore', 'inherit', 'inherit']});
}
const ended = (child: ChildProcess) =>
  new Promise<[number | null, string | null]>(resolve => child.on('exit', (code, signal) => resolve([code, signal])));

it.each(['reading', 'fitting', 'encoding'])(
  'killed while %s: no folder under the name, and the next run removes what is left',
  async stage => {
    const child = await preparing('SIGKILL', stage);
    expect(await ended(child)).toEqual([null, 'SIGKILL']);
    expect(existsSync(path.join(folder, 'shards'))).toBe(false);
    expect(partials()).toEqual([expect.stringContaining(`shards.partial-${child.pid}@`)]);
    await expect(openShards(path.join(folder, partials()[0], 'shards'))).rejects.toThrow(
      /no manifest\.json|no such folder/,
    );
    await prepare({source: path.join(folder, 'x.csv'), schema, folder: path.join(folder, 'shards')});
    expect(partials()).toEqual([]);
    expect((await openShards(path.join(folder, 'shards'))).rows).toBe(30_000);
  },
);

it('a process that ends in good order, as at Ctrl-C, leaves nothing', async () => {
  expect(await ended(await preparing('SIGINT', 'encoding'))).toEqual([130, null]);
  expect(readdirSync(folder).sort()).toEqual(['run.cjs', 'x.csv']);
});

it('what others are writing stays: another process, another machine, and this one', async () => {
  const name = path.join(folder, 'shards');
  const host = os.hostname().replace(/[^\w.]/g, '_');
  const others = [
    `shards.partial-${process.ppid}@${host}-aaaaaa`,
    'shards.partial-1@elsewhere-bbbbbb',
    'shards.partial-old',
    'other.partial-999999999@x-cccccc',
  ];
  for (const other of others) mkdirSync(path.join(folder, other));
  const first = await partialFolder('test', name);
  const second = await partialFolder('test', name);
  expect(existsSync(first.path)).toBe(true);
  expect(partials()).toEqual(
    expect.arrayContaining([...others, path.basename(first.path), path.basename(second.path)]),
  );
  await first.remove();
  await second.remove();
  expect(partials().sort()).toEqual(others.sort());
});
