/**
 * Asks the server of examples/serve as hard as it answers: `npm run bench:serve`.
 *
 *     --seconds N   how long each load runs for each engine, in rounds of two seconds that alternate; default 10
 *     --dry         prints only; otherwise benchmarks/results/serving.json and the table in docs/serving.md are written
 *
 * Servers and load run on the same machine.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {useBackend} from 'tfjs-autofis/runtime';
import type {Bar} from '../examples/flights/summary';
import {atLeast, atMost, quotient} from './bars';
import {describeMachine, Machine} from './machine';
import {publish} from './publish';
import {digits, markdownTable} from './report';
import {criteoRows, MODEL, saveCriteoBundle} from './serve/criteo_bundle';
import {type Load, type Served, Servers} from './serve/load';

const ONNX = 'onnx';
const ROUND_SECONDS = 2;
const ALONE = ['--max-rows', '1', '--max-batch', '1'];
const LOADS: Load[] = [
  {connections: 1, rows: 1, flags: []},
  {connections: 16, rows: 1, flags: []},
  {connections: 64, rows: 1, flags: []},
  {connections: 1, rows: 100, flags: []},
  {connections: 16, rows: 100, flags: []},
  {connections: 64, rows: 1, flags: ALONE},
];

export interface ServingFigures {
  command: string;
  machine: Machine;
  model: string;
  secondsALoad: number;
  loads: Served[];
  bars: Bar[];
}

/** The table of docs/serving.md, and what else the machine did. */
export function servingText({loads, machine, secondsALoad}: ServingFigures): string {
  const [processor, busy] = [machine['processor'], machine['load average at the start']];
  const shared = Number(busy) > 1 ? ', so other work had its share of the processors' : '';
  return `${servingTable(loads)}\n\n${processor}; ${secondsALoad} s a row; load average at the start ${busy}${shared}.`;
}

function servingTable(loads: readonly Served[]): string {
  return markdownTable(
    [
      'computed by',
      'connections',
      'rows a request',
      'requests/s',
      'of TensorFlow.js',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'rows a batch',
      'model, ms a batch',
      'processor ms a request',
      '',
    ],
    loads.map(load => [
      load.engine,
      String(load.connections),
      String(load.rows),
      Math.round(load.requestsPerSecond).toLocaleString('en'),
      load.engine === ONNX ? `${digits(timesTensorFlow(loads, load) ?? NaN)}x` : '',
      digits(load.ms.p50),
      digits(load.ms.p95),
      digits(load.ms.p99),
      digits(load.rowsABatch),
      digits(load.msABatch),
      digits(load.processorMs),
      [
        ...(load.flags.length > 0 ? [`\`${load.flags.join(' ')}\``] : []),
        ...(load.failed > 0 ? [`${load.failed} failed`] : []),
      ].join('; '),
    ]),
  );
}

/** How many times the requests of TensorFlow.js under the same load. */
function timesTensorFlow(loads: readonly Served[], load: Served | undefined): number | undefined {
  const same = loads.find(
    ({engine, connections, rows, flags}) =>
      engine !== ONNX && connections === load?.connections && rows === load.rows && flags.join() === load.flags.join(),
  );
  return quotient(load?.requestsPerSecond, same?.requestsPerSecond);
}

function barsOf(loads: readonly Served[]): Bar[] {
  const at = (connections: number) =>
    loads.find(load => load.engine === ONNX && load.rows === 1 && load.connections === connections);
  return [
    ...[1, 64].map(count =>
      atLeast(
        `requests/s of ONNX Runtime / of TensorFlow.js, ${count} connections`,
        timesTensorFlow(loads, at(count)),
        3,
      ),
    ),
    atMost('p50 of one row at one connection, ms', at(1)?.ms.p50, 0.5),
  ];
}

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {seconds: {type: 'string', default: '10'}, dry: {type: 'boolean', default: false}},
  });
  const secondsALoad = Number(values.seconds);
  if (!(secondsALoad > 0)) throw new Error(`--seconds must be a number > 0. Received: ${values.seconds}.`);
  const rounds = Math.ceil(secondsALoad / ROUND_SECONDS);
  const time = {rounds, seconds: secondsALoad / rounds};
  const machine = describeMachine();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-bench-serve-'));
  process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const {backend} = await useBackend();
  await saveCriteoBundle(folder);
  const rows = criteoRows(5000);
  const loads: Served[] = [];
  for (const flags of [[], ALONE]) {
    const servers = await Servers.start(folder, [ONNX, backend], flags);
    try {
      for (const load of LOADS.filter(each => each.flags.join() === flags.join())) {
        loads.push(...(await servers.measure(rows, load, time)));
        console.log(servingTable(loads.slice(-2)).split('\n').slice(2).join('\n'));
      }
    } finally {
      await servers.stop();
    }
  }
  const command = 'npm run bench:serve';
  const figures: ServingFigures = {command, machine, model: MODEL, secondsALoad, loads, bars: barsOf(loads)};
  await publish(figures, {
    text: servingText(figures),
    file: 'benchmarks/results/serving.json',
    document: 'docs/serving.md',
    dry: values.dry,
  });
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
