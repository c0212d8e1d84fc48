/**
 * Measures preparation by Ray on this machine, with one worker process and with two, in turns: `npm run bench:ray`.
 *
 *     --rows N      rows of Criteo's form; default 300,000
 *     --rounds N    runs of each; default 7
 *     --dry         prints only; otherwise benchmarks/results/ray.json and the table in docs/cluster.md are written
 */
import {execFile} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs, promisify} from 'node:util';
import {DuckDBInstance} from '@duckdb/node-api';
import {criteo, type FileSource, prepare} from 'tfjs-autofis/data';
import type {Bar} from '../examples/flights/summary';
import {atLeast} from './bars';
import {CriteoRows} from './data/criteo_rows';
import {providePython, rayPackages} from './environment';
import {literal} from './internals';
import {describeMachine, type Machine} from './machine';
import {publish} from './publish';
import {digits, markdownTable} from './report';
import {spread} from './statistics';

const SEED = 5;
const COMMAND = 'npm run bench:ray';
/** Rows of Criteo's terabyte log. */
const TERABYTE = 4_373_472_329;
const CORES = 256;

export interface RayFigures {
  command: string;
  machine: Machine;
  rows: number;
  /** Seconds of each run, those of a round beside each other; `alone` is `prepare` of this package. */
  seconds: {one: number[]; two: number[]; alone: number[]};
  /** Of Parquet and of shards. */
  bytes: {source: number; shards: number};
  bars: Bar[];
}

/** The table of docs/cluster.md, what follows for a terabyte, and what else the machine did. */
export function rayText({rows, seconds, bytes, machine, bars: [bar]}: RayFigures): string {
  const row = (name: string, runs: readonly number[]) => {
    const {median, min, max} = spread(runs);
    const rate = Math.round(rows / median).toLocaleString('en');
    return [name, digits(median), `${digits(min)} to ${digits(max)}`, rate];
  };
  const table = markdownTable(
    ['', 'seconds', 'of all runs', 'rows/s'],
    [
      row('Ray, one worker', seconds.one),
      row('Ray, two workers', seconds.two),
      row('`prepare` in Node, no Ray', seconds.alone),
    ],
  );
  const core = rows / spread(seconds.one).median;
  const hours = TERABYTE / core / 3600;
  const terabytes = (part: number) => digits((part / rows) * (TERABYTE / 1e12));
  const busy = machine['load average at the start'];
  const shared = Number(busy) > 1 ? ', so other work had its share of the processors' : '';
  return [
    table,
    '',
    `One worker takes ${digits(bar.value)} times as long as two (median of ${seconds.one.length} rounds, in turns; ` +
      `${rows.toLocaleString('en')} generated rows of Criteo's form, 39 fields, Parquet to ` +
      `shards; the cluster had been started). ${machine['processor']}; load average at the start ${busy}${shared}.`,
    '',
    `Extrapolated and never run: the ${(TERABYTE / 1e9).toFixed(2)} billion rows of Criteo's terabyte log at the rate of ` +
      `one worker are ${Math.round(hours).toLocaleString('en')} core-hours, ${digits(hours / CORES)} hours on ` +
      `${CORES} cores (16 machines of 16), if the disk keeps up: it has ${terabytes(bytes.source)} TB of Parquet read ` +
      `twice and ${terabytes(bytes.shards)} TB of shards written. Each worker needs room for one block and the ` +
      'vocabularies; the largest field is merged on one machine.',
  ].join('\n');
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      rows: {type: 'string', default: '300000'},
      rounds: {type: 'string', default: '7'},
      dry: {type: 'boolean', default: false},
    },
  });
  const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
  if (!(rows >= 1000) || !(rounds >= 1)) throw new Error('--rows must be at least 1000 and --rounds at least 1.');
  const machine = describeMachine();
  const {python, problem} = await providePython(rayPackages, line => console.log(line));
  if (problem !== null) throw new Error(`Ray cannot be installed: ${problem}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-ray-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const at = (name: string) => path.join(folder, name);

  await new CriteoRows(SEED).write(at('rows.tsv'), rows);
  const {source, schema, split} = await criteo({files: at('rows.tsv')});
  await toParquet(at('rows.tsv'), (source as FileSource).columns!, at('rows.parquet'));
  writeFileSync(at('schema.json'), JSON.stringify(schema));

  const seconds: RayFigures['seconds'] = {one: [], two: [], alone: []};
  const args = [at('rows.parquet'), at('schema.json'), JSON.stringify(split), at('shards'), String(rounds)];
  // Ray's workers else wait for all other work of the machine.
  const fair = {RAY_worker_niceness: '0'};
  const env = {...process.env, ...fair, PYTHONPATH: path.resolve('python'), PYTHONDONTWRITEBYTECODE: '1'};
  const {stdout} = await promisify(execFile)(python, ['benchmarks/ray/prepare.py', ...args], {env});
  for (const line of stdout.trim().split('\n')) {
    const run = JSON.parse(line) as {workers: number; seconds: number};
    seconds[run.workers === 1 ? 'one' : 'two'].push(run.seconds);
  }
  for (let i = 0; i < rounds; i++) {
    rmSync(at('alone'), {recursive: true, force: true});
    const started = performance.now();
    await prepare({source: at('rows.parquet'), schema, split, folder: at('alone'), progress: false});
    seconds.alone.push((performance.now() - started) / 1000);
  }

  const ratios = seconds.one.map((one, i) => one / seconds.two[i]);
  const figures: RayFigures = {
    command: COMMAND,
    machine,
    rows,
    seconds,
    bytes: {source: statSync(at('rows.parquet')).size, shards: sizeOf(at('shards'))},
    bars: [atLeast('time of one worker / of two', spread(ratios).median, 1.3)],
  };
  await publish(figures, {
    text: rayText(figures),
    file: 'benchmarks/results/ray.json',
    document: 'docs/cluster.md',
    dry: values.dry,
  });
}

/** Writes text with tabs as Parquet, in row groups of a block each. */
async function toParquet(text: string, columns: readonly string[], file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const names = columns.map(literal).join(', ');
  const read = `read_csv(${literal(text)}, delim = '\t', header = false, names = [${names}], sample_size = 20000)`;
  await connection.run(`COPY (SELECT * FROM ${read}) TO ${literal(file)} (FORMAT parquet, ROW_GROUP_SIZE 32768)`);
  connection.closeSync();
  instance.closeSync();
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
