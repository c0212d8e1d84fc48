import {createReadStream, createWriteStream} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {Decompress} from 'fzstd';
import {AutofisError} from '../../errors';

/** Bytes that are read or decompressed at a time. */
const PIECE = 2 ** 20;

/**
 * Read the bytes of a file, those of a .gz or .zst file decompressed.
 * @param piece Most bytes at a time.
 * @throws Error if the file cannot be read or is damaged.
 */
export async function* textBytes(file: string, piece = PIECE): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, {highWaterMark: piece});
  const gunzip = /\.gz$/i.test(file) ? createGunzip({chunkSize: piece}) : undefined;
  raw.on('error', error => gunzip?.destroy(error));
  try {
    if (gunzip !== undefined) yield* raw.pipe(gunzip);
    else if (/\.zst$/i.test(file)) yield* unzstd(raw);
    else yield* raw;
  } finally {
    raw.destroy();
  }
}

async function* unzstd(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const ready: Buffer[] = [];
  const stream = new Decompress(bytes => {
    ready.push(Buffer.from(bytes));
  });
  for await (const piece of raw) {
    stream.push(piece);
    yield* ready.splice(0);
  }
  // Without this call a file that is cut off would pass for a shorter one.
  stream.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

/**
 * Write what is made of a source's file to a file.
 * @throws AutofisError that names the source's file if it cannot be read.
 */
export async function writeCopy(
  where: string,
  name: string,
  blocks: AsyncIterable<string | Buffer>,
  target: string,
): Promise<void> {
  await pipeline(Readable.from(blocks), createWriteStream(target)).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof AutofisError || error.code === 'ENOSPC') throw error;
    throw new AutofisError(`${where}: ${name} cannot be read: ${error.message}.`);
  });
}
