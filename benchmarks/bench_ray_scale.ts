/**
 * Measures how preparation by Ray grows with the rows, by two worker processes: `npm run bench:ray:scale`.
 *
 *     --files N,...   files of 1,048,576 rows of Criteo's form that each run reads; default 1,10,96, with 9 GB of
 *                     disk for the files and 16 GB for the shards
 *     --folder PATH   where the files are kept for another run; without it they are removed
 *     --report        measures nothing, and writes the table from benchmarks/results/ray_scale.json
 *     --dry           prints only; otherwise benchmarks/results/ray_scale.json and the table in docs/cluster.md are
 *                     written
 */
import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';
import type {Bar} from '../examples/flights/summary';
import {atMost} from './bars';
import {CriteoRows} from './data/criteo_rows';
import {writeGenerated} from './generated';
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
/** Machines for them, and cores of each. */
const CLUSTERS = [
  [1, 64],
  [4, 16],
  [16, 16],
  [16, 64],
] as const;
const FILE = 'benchmarks/results/ray_scale.json';
const DOCUMENT = 'docs/cluster.md';

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
  const {workers} = runs[runs.length - 1];
  return [
    table,
    '',
    `Generated rows of Criteo's form, 39 fields, Parquet to shards, by ${workers} workers on one machine, one run of ` +
      `each. ${machine['processor']}; load average at the start ${machine['load average at the start']}. The last two ` +
      'columns are the most memory that a process has had so far.',
    '',
    ...terabyteText(runs),
  ].join('\n');
}

/**
 * What a row of Criteo's terabyte log costs and has, in proportion to a row of the last run, if it grows with the rows
 * as it did between those two runs between which it grew most.
 */
function growth(runs: readonly ScaleRun[], ofRow: (run: ScaleRun) => number): {factor: number; from: number} {
  const last = runs[runs.length - 1];
  const powers = runs
    .slice(1)
    .map((run, i) => Math.log(ofRow(run) / ofRow(runs[i])) / Math.log(run.rows / runs[i].rows));
  const power = Math.max(...powers);
  return {factor: (TERABYTE / last.rows) ** power, from: powers.indexOf(power)};
}

/** What clusters would need for a terabyte, in Markdown. */
function terabyteText(runs: readonly ScaleRun[]): string[] {
  const last = runs[runs.length - 1];
  const {rows, seconds, workers, bytes, memory, ids} = last;
  const costOf = (run: ScaleRun) => (run.workers * run.seconds) / run.rows;
  const cost = growth(runs, costOf);
  const [earlier, later] = runs.slice(cost.from, cost.from + 2);
  const coreHours = (workers * seconds * TERABYTE) / rows / 3600;
  const terabytes = (part: number) => (part / rows) * (TERABYTE / 1e12);
  const moved = 2 * terabytes(bytes.source) + terabytes(bytes.shards);
  const manyIds = ids * (TERABYTE / rows) * growth(runs, run => run.ids / run.rows).factor;
  const first = runs[0];
  const bytesOfId = (memory.worker - first.memory.worker) / (ids - first.ids);
  const millions = (count: number) => digits(count / 1e6);
  const table = markdownTable(
    [
      'machines',
      'cores of each',
      'hours at the cost of the last line',
      'hours at growing cost',
      'disk, GB/s',
      'memory of a machine, GB',
      'with growing vocabularies',
    ],
    CLUSTERS.map(([machines, cores]) => {
      const hours = coreHours / (machines * cores);
      const workerBytes = [memory.worker, memory.worker + bytesOfId * (manyIds - ids)];
      return [
        String(machines),
        String(cores),
        ...[hours, hours * cost.factor, (moved * 1e3) / (hours * 3600)].map(digits),
        ...workerBytes.map(each => digits((cores * each) / 1e9)),
      ];
    }),
  );
  return [
    `Computed and never run: the ${(TERABYTE / 1e9).toFixed(2)} billion rows of Criteo's terabyte log, ` +
      `${Math.round(coreHours).toLocaleString('en')} core-hours at the cost of the last line.`,
    '',
    table,
    '',
    '- Hours: as if any number of cores worked at the speed of these, and the disk kept up with the GB/s of the ' +
      'table. "Growing cost": the cost of a row grew most from ' +
      `${millions(earlier.rows)} to ${millions(later.rows)} million rows, by ` +
      `${(costOf(later) / costOf(earlier)).toFixed(2)}; if it goes on so, hours are longer by a factor of ` +
      `${cost.factor.toFixed(2)}.`,
    `- Disk: ${digits(terabytes(bytes.source))} TB of Parquet, read twice, and ${digits(terabytes(bytes.shards))} TB ` +
      'of shards. The counts of values, which are removed at the end, were not measured; a block has each of its ' +
      'values once, so as much as the Parquet files have should do.',
    `- Memory: one worker for each core with a block and all vocabularies, ${digits(memory.worker / 1e9)} GB with the ` +
      `${millions(ids)} million ids of the last line, and ${digits(bytesOfId)} bytes for each more. "Growing ` +
      `vocabularies": ids grow with the rows as between the lines where they grew most, to ${millions(manyIds)} million; ` +
      '`minCount` and `maxSize` of the schema limit them, and fewer workers of a machine need less. The largest ' +
      'field is merged on one machine.',
  ];
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      files: {type: 'string', default: '1,10,96'},
      folder: {type: 'string'},
      report: {type: 'boolean', default: false},
      dry: {type: 'boolean', default: false},
    },
  });
  if (values.report) {
    const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as ScaleFigures;
    await writeGenerated(DOCUMENT, COMMAND, scaleText(recorded));
    return;
  }
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
    file: FILE,
    document: DOCUMENT,
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
