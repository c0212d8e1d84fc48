import {randomUUID} from 'node:crypto';
import {mkdir, readdir, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The name of this machine, as file names hold it. */
export const HOST = os.hostname().replace(/[^\w.]/g, '_');

/** Folders that this process is writing. */
const open = new Set<string>();

/**
 * A new folder beside another one, on the same disk, which takes its place by renaming. Its name says who writes
 * it, "clicks.partial-4711@host-x7Bq2C". What processes of this machine left there when they were killed is removed
 * first.
 */
export async function beginPartial(folder: string): Promise<string> {
  await mkdir(path.dirname(folder), {recursive: true});
  await removeAbandoned(folder);
  // Not by mkdtemp, whose folders no other user may read.
  const partial = `${folder}.partial-${process.pid}@${HOST}-${randomUUID().slice(0, 6)}`;
  await mkdir(partial);
  open.add(partial);
  return partial;
}

/** Remove such a folder, where it has not been renamed. */
export async function endPartial(partial: string): Promise<void> {
  await rm(partial, {recursive: true, force: true, maxRetries: 3});
  open.delete(partial);
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.partial-`;
  for (const name of await readdir(path.dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const abandoned = path.join(path.dirname(folder), name);
    const [, writer, host] = /^(\d+)@([\w.]+)-/.exec(name.slice(prefix.length)) ?? [];
    if (host === HOST && !open.has(abandoned) && !isOther(Number(writer)))
      await rm(abandoned, {recursive: true, force: true});
  }
}

/** Tell whether another process of this machine has this id. */
export function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
