import {createReadStream} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {AutofisError} from '../../errors';

/**
 * Check that no .gz or .zst file is truncated or damaged: DuckDB silently reads such a file up to the damage.
 * Gzip is undone on the threads that Node keeps for it.
 */
async function checkCompressed(where: string, file: string, signal?: AbortSignal): Promise<void> {
  try {
    if (/\.gz$/i.test(file)) {
      const nowhere = new Writable({write: (_chunk, _encoding, done) => done()});
      await pipeline(createReadStream(file, {highWaterMark: 1 << 20}), createGunzip({chunkSize: 1 << 20}), nowhere, {
        signal,
      });
    } else if (/\.zst$/i.test(file)) {
      await walkZstd(file);
    }
  } catch (error) {
    throw new AutofisError(
      `${where}: ${file} is truncated or damaged: ${(error as Error).message}. Download or copy it again.`,
    );
  }
}

/**
 * Check compressed files while they are being read. Await the check before relying on what was read, and before
 * reporting an error of the reader, which it may explain. The signal ends it.
 */
export function checkBeside(where: string, files: readonly string[], signal?: AbortSignal): Promise<unknown> {
  const sound = Promise.all(files.map(file => checkCompressed(where, file, signal)));
  // It may fail before anybody waits for it.
  sound.catch(() => {});
  return sound;
}

/** Go from block to block (RFC 8878) and throw when the last one is missing; what they hold is not decompressed. */
async function walkZstd(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const {size} = await handle.stat();
    for (let at = 0; at < size;) at = await endOfFrame(handle, size, at);
  } finally {
    await handle.close();
  }
}

async function endOfFrame(handle: FileHandle, size: number, start: number): Promise<number> {
  const bytes = async (at: number, length: number) => {
    if (at + length > size) throw new Error('unexpected end of file');
    return (await handle.read(Buffer.alloc(length), 0, length, at)).buffer;
  };
  const magic = (await bytes(start, 4)).readUInt32LE();
  if (magic >>> 4 === 0x184d2a5) {
    const end = start + 8 + (await bytes(start + 4, 4)).readUInt32LE();
    if (end > size) throw new Error('unexpected end of file');
    return end;
  }
  if (magic !== 0xfd2fb528) throw new Error('no zstd frame');
  const [descriptor] = await bytes(start + 4, 1);
  const single = (descriptor & 0x20) !== 0;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6];
  let at = start + 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3] + contentSize;
  for (let last = false; !last;) {
    const block = (await bytes(at, 3)).readUIntLE(0, 3);
    last = (block & 1) !== 0;
    // A run-length block holds one byte whatever its size.
    at += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3);
  }
  const end = at + ((descriptor & 4) !== 0 ? 4 : 0);
  if (end > size) throw new Error('unexpected end of file');
  return end;
}
