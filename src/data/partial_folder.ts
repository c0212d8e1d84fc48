import {rmSync} from 'node:fs';
import {access, mkdir, mkdtemp, readdir, rename, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {AutofisError} from '../errors';

/** Folders that this process is writing. */
const open = new Set<string>();

/** Who writes a folder stands in its name: "clicks.partial-4711@host-x7Bq2C". */
const HOST = os.hostname().replace(/[^\w.]/g, '_');

/**
 * A folder that appears under its name at the end, whole. Until then it is one beside its place, on the same disk, so that to
 * rename it is one step. What processes of this machine left there when they were killed is removed first; what one leaves
 * that ends in good order, as the command line does at Ctrl-C, it removes itself.
 */
export class PartialFolder {
  private readonly removeAtExit = () => rmSync(this.place, {recursive: true, force: true});

  private constructor(private readonly folder: string, readonly place: string) {
    open.add(place);
    process.on('exit', this.removeAtExit);
  }

  /** Throws if the folder is there already. */
  static async create(where: string, name: string): Promise<PartialFolder> {
    const folder = path.resolve(name);
    if (await access(folder).then(() => true, () => false)) {
      throw new AutofisError(`${where}: ${folder} is there already. Remove it, or give another \`folder\`.`);
    }
    await mkdir(path.dirname(folder), {recursive: true});
    await removeAbandoned(folder);
    return new PartialFolder(folder, await mkdtemp(`${folder}.partial-${process.pid}@${HOST}-`));
  }

  /** Gives the name to what is in a folder within. */
  async publish(within: string): Promise<void> {
    await rename(path.join(this.place, within), this.folder);
  }

  /** Removes what was not published. */
  async remove(): Promise<void> {
    await rm(this.place, {recursive: true, force: true, maxRetries: 3});
    open.delete(this.place);
    process.off('exit', this.removeAtExit);
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.partial-`;
  for (const name of await readdir(path.dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const place = path.join(path.dirname(folder), name);
    const [, writer, host] = /^(\d+)@([\w.]+)-/.exec(name.slice(prefix.length)) ?? [];
    if (host === HOST && !open.has(place) && !isRunning(Number(writer))) await rm(place, {recursive: true, force: true});
  }
}

/** Whether another process has this number. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
