import {ChildProcess, spawn} from 'node:child_process';
import readline from 'node:readline';
import process from 'node:process';
import type {Reply, Request} from './pacer';

/** How a contestant is started. */
export interface Program {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** A contestant's process: it stays alive and computes only when asked. */
export class Contestant {
  /** Milliseconds of all measured steps, warm-up not among them. */
  readonly ms: number[] = [];
  /** Losses of all its steps, warm-up among them. */
  readonly losses: number[] = [];
  /** Versions that it reported. */
  about: Record<string, string> = {};
  info: Record<string, number> = {};
  /** Why it does not run, or null. */
  failure: string | null = null;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<void>;
  private errors = '';

  constructor(readonly program: Program) {
    const {command, args, env} = program;
    this.child = spawn(command, args, {env: {...process.env, ...env}, stdio: ['pipe', 'pipe', 'pipe']});
    this.child.stderr!.on('data', chunk => {
      this.errors = `${this.errors}${chunk}`.slice(-4000);
    });
    this.child.on('error', error => {
      this.errors = error.message;
    });
    this.child.stdin!.on('error', () => {
      /* it has ended: the missing answer tells */
    });
    this.lines = readline.createInterface({input: this.child.stdout!})[Symbol.asyncIterator]();
    this.ended = new Promise(resolve => {
      this.child.on('close', () => resolve());
      this.child.on('error', () => resolve());
    });
    living.add(this.child);
    void this.ended.then(() => living.delete(this.child));
  }

  /** Waits until the contestant has loaded. */
  async ready(): Promise<this> {
    const answer = (await this.answer()) as {ready: Record<string, string>} | null;
    if (answer !== null) this.about = answer.ready;
    return this;
  }

  /** Runs steps that are not measured. */
  async warmUp(request: Request): Promise<void> {
    const reply = await this.ask(request);
    if (reply !== null) this.losses.push(...reply.losses);
  }

  /** Runs measured steps and returns their milliseconds. */
  async run(request: Request): Promise<number[]> {
    const reply = await this.ask(request);
    if (reply === null) return [];
    this.ms.push(...reply.ms);
    this.losses.push(...reply.losses);
    return reply.ms;
  }

  /** Lets the process end. */
  async stop(): Promise<void> {
    this.child.stdin!.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(timer);
  }

  private async ask(request: Request): Promise<Reply | null> {
    if (this.failure !== null) return null;
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const reply = (await this.answer()) as Reply | null;
    if (reply?.info !== undefined) this.info = reply.info;
    return reply;
  }

  /** The next line that is JSON: libraries print what they like. */
  private async answer(): Promise<unknown> {
    if (this.failure !== null) return null;
    for (;;) {
      const {value, done} = await this.lines.next();
      if (done === true) break;
      if (!value.startsWith('{')) continue;
      const message = JSON.parse(value) as {failure?: string};
      if (message.failure === undefined) return message;
      this.failure = message.failure;
      return null;
    }
    await this.ended;
    const said =
      this.errors
        .trim()
        .split('\n')
        .filter(line => /error|not found|cannot/i.test(line))
        .pop() ?? this.errors.trim().split('\n').pop();
    this.failure = said || `ended with ${this.child.signalCode ?? `code ${this.child.exitCode}`}`;
    return null;
  }
}

const living = new Set<ChildProcess>();

/** Ends every contestant with the command, also when it is interrupted. */
export function stopAllAtExit(): void {
  process.on('exit', () => {
    for (const child of living) child.kill('SIGKILL');
  });
  for (const [signal, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
}

/** Measures contestants in turns: warm-up one by one, then `rounds` rounds of `steps` steps each. */
export async function takeTurns(
  contestants: readonly Contestant[],
  {warmUp, rounds, steps}: {warmUp: number; rounds: number; steps: number},
): Promise<void> {
  for (const contestant of contestants) await contestant.warmUp({run: warmUp});
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) await contestant.run({run: steps});
  }
}

/** The same of contestants that are started for it and stopped behind it. */
export async function measureInTurns(
  contestants: readonly Contestant[],
  turns: Parameters<typeof takeTurns>[1],
): Promise<void> {
  for (const contestant of contestants) await contestant.ready();
  await takeTurns(contestants, turns);
  await Promise.all(contestants.map(contestant => contestant.stop()));
}
