/**
 * Damages every kind of file that the library reads, and reads it. `npm run test:corruption [-- COUNT]` does so 200
 * times a kind and writes benchmarks/results/corruption.json.
 *
 * Each case runs in a worker with a deadline, since what hangs cannot be stopped from within. It ends in the result of
 * the sound file, in an error that names the file, or it is counted: silent (another result), unnamed, or hanging.
 */
import {fork} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {seededRandom} from '../../src/random';
import {useBackend} from '../../src/runtime';
import {compiled} from '../helpers/compiled';
import {type Answer, CHECKED, type Kind, UNCHECKED} from './corruption_reader';

/** Milliseconds after which a reading counts as hanging; a sound one takes a small part of that. */
const DEADLINE = 60_000;

/** What became of the cases of a kind. */
export interface Outcome {
  cases: number;
  /** The result of the sound file. */
  right: number;
  /** An error that names the file. */
  named: number;
  /** An error that names no file. */
  unnamed: number;
  /** Another result, without a word. */
  silent: number;
  hanging: number;
  /** Damage that was silent, unnamed or hanging, to look at. */
  examples: string[];
}

export type Outcomes = Record<string, Outcome>;

type Damage = {name: string; apply(bytes: Buffer, random: () => number): Buffer};
const place = (bytes: Buffer, random: () => number) => Math.floor(random() * bytes.length);

/** Ways in which disks, networks and people damage files. */
const DAMAGES: readonly Damage[] = [
  {
    name: 'a flipped bit',
    apply: (bytes, random) => {
      const copy = Buffer.from(bytes);
      copy[place(bytes, random)] ^= 1 << Math.floor(random() * 8);
      return copy;
    },
  },
  {
    name: 'another byte',
    apply: (bytes, random) => {
      const copy = Buffer.from(bytes);
      const at = place(bytes, random);
      copy[at] = (copy[at] + 1 + Math.floor(random() * 255)) % 256;
      return copy;
    },
  },
  {
    name: 'another digit',
    apply: (bytes, random) => {
      const copy = Buffer.from(bytes);
      const from = place(bytes, random);
      for (let i = 0; i < copy.length; i++) {
        const at = (from + i) % copy.length;
        if (copy[at] < 48 || copy[at] > 57) continue;
        copy[at] = 48 + ((copy[at] - 48 + 1 + Math.floor(random() * 9)) % 10);
        return copy;
      }
      return copy.subarray(1);
    },
  },
  {name: 'a cut end', apply: (bytes, random) => bytes.subarray(0, place(bytes, random))},
  {
    name: 'a missing part',
    apply: (bytes, random) => {
      const [from, to] = [place(bytes, random), place(bytes, random)].sort((a, b) => a - b);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to + 1)]);
    },
  },
  {
    name: 'zeros',
    apply: (bytes, random) => {
      const copy = Buffer.from(bytes);
      const at = place(bytes, random);
      copy.fill(0, at, Math.min(copy.length, at + 1 + Math.floor(random() * 64)));
      return copy;
    },
  },
];

/** A process that reads files, and is started again when it hangs or dies. */
class Reader {
  private child: ReturnType<typeof fork> | null = null;

  async read(kind: string, folder: string): Promise<Answer | 'hanging'> {
    const child = (this.child ??= fork(await compiled('test/process/corruption_reader.ts'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }));
    return new Promise(resolve => {
      const end = (answer: Answer | 'hanging') => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (answer === 'hanging' || 'died' in answer) {
          child.kill('SIGKILL');
          this.child = null;
        }
        resolve(answer);
      };
      const timer = setTimeout(() => end('hanging'), DEADLINE);
      child.once('message', answer => end(answer as Answer));
      child.once('exit', (code, signal) => end({died: `the process ended with ${signal ?? code}`}));
      child.send({kind, folder});
    });
  }

  close(): void {
    this.child?.removeAllListeners();
    this.child?.kill();
  }
}

