/**
 * Asks the server of examples/serve as hard as it answers: `npm run bench:serve`.
 *
 *     --seconds N   how long each load runs, default 10
 *     --dry         prints only; otherwise benchmarks/results/serving.json and the table in docs/serving.md are written
 *
 * Server and load run on the same machine.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {useBackend} from 'tfjs-autofis/runtime';
import {writeText} from '../examples/flights/summary';
import {writeGenerated} from './generated';
import {describeMachine, Machine} from './machine';
import {digits, markdownTable} from './report';
import {criteoRows, MODEL, saveCriteoBundle} from './serve/criteo_bundle';
import {Load, measure, Served} from './serve/load';

const ALONE = ['--max-rows', '1', '--max-batch', '1'];
const LOADS: Array<Omit<Load, 'engine'>> = [
  {connections: 1, rows: 1, flags: []},
  {connections: 16, rows: 1, flags: []},
  {connections: 64, rows: 1, flags: []},
  {connections: 64, rows: 1, flags: ALONE},
  {connections: 1, rows: 100, flags: []},
  {connections: 16, rows: 100, flags: []},
];

export interface ServingFigures {
  command: string;
  machine: Machine;
  model: string;
  secondsALoad: number;
  loads: Served[];
}

/** The table of docs/serving.md. */
export function servingTable({loads}: ServingFigures): string {
  return markdownTable(
    [
      'computed by',
      'connections',
      'rows a request',
      'requests/s',
      'rows/s',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'rows a batch',
      'model, ms a batch',
      '',
    ],
    loads.map(load => [
      load.engine,
      String(load.connections),
      String(load.rows),
      Math.round(load.requestsPerSecond).toLocaleString('en'),
      Math.round(load.rowsPerSecond).toLocaleString('en'),
      digits(load.ms.p50),
      digits(load.ms.p95),
      digits(load.ms.p99),
      digits(load.rowsABatch),
      digits(load.msABatch),
      [
        ...(load.flags.length > 0 ? [`\`${load.flags.join(' ')}\``] : []),
        ...(load.failed > 0 ? [`${load.failed} failed`] : []),
      ].join('; '),
    ]),
  );
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {seconds: {type: 'string', default: '10'}, dry: {type: 'boolean', default: false}},
  });
  const secondsALoad = Number(values.seconds);
  if (!(secondsALoad > 0)) throw new Error(`--seconds must be a number > 0. Received: ${values.seconds}.`);
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-serve-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {backend} = await useBackend();
  await saveCriteoBundle(folder);
  const rows = criteoRows(5000);
  const figures: ServingFigures = {command: 'npm run bench:serve', machine, model: MODEL, secondsALoad, loads: []};
  for (const engine of ['onnx', backend]) {
    for (const load of LOADS) {
      figures.loads.push(await measure(folder, rows, {...load, engine}, secondsALoad));
      console.log(servingTable({...figures, loads: figures.loads.slice(-1)}).split('\n')[2]);
    }
  }
  console.log(`\n${servingTable(figures)}`);
  if (values.dry) return;
  await writeText('benchmarks/results/serving.json', `${JSON.stringify(figures, null, 1)}\n`);
  await writeGenerated('docs/serving.md', 'npm run bench:serve', servingTable(figures));
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
