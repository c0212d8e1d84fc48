import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import path from 'node:path';

/** A file of a folder as a list of files has it. */
export interface FileEntry {
  name: string;
  bytes: number;
  sha256: string;
}

/** Maximum number of bytes per read. */
const PIECE = 2 ** 22;

/** Size and SHA-256 of a file, read piece by piece. */
export async function entryOf(folder: string, name: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path.join(folder, name), {highWaterMark: PIECE})) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
  }
  return {name, bytes, sha256: hash.digest('hex')};
}

/** Check that a file is still the one that was listed. */
export async function checkEntry(folder: string, {name, bytes, sha256}: FileEntry): Promise<void> {
  const found = await entryOf(folder, name);
  if (found.bytes !== bytes) throw new Error(`${name} has ${found.bytes} bytes instead of ${bytes}`);
  if (found.sha256 !== sha256) throw new Error(`the checksum of ${name} does not match`);
}
