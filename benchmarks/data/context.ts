import {mkdirSync, rmSync, statfsSync} from 'node:fs';
import path from 'node:path';
import type {Contestant} from '../contestant';

/** What every section gets. */
export interface Context {
  quick: boolean;
  python: string;
  /** A folder for everything that is written. */
  folder: string;
}

/** A contestant with the folder that it writes into. */
export interface Turn {
  contestant: Contestant;
  folder: string;
}

/** One run of each contestant, in this order, each into an empty folder. */
export async function runInTurns(turns: readonly Turn[], {measured = true} = {}): Promise<void> {
  for (const {contestant, folder} of turns) {
    emptyFolder(folder);
    await (measured ? contestant.run({run: 1}) : contestant.warmUp({run: 1}));
  }
}

export function emptyFolder(folder: string): void {
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
}

/** Throws, with the cure, unless the disk of a folder has room for `bytes` bytes. */
export function checkDisk(folder: string, bytes: number): void {
  const {bavail, bsize} = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new Error(
    `This needs ${gigabytes(bytes)} GB in ${path.dirname(folder)}, and ${gigabytes(free)} GB are free. ` +
      'Set TMPDIR to a folder on another disk, or give --quick.',
  );
}

export const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
export const millions = (rows: number) => (rows >= 1e6 ? `${rows / 1e6} M` : `${rows / 1e3} k`);