/** Damages files of each kind `count` times, by a seed. */
export async function corruptions(
  kinds: Readonly<Record<string, Kind>>,
  count: number,
  seed: number,
  log: (line: string) => void = () => {},
): Promise<Outcomes> {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-corruption-'));
  const worker = new Reader();
  const outcomes: Outcomes = {};
  try {
    for (const [name, {make, files}] of Object.entries(kinds)) {
      const sound = path.join(base, `${name}-sound`);
      const damaged = path.join(base, name);
      fs.mkdirSync(sound, {recursive: true});
      await make(sound);
      const targets = files(sound);
      const whole = await worker.read(name, sound);
      if (whole === 'hanging' || !('result' in whole))
        throw new Error(`${name}: the sound file is not read: ${JSON.stringify(whole)}`);
      const random = seededRandom(seed);
      const outcome: Outcome = {cases: 0, right: 0, named: 0, unnamed: 0, silent: 0, hanging: 0, examples: []};
      for (; outcome.cases < count; outcome.cases++) {
        const file = targets[outcome.cases % targets.length];
        const damage = DAMAGES[Math.floor(random() * DAMAGES.length)];
        fs.rmSync(damaged, {recursive: true, force: true});
        fs.cpSync(sound, damaged, {recursive: true});
        fs.writeFileSync(path.join(damaged, file), damage.apply(fs.readFileSync(path.join(sound, file)), random));
        const answer = await worker.read(name, damaged);
        const became = judged(answer, whole.result, [path.basename(file), damaged]);
        outcome[became]++;
        if (!['right', 'named'].includes(became) && outcome.examples.length < 5) {
          const what =
            answer === 'hanging' || 'result' in answer
              ? ''
              : `: ${('died' in answer ? answer.died : answer.error).replaceAll(base, '').slice(0, 200)}`;
          outcome.examples.push(`${became}: ${damage.name} in ${file}${what}`);
        }
      }
      outcomes[name] = outcome;
      log(`${name}: ${JSON.stringify(outcome)}`);
    }
  } finally {
    worker.close();
    fs.rmSync(base, {recursive: true, force: true});
  }
  return outcomes;
}

/** What became of damage: an error that has one of `names` is named. */
function judged(
  answer: Answer | 'hanging',
  sound: string,
  names: readonly string[],
): 'hanging' | 'unnamed' | 'right' | 'silent' | 'named' {
  if (answer === 'hanging') return 'hanging';
  if ('died' in answer) return 'unnamed';
  if ('result' in answer) return answer.result === sound ? 'right' : 'silent';
  return names.some(name => answer.error.includes(name)) ? 'named' : 'unnamed';
}

/** Whether no damage was silent, where the format has a checksum, and none was hanging or without a name anywhere. */
export function holds({checked, unchecked}: {checked: Outcomes; unchecked: Outcomes}): boolean {
  return (
    Object.values(checked).every(({silent}) => silent === 0) &&
    [...Object.values(checked), ...Object.values(unchecked)].every(
      ({unnamed, hanging}) => unnamed === 0 && hanging === 0,
    )
  );
}

async function main(): Promise<void> {
  await useBackend('cpu');
  const count = Number(process.argv[2] ?? 200);
  const only = process.argv[3];
  const chosen = (kinds: typeof CHECKED) =>
    Object.fromEntries(Object.entries(kinds).filter(([name]) => only === undefined || name === only));
  const log = (line: string) => console.log(line);
  const [checked, unchecked] = await Promise.all([
    corruptions(chosen(CHECKED), count, 1, log),
    corruptions(chosen(UNCHECKED), count, 2, log),
  ]);
  const result = {checked, unchecked};
  if (only === undefined)
    fs.writeFileSync(
      path.resolve(__dirname, '../../benchmarks/results/corruption.json'),
      `${JSON.stringify(result, null, 1)}\n`,
    );
  process.exitCode = holds(result) ? 0 : 1;
}

if (require.main === module) void main();
