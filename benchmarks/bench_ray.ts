/**
 * Measures preparation by Ray on this machine, with one worker process and with two, in turns: `npm run bench:ray`.
 *
 *     --rows N      rows of Criteo's form; default 300,000
 *     --rounds N    runs of each; default 7
 *     --dry         prints only; otherwise benchmarks/results/ray.json and the table in docs/cluster.md are written
 */
import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs, promisify} from 'node:util';
import {prepare} from 'tfjs-autofis/data';
import type {Bar} from '../examples/flights/summary';
import {atLeast} from './bars';
import {CriteoRows} from './data/criteo_rows';
import {describeMachine, type Machine} from './machine';
import {publish} from './publish';
import {rayEnv, rayPython, writeParquet} from './ray/source';
import {digits, markdownTable} from './report';
import {spread} from './statistics';

const SEED = 5;
const COMMAND = 'npm run bench:ray';

export interface RayFigures {
  command: string;
  machine: Machine;
  rows: number;
  /** Seconds of each run, those of a round beside each other; `alone` is `prepare` of this package. */
  seconds: {one: number[]; two: number[]; alone: number[]};
  bars: Bar[];
}

/** The table of docs/cluster.md, and what else the machine did. */
export function rayText({rows, seconds, machine, bars: [bar]}: RayFigures): string {
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
  const busy = machine['load average at the start'];
  const shared = Number(busy) > 1 ? ', so other work had its share of the processors' : '';
  return [
    table,
    '',
    `One worker takes ${digits(bar.value)} times as long as two (median of ${seconds.one.length} rounds, in turns; ` +
      `${rows.toLocaleString('en')} generated rows of Criteo's form, 39 fields, Parquet to ` +
      `shards; the cluster had been started). ${machine['processor']}; load average at the start ${busy}${shared}.`,
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
  const python = await rayPython();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-ray-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  const at = (name: string) => path.join(folder, name);

  const {schema, split} = await writeParquet(at('rows.parquet'), new CriteoRows(SEED), rows, 2 ** 15);
  writeFileSync(at('schema.json'), JSON.stringify(schema));

  const seconds: RayFigures['seconds'] = {one: [], two: [], alone: []};
  const args = [at('rows.parquet'), at('schema.json'), JSON.stringify(split), at('shards'), String(rounds)];
  const {stdout} = await promisify(execFile)(python, ['benchmarks/ray/prepare.py', ...args], {env: rayEnv()});
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
    bars: [atLeast('time of one worker / of two', spread(ratios).median, 1.3)],
  };
  await publish(figures, {
    text: rayText(figures),
    file: 'benchmarks/results/ray.json',
    document: 'docs/cluster.md',
    dry: values.dry,
  });
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
