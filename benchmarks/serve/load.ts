import {type ChildProcess, spawn} from 'node:child_process';
import autocannon from 'autocannon';
import type {Row} from 'tfjs-autofis/bundle';

/** How servers are asked. */
export interface Load {
  /** Connections, each of which asks again as soon as it has its answer. */
  connections: number;
  /** Rows of a request. */
  rows: number;
  /** Further flags of the server. */
  flags: string[];
}

export interface Served extends Load {
  /** What computes, as the server's `--backend` names it. */
  engine: string;
  requestsPerSecond: number;
  rowsPerSecond: number;
  /** Milliseconds from the request to its answer. */
  ms: {p50: number; p95: number; p99: number; max: number};
  /** Rows that were computed together, and the milliseconds that took; means. */
  rowsABatch: number;
  msABatch: number;
  /** Milliseconds of processor time that the server takes for a request. */
  processorMs: number;
  /** Requests that were not answered with 200. */
  failed: number;
}

/** How long a load runs: the number of rounds, and the seconds of each for each engine. */
export interface Time {
  rounds: number;
  seconds: number;
}

/** Bodies that a connection sends in turn. */
const BODIES = 200;

/** Servers of one bundle and one set of flags, one for each engine. */
export class Servers {
  private constructor(private readonly servers: readonly Server[]) {}

  static async start(bundle: string, engines: readonly string[], flags: readonly string[]): Promise<Servers> {
    const servers: Server[] = [];
    for (const engine of engines) servers.push(await Server.start(bundle, engine, flags));
    return new Servers(servers);
  }

  /** Asks them in turn, round by round, so that what else the machine does meets each of them. */
  async measure(rows: readonly Row[], load: Load, {rounds, seconds}: Time): Promise<Served[]> {
    const requests = Array.from({length: BODIES}, (_, i) => ({
      method: 'POST',
      path: '/predict',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({rows: Array.from({length: load.rows}, (_, r) => rows[(i * load.rows + r) % rows.length])}),
    }));
    const counted = this.servers.map(server => new Counted(server, load));
    for (const each of counted) await ask(each.server.url, load.connections, Math.min(2, seconds), requests);
    for (let round = 0; round < rounds; round++) {
      for (const each of counted) await each.ask(seconds, requests);
    }
    return counted.map(each => each.served());
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map(server => server.stop()));
  }
}

type Requests = Parameters<typeof autocannon>[0]['requests'];

async function ask(url: string, connections: number, duration: number, requests: Requests) {
  const times: number[] = [];
  const run = autocannon({url, connections, duration, requests});
  run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  return {times, result: await run};
}

/** What one server answered to one load. */
class Counted {
  private readonly times: number[] = [];
  private readonly grown: Record<string, number> = {};
  private seconds = 0;
  private answered = 0;
  private failed = 0;

  constructor(
    readonly server: Server,
    private readonly load: Load,
  ) {}

  async ask(seconds: number, requests: Requests): Promise<void> {
    const before = await this.server.metrics();
    const {times, result} = await ask(this.server.url, this.load.connections, seconds, requests);
    const after = await this.server.metrics();
    for (const [name, value] of Object.entries(after))
      this.grown[name] = (this.grown[name] ?? 0) + value - (before[name] ?? 0);
    for (const time of times) this.times.push(time);
    this.seconds += result.duration;
    this.answered += result['2xx'];
    this.failed += result.non2xx + result.errors + result.timeouts;
  }

  served(): Served {
    const {load, answered, seconds, grown, failed} = this;
    const times = Float64Array.from(this.times).sort();
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
    const batches = grown['autofis_batch_rows_count'];
    return {
      engine: this.server.engine,
      ...load,
      requestsPerSecond: answered / seconds,
      rowsPerSecond: (load.rows * answered) / seconds,
      ms: {p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1)},
      rowsABatch: grown['autofis_batch_rows_sum'] / batches,
      msABatch: (1e3 * grown['autofis_batch_seconds_sum']) / batches,
      processorMs: (1e3 * grown['process_cpu_seconds_total']) / answered,
      failed,
    };
  }
}

/** A server in a process of its own. */
class Server {
  private constructor(
    readonly engine: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(bundle: string, engine: string, flags: readonly string[]): Promise<Server> {
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', 'examples/serve/server.ts', '--bundle', bundle, '--port', '0', '--backend', engine],
        ...flags,
      ],
      {stdio: ['ignore', 'pipe', 'pipe']},
    );
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const read = (chunk: Buffer) => {
        said += String(chunk);
        const found = /listening at (http:[^"\s]+)/.exec(said);
        if (found !== null) resolve(found[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', () => reject(new Error(`The server did not start.\n${said}`)));
    });
    return new Server(engine, url, child);
  }

  /** The numbers of GET /metrics without labels. */
  async metrics(): Promise<Record<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
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

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}
