import {ChildProcess, spawn} from 'node:child_process';
import autocannon from 'autocannon';
import type {Row} from 'tfjs-autofis/bundle';

/** How a server is asked. */
export interface Load {
  /** What computes, as the server's `--backend` names it. */
  engine: string;
  /** Connections, each of which asks again as soon as it has its answer. */
  connections: number;
  /** Rows of a request. */
  rows: number;
  /** Further flags of the server. */
  flags: string[];
}

export interface Served extends Load {
  requestsPerSecond: number;
  rowsPerSecond: number;
  /** Milliseconds from the request to its answer. */
  ms: {p50: number; p95: number; p99: number; max: number};
  /** Rows that were computed together, and the milliseconds that took; means. */
  rowsABatch: number;
  msABatch: number;
  /** Requests that were not answered with 200. */
  failed: number;
}

/** Bodies that a connection sends in turn. */
const BODIES = 200;

/** Starts a server for a bundle, asks it for some seconds, and stops it. */
export async function measure(bundle: string, rows: readonly Row[], load: Load, seconds: number): Promise<Served> {
  const {server, url} = await start(bundle, ['--backend', load.engine, ...load.flags]);
  try {
    const requests = Array.from({length: BODIES}, (_, i) => ({
      method: 'POST',
      path: '/predict',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({rows: Array.from({length: load.rows}, (_, r) => rows[(i * load.rows + r) % rows.length])}),
    }));
    const ask = async (duration: number) => {
      const times: number[] = [];
      const run = autocannon({url, connections: load.connections, duration, requests});
      run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
      return {times: times.sort((a, b) => a - b), result: await run};
    };
    await ask(Math.min(3, seconds));
    const before = await metrics(url);
    const {times, result} = await ask(seconds);
    times.sort((a, b) => a - b);
    const after = await metrics(url);
    const grown = (name: string) => after[name] - before[name];
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
    const batches = grown('autofis_batch_rows_count');
    return {
      ...load,
      requestsPerSecond: result['2xx'] / result.duration,
      rowsPerSecond: (load.rows * result['2xx']) / result.duration,
      ms: {p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1)},
      rowsABatch: grown('autofis_batch_rows_sum') / batches,
      msABatch: (1e3 * grown('autofis_batch_seconds_sum')) / batches,
      failed: result.non2xx + result.errors + result.timeouts,
    };
  } finally {
    const ended = new Promise(resolve => server.once('close', resolve));
    server.kill('SIGTERM');
    await ended;
  }
}

async function start(bundle: string, flags: readonly string[]): Promise<{server: ChildProcess; url: string}> {
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', 'examples/serve/server.ts', '--bundle', bundle, '--port', '0', ...flags],
    {stdio: ['ignore', 'pipe', 'pipe']},
  );
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer) => {
      said += String(chunk);
      const found = /listening at (http:[^"\s]+)/.exec(said);
      if (found !== null) resolve(found[1]);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('close', () => reject(new Error(`The server did not start.\n${said}`)));
  });
  return {server, url};
}

/** The numbers of GET /metrics without labels. */
async function metrics(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Object.fromEntries(
    text
      .split('\n')
      .filter(line => /^\w+ /.test(line))
      .map(line => {
        const [name, value] = line.split(' ');
        return [name, Number(value)];
      }),
  );
}
