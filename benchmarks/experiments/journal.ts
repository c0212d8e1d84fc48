import {appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync} from 'node:fs';
import path from 'node:path';

/** One finished run; plain JSON. */
export interface Entry {
  /** Which run of the experiment it is. */
  key: string;
  data: string;
  seed: number;
  backend: string;
  /** Wall-clock seconds of the run. */
  wall: number;
  /** Processes that ran jobs at the same time; where there is none, one. */
  workers?: number;
  result: unknown;
}

/** The result of a run that failed; it is made again when the experiment is. */
export interface Failure {
  /** What is wrong, where, and what helps. */
  failure: string;
}

/** Whether a result is that of a run that failed. */
export function isFailure(result: unknown): result is Failure {
  return typeof result === 'object' && result !== null && 'failure' in result;
}

/**
 * The finished runs of an experiment, one line of JSON each. A line is appended in one write when a run has ended; half
 * a line, left by a run that was killed while it wrote, is cut off when the journal is opened. A run that failed and
 * was made again has two lines, of which the later one counts.
 */
export class Journal {
  readonly entries: Entry[] = [];

  constructor(private readonly file: string) {
    mkdirSync(path.dirname(file), {recursive: true});
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
    for (const line of whole.split('\n').filter(Boolean)) this.keep(JSON.parse(line) as Entry);
  }

  /** Whether a run has ended well. */
  has(key: string): boolean {
    return this.entries.some(entry => entry.key === key && !isFailure(entry.result));
  }

  add(entry: Entry): void {
    appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
    this.keep(entry);
  }

  private keep(entry: Entry): void {
    const known = this.entries.findIndex(({key}) => key === entry.key);
    this.entries.splice(known < 0 ? this.entries.length : known, 1, entry);
  }
}
