import {rmSync} from 'node:fs';
import {access, rename} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {beginPartial, endPartial} from '../bundle/node/writers';
import {AutofisError} from '../errors';

/**
 * A folder that appears under its name at the end, whole. Until then it is one beside its place, on the same disk, so
 * that to rename it is one step. What processes of this machine left there when they were killed is removed first; what
 * one leaves that ends in good order, as the command line does at Ctrl-C, it removes itself.
 */
export class PartialFolder {
  private readonly removeAtExit = () => rmSync(this.path, {recursive: true, force: true});

  private constructor(
    private readonly folder: string,
    readonly path: string,
  ) {
    process.on('exit', this.removeAtExit);
  }

  /** Check that the folder does not exist. */
  static async create(where: string, name: string): Promise<PartialFolder> {
    const folder = path.resolve(name);
    if (
      await access(folder).then(
        () => true,
        () => false,
      )
    ) {
      throw new AutofisError(`${where}: ${folder} exists already. Remove it, or give another \`folder\`.`);
    }
    return new PartialFolder(folder, await beginPartial(folder));
  }

  /** Give the name to what is in a folder within. */
  async publish(within: string): Promise<void> {
    await rename(path.join(this.path, within), this.folder);
  }

  /** Remove what was not published. */
  async remove(): Promise<void> {
    await endPartial(this.path);
    process.off('exit', this.removeAtExit);
  }
}
