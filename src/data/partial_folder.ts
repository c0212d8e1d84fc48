import {access, rename} from 'node:fs/promises';
import path from 'node:path';
import {beginPartial, endPartial} from '../bundle/node/writers';
import {AutofisError} from '../errors';
import {removeAtExit} from '../runtime/replace_file';
import type {TemporaryFolder} from './temporary_folder';

/** A folder beside the one that its content is for. */
export interface PartialFolder extends TemporaryFolder {
  /** Give the name to what is in a folder within. */
  publish(within: string): Promise<void>;
}

/**
 * Begin a folder that appears under its name at the end, complete. Until then it is one beside that, on the same disk,
 * so that to rename it is one step. What processes of this machine left there when they were killed is removed first;
 * what one leaves that ends in good order, as the command line does at Ctrl-C, it removes itself.
 * @throws AutofisError if the folder exists.
 */
export async function partialFolder(where: string, name: string): Promise<PartialFolder> {
  const folder = path.resolve(name);
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) throw new AutofisError(`${where}: ${folder} exists already. Remove it, or give another \`folder\`.`);
  const partial = await beginPartial(folder);
  const isRemoved = removeAtExit(partial);
  return {
    path: partial,
    publish: within => rename(path.join(partial, within), folder),
    async remove() {
      await endPartial(partial);
      isRemoved();
    },
  };
}
