import {linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {HOST, isOther} from '../../bundle/node/writers';
import {UsageError} from '../usage_error';

/** Content of a folder's lock: the process that holds it. */
interface Holder {
  pid: number;
  host: string;
  command: string;
}

/** Locks that this process holds. */
const held = new Set<string>();

/**
 * Keep a folder for this process: two that work in one would train beside each other and remove each other's files.
 * The lock of a process that is gone is taken over.
 *
 * @returns What gives the folder back; the end of the process does so, too.
 * @throws UsageError, naming the process, if another one works there.
 */
export function lockFolder(folder: string, command: string): () => void {
  const file = path.join(folder, 'lock.json');
  const temporary = `${file}.${process.pid}`;
  mkdirSync(folder, {recursive: true});
  writeFileSync(temporary, JSON.stringify({pid: process.pid, host: HOST, command} satisfies Holder));
  try {
    // A link appears with its content, and only where there is none.
    while (!linked(temporary, file)) takeOver(folder, file);
  } finally {
    rmSync(temporary, {force: true});
  }
  const release = () => {
    process.off('exit', release);
    held.delete(file);
    rmSync(file, {force: true});
  };
  held.add(file);
  process.on('exit', release);
  return release;
}

function linked(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Put the lock of a process that is gone aside; throws if it is not gone. */
function takeOver(folder: string, file: string): void {
  const holder = holderOf(file);
  if (holder !== null && (holder.host !== HOST || held.has(file) || isOther(holder.pid))) {
    const {pid, host, command} = holder;
    throw new UsageError(
      `${folder} is in use: process ${pid}${host === HOST ? '' : ` of ${host}`} works in it (${command}). Wait for ` +
        `it, stop it, or give another --folder; if that process no longer exists, remove ${file}.`,
    );
  }
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Between the look and the renaming another process may have taken the folder: it gets its lock back.
  const moved = holderOf(aside);
  if (moved !== null && isOther(moved.pid)) renameSync(aside, file);
  else rmSync(aside, {force: true});
}

/** Who holds a lock, or null where it is gone or damaged. */
function holderOf(file: string): Holder | null {
  try {
    const {pid, host, command} = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return Number.isInteger(pid) && typeof host === 'string' ? {pid: pid!, host, command: String(command)} : null;
  } catch {
    return null;
  }
}
