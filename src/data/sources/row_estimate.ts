import {open, stat} from 'node:fs/promises';
import {constants, gunzipSync} from 'node:zlib';

/** Bytes of a file that are looked at. */
const SAMPLE = 2 ** 16;
const LINE_END = 10;

/**
 * About how many lines files of text have, by the lines at the beginning of each, decompressed where it is gzip: to say
 * how far their reading is. Undefined for .zst, which Node does not read, and for files without a line end there.
 */
export async function estimateLines(files: readonly string[]): Promise<number | undefined> {
  let lines = 0;
  for (const file of files) {
    const some = await estimateFile(file);
    if (some === undefined) return undefined;
    lines += some;
  }
  return Math.round(lines);
}

async function estimateFile(file: string): Promise<number | undefined> {
  if (/\.zst$/i.test(file)) return undefined;
  const start = Buffer.alloc(SAMPLE);
  const handle = await open(file);
  try {
    const {bytesRead} = await handle.read(start, 0, SAMPLE, 0);
    const bytes = start.subarray(0, bytesRead);
    const text = /\.gz$/i.test(file) ? gunzipSync(bytes, {finishFlush: constants.Z_SYNC_FLUSH}) : bytes;
    const lines = text.reduce((sum, byte) => sum + (byte === LINE_END ? 1 : 0), 0);
    return lines === 0 ? undefined : (lines * (await stat(file)).size) / bytesRead;
  } catch {
    // The reader of the rows reports a damaged file.
    return undefined;
  } finally {
    await handle.close();
  }
}
