import {mkdtempSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {AutofisError} from '../errors';
import {removeAtExit} from '../runtime/replace_file';

/** A folder for the files of one piece of work. */
export interface TemporaryFolder {
  path: string;
  /** Remove it with its files. */
  remove(): Promise<void>;
}

/**
 * Make a new folder for files that only one piece of work needs. Where the process ends before that work, as the
 * command line does at Ctrl-C, it removes the folder as well.
 */
export function temporaryFolder(parent: string = os.tmpdir()): TemporaryFolder {
  // At once, so that no signal comes between the folder and the promise to remove it.
  const folder = newFolder(parent);
  const isRemoved = removeAtExit(folder);
  return {
    path: folder,
    async remove() {
      await rm(folder, {recursive: true, force: true});
      isRemoved();
    },
  };
}

function newFolder(parent: string): string {
  try {
    return mkdtempSync(path.join(parent, 'autofis-'));
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTDIR', 'EACCES', 'EROFS'].includes(code ?? '')) throw error;
    throw new AutofisError(
      `temporary files need a folder that exists and can be written: ${message}. Set TMPDIR to such a folder.`,
    );
  }
}
