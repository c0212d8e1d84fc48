/**
 * Measures how preparation by Ray grows with the rows, by two worker processes: `npm run bench:ray:scale`.
 *
 *     --files N,...   files of 1,048,576 rows of Criteo's form that each run reads; default 1,10,96, with 9 GB of
 *                     disk for the files and 16 GB for the shards
 *     --folder PATH   where the files are kept for another run; without it they are removed
 *     --dry           prints only; otherwise benchmarks/results/ray_scale.json and the table in docs/cluster.md are
 *                     written
 */
import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';
import type {Bar} from '../examples/flights/summary';
import {atMost} from './bars';
import {CriteoRows} from './data/criteo_rows';
import {describeMachine, type Machine} from './machine';
import {publish} from './publish';
import {rayEnv, rayPython, writeParquet} from './ray/source';
import {digits, markdownTable} from './report';

const COMMAND = 'npm run bench:ray:scale';
const SEED = 6;
const FILE_ROWS = 2 ** 20;
/** Rows of a block, as `prepare` has them by default. */
const BLOCK_ROWS = 2 ** 18;
/** Rows of Criteo's terabyte log. */
const TERABYTE = 4_373_472_329;
const CORES = 256;

interface ScaleRun {
  rows: number;
  seconds: number;
  workers: number;
  /** Of all fields. */
  ids: number;
  bytes: {source: number; shards: number};
  /** Most bytes that a process had, in this run or one before it. */
  memory: {worker: number; driver: number};
}

export interface ScaleFigures {
  command: string;
  machine: Machine;
  runs: ScaleRun[];
  bars: Bar[];
}

/** The table of docs/cluster.md, and what follows for a terabyte. */
export function scaleText({runs, machine}: ScaleFigures): string {
  const table = markdownTable(
    [
      'rows',
      'seconds',
      'rows/s',
      'core-seconds a million rows',
      'ids',
      'Parquet GB',
      'shards GB',
      'worker GB',
      'driver GB',
    ],
    runs.map(({rows, seconds, workers, ids, bytes, memory}) => [
      rows.toLocaleString('en'),
      digits(seconds),
      Math.round(rows / seconds).toLocaleString('en'),
      digits((workers * seconds) / (rows / 1e6)),
      ids.toLocaleString('en'),
      ...[bytes.source, bytes.shards, memory.worker, memory.driver].map(value => digits(value / 1e9)),
    ]),
  );
  const {rows, seconds, workers, bytes} = runs[runs.length - 1];
  const hours = (workers * seconds * TERABYTE) / rows / 3600;
  const terabytes = (part: number) => digits((part / rows) * (TERABYTE / 1e12));
  return [
    table,
    '',
    `Generated rows of Criteo's form, 39 fields, Parquet to shards, by ${workers} workers on one machine, one run of ` +
      `each. ${machine['processor']}; load average at the start ${machine['load average at the start']}. The last two ` +
      'columns are the most memory that a process has had so far.',
    '',
    `Extrapolated from the last line and never run: the ${(TERABYTE / 1e9).toFixed(2)} billion rows of Criteo's ` +
      `terabyte log are ${Math.round(hours).toLocaleString('en')} core-hours, ${digits(hours / CORES)} hours on ` +
      `${CORES} cores (16 machines of 16), if the disk keeps up: it has ${terabytes(bytes.source)} TB of Parquet read ` +
      `twice and ${terabytes(bytes.shards)} TB of shards written. Each worker needs room for one block and the ` +
      'vocabularies; the largest field is merged on one machine.',
  ].join('\n');
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      files: {type: 'string', default: '1,10,96'},
      folder: {type: 'string'},
      dry: {type: 'boolean', default: false},
    },
  });
  const numbers = values.files.split(',').map(Number);
  if (numbers.some(number => !Number.isInteger(number) || number < 1))
    throw new Error(`--files must be whole numbers of at least 1. Received: ${values.files}.`);
  const machine = describeMachine();
  const python = await rayPython();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-ray-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const at = (name: string) => path.join(folder, name);

  const source = values.folder ?? at('rows');
  const split = await writeSource(source, Math.max(...numbers));
  const runs: ScaleRun[] = [];
  const args = [source, path.join(source, 'schema.json'), split, at('shards'), ...numbers.map(String)];
  const child = spawn(python, ['benchmarks/ray/scale.py', ...args], {
    env: rayEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({input: child.stdout})) {
    runs.push(JSON.parse(line) as ScaleRun);
    console.log(line);
  }
  if (runs.length < numbers.length) throw new Error('benchmarks/ray/scale.py has ended too early.');
  const costs = runs.map(({rows, seconds}) => seconds / rows);
  const figures: ScaleFigures = {
    command: COMMAND,
    machine,
    runs,
    bars: [atMost('time a row of the most rows / of the fewest', costs[costs.length - 1] / costs[0], 1.1)],
  };
  await publish(figures, {
    text: scaleText(figures),
    file: 'benchmarks/results/ray_scale.json',
    document: 'docs/cluster.md',
    dry: values.dry,
  });
}

/** Writes the files, unless all are there, and their schema; returns their split, as JSON. */
async function writeSource(folder: string, files: number): Promise<string> {
  mkdirSync(folder, {recursive: true});
  const names = Array.from({length: files}, (_, i) => path.join(folder, `${String(i).padStart(4, '0')}.parquet`));
  if (!names.every(name => existsSync(name))) {
    const rows = new CriteoRows(SEED);
    for (const [i, name] of names.entries()) {
      await writeParquet(name, rows, FILE_ROWS, BLOCK_ROWS);
      if ((i + 1) % 10 === 0) console.log(`${i + 1} of ${files} files written`);
    }
  }
  // They follow from any row.
  const sample = path.join(folder, 'sample');
  const {schema, split} = await writeParquet(sample, new CriteoRows(SEED), 1, BLOCK_ROWS);
  rmSync(sample);
  writeFileSync(path.join(folder, 'schema.json'), JSON.stringify(schema));
  return JSON.stringify(split);
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
