/**
 * Kills a training at random moments and lets it go on. `npm run test:kills [-- COUNT]` does so 100 times and writes
 * benchmarks/results/kills.json.
 */
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {seededRandom} from '../../src/random';
import {compiled} from '../helpers/compiled';

const root = path.resolve(__dirname, '../..');

interface Run {
  /** Milliseconds from the beginning of the training to the end of the process. */
  trained: number;
  killed: boolean;
}

/** Runs the training on `rows` rows; `killAfter` milliseconds after it has begun the process gets SIGKILL. */
async function run(folder: string, rows: number, killAfter: number | null): Promise<Run> {
  fs.mkdirSync(folder, {recursive: true});
  const child = spawn(process.execPath, [await compiled('test/process/killed_training.ts'), folder, String(rows)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let began = 0;
  let errors = '';
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', text => {
    errors += text;
  });
  child.stdout.once('data', () => {
    began = performance.now();
    if (killAfter !== null) timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  const {code, signal} = await new Promise<{code: number | null; signal: string | null}>(done =>
    child.on('close', (code, signal) => done({code, signal})),
  );
  clearTimeout(timer);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The training failed.\n${errors}`);
  return {trained: performance.now() - began, killed: signal === 'SIGKILL'};
}

/** A folder's newest checkpoint and what is half-written: where the kill hit. */
function traces(folder: string): string {
  const stage = fs.existsSync(path.join(folder, 'selection.json')) ? 'retrain' : 'search';
  const names = fs.existsSync(path.join(folder, stage)) ? fs.readdirSync(path.join(folder, stage)) : [];
  const writing = names.some(name => name.startsWith('.partial-')) ? ', while a checkpoint was written' : '';
  return `${stage} ${
    names
      .filter(name => name.startsWith('step-'))
      .sort()
      .pop() ?? 'begin'
  }${writing}`;
}

export interface Kills {
  kills: number;
  /** Kills after which the training, started again, came to the result of the one that was never stopped. */
  same: number;
  /** Kills that hit while a checkpoint was being written. */
  whileWriting: number;
  backend: string;
  /** Where each kill hit. */
  places: string[];
}

/** Kills `count` trainings on `rows` rows, each once at a random moment, and lets each go on to its end. */
export async function kills(
  count: number,
  rows: number,
  seed: number,
  log: (line: string) => void = () => {},
): Promise<Kills> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-kills-'));
  const read = (name: string) => fs.readFileSync(path.join(folder, name, 'result.json'), 'utf8');
  const random = seededRandom(seed);
  try {
    const {trained} = await run(path.join(folder, 'whole'), rows, null);
    const whole = read('whole');
    const places: string[] = [];
    let same = 0;
    for (let tries = 0; places.length < count && tries < 10 * count; tries++) {
      const name = `killed-${tries}`;
      const {killed} = await run(path.join(folder, name), rows, random() * trained);
      if (!killed) continue;
      places.push(traces(path.join(folder, name)));
      await run(path.join(folder, name), rows, null);
      if (read(name) === whole) same++;
      log(`${places.length} of ${count}: ${places.at(-1)}; ${same} the same`);
      fs.rmSync(path.join(folder, name), {recursive: true});
    }
    const {backend} = JSON.parse(whole) as {backend: string};
    return {
      kills: places.length,
      same,
      whileWriting: places.filter(place => place.includes('written')).length,
      backend,
      places,
    };
  } finally {
    fs.rmSync(folder, {recursive: true});
  }
}

if (require.main === module) {
  void kills(Number(process.argv[2] ?? 100), 6000, 1, line => console.log(line)).then(result => {
    fs.writeFileSync(path.join(root, 'benchmarks/results/kills.json'), `${JSON.stringify(result, null, 1)}\n`);
    console.log(`${result.same} of ${result.kills} gave the same result`);
    process.exitCode = result.same === result.kills ? 0 : 1;
  });
}
