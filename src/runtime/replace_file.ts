import {randomUUID} from 'node:crypto';
import {rmSync} from 'node:fs';
import {lstat, readlink, realpath, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** Where the content of a file goes. */
export interface WriteTarget {
  /** The file itself: at the end of links, if the path is one. */
  path: string;
  /** True where the file is written in place, since it cannot be replaced: a device, a pipe or open output. */
  direct: boolean;
}

/** Paths of what a process has open already, which may be a file. */
const OPEN = /^\/(dev\/(stdin|stdout|stderr|fd\/\d+)|proc\/[^/]+\/fd\/\d+)$/;

/** Follow the links of a path, which need not exist. */
export async function writeTarget(file: string): Promise<WriteTarget> {
  const target = path.resolve(file);
  if (OPEN.test(target)) return {path: target, direct: true};
  const link = await lstat(target).catch(absent);
  if (link === null) return {path: file, direct: false};
  const status = link.isSymbolicLink() ? await stat(target).catch(absent) : link;
  // A link to nothing: the file that it names is made.
  if (status === null) return writeTarget(path.resolve(await realpath(path.dirname(target)), await readlink(target)));
  if (!status.isFile() && !status.isDirectory()) return {path: target, direct: true};
  return {path: link.isSymbolicLink() ? await realpath(target) : file, direct: false};
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/** Files and folders to remove as the process ends, as the command line does at Ctrl-C. */
const temporary = new Set<string>();
const removeTemporary = () => temporary.forEach(file => rmSync(file, {recursive: true, force: true}));

/** Remove a file or a folder as the process ends. @returns a function to call once it has been removed. */
export function removeAtExit(file: string): () => void {
  if (temporary.size === 0) process.on('exit', removeTemporary);
  temporary.add(file);
  return () => {
    temporary.delete(file);
    if (temporary.size === 0) process.off('exit', removeTemporary);
  };
}

/**
 * Replace a file as a whole: a reader sees the old content or the new, never a part. A link stays, and its file is
 * replaced; a device or a pipe takes the content as it comes.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const target = await writeTarget(file);
  if (target.direct) {
    await writeFile(target.path, content, {flag: 'a'});
    return;
  }
  // A name that no other call has, of this process or another one.
  const partial = `${target.path}.partial-${randomUUID()}`;
  const isRemoved = removeAtExit(partial);
  try {
    await writeFile(partial, content);
    await rename(partial, target.path);
  } finally {
    await rm(partial, {force: true});
    isRemoved();
  }
}
