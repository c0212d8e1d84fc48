import {createHash} from 'node:crypto';
import {open} from 'node:fs/promises';
import path from 'node:path';

/** A file of a folder as a list of files has it. */
export interface FileEntry {
  name: string;
  bytes: number;
  sha256: string;
}

/** Maximum number of bytes per read. */
const PIECE = 2 ** 26;

/** Size and SHA-256 of a file, read piece by piece. */
export async function entryOf(folder: string, name: string): Promise<FileEntry> {
  const handle = await open(path.join(folder, name));
  try {
    const {size} = await handle.stat();
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, size));
    let bytes = 0;
    while (bytes < size) {
      const {bytesRead} = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    return {name, bytes, sha256: hash.digest('hex')};
  } finally {
    await handle.close();
  }
}

/** Check that a file is still the one that was listed. */
export async function checkEntry(folder: string, {name, bytes, sha256}: FileEntry): Promise<void> {
  const found = await entryOf(folder, name);
  if (found.bytes !== bytes) throw new Error(`${name} has ${found.bytes} bytes instead of ${bytes}`);
  if (found.sha256 !== sha256) throw new Error(`the checksum of ${name} does not match`);
}
