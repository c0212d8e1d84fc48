import {chmod, chown, open, readdir, readFile, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {AutofisError} from '../../errors';
import {BUNDLE_FILE} from '../bundle_files';
import type {BundleStore} from '../store';
import {beginPartial, endPartial} from './writers';

/** Store of a bundle in a folder, in which a new bundle replaces the old one in one step. */
export function folderStore(location: string): BundleStore {
  const folder = path.resolve(location.startsWith('file://') ? fileURLToPath(location) : location);
  return {
    name: folder,
    async read(file) {
      try {
        return await readFile(path.join(folder, file));
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return absent(folder);
        throw new AutofisError(`loadBundle: ${path.join(folder, file)} cannot be read: ${(error as Error).message}.`);
      }
    },
    write: files => replaceFolder(folder, files),
    async check() {
      await replaceable(folder);
    },
  };
}

/** A file that is not there; throws where a process was killed between the two renames of `replaceFolder`. */
async function absent(folder: string): Promise<null> {
  const previous = previousOf(folder);
  if ((await entriesOf(folder)) !== null || (await entriesOf(previous)) === null) return null;
  throw new AutofisError(
    `loadBundle: ${folder} is missing: the process that was replacing it was stopped. The old bundle ` +
      `is intact: rename ${previous} to ${folder}.`,
  );
}

const previousOf = (folder: string) => `${folder}.previous`;

/**
 * List the entries of a folder that a bundle may replace; null if it does not exist. Throws if it holds other files and
 * no bundle.
 */
async function replaceable(folder: string): Promise<string[] | null> {
  const old = await entriesOf(folder);
  if (old !== null && old.length > 0 && !old.includes(BUNDLE_FILE)) {
    throw new AutofisError(
      `saveBundle: ${folder} holds other files (${old.slice(0, 3).join(', ')}), which a bundle would replace. ` +
        'Choose another folder.',
    );
  }
  return old;
}

async function replaceFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const old = await replaceable(folder);
  const partial = await beginPartial(folder);
  const previous = previousOf(folder);
  try {
    for (const [name, bytes] of files) await writeSynced(path.join(partial, name), bytes);
    if (old !== null) {
      for (const name of ['', ...files.keys()]) await copyRights(path.join(folder, name), path.join(partial, name));
      await rm(previous, {recursive: true, force: true});
      await rename(folder, previous);
    }
    await rename(partial, folder).catch(async error => {
      if (old !== null) await rename(previous, folder);
      throw error;
    });
    await rm(previous, {recursive: true, force: true});
  } finally {
    await endPartial(partial);
  }
}

/** Give a new file or folder the mode and the group of the one that it replaces, if there is one. */
async function copyRights(old: string, next: string): Promise<void> {
  const rights = await stat(old).catch(() => null);
  if (rights === null) return;
  // Only a member of a group may give it; Windows has none.
  await chown(next, -1, rights.gid).catch(() => {});
  await chmod(next, rights.mode & 0o7777);
}

/** List the entries of a folder; null if it does not exist. */
async function entriesOf(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new AutofisError(
      `saveBundle: ${folder} ${code === 'ENOTDIR' ? 'is a file' : `cannot be read: ${message}`}. ` +
        'Choose another folder.',
    );
  }
}

/** Write a file and bring it to the disk, so that a rename after it never shows an empty one. */
async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
