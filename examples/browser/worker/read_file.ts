import {words} from '../strings';
import {readParquet} from './read_parquet';
import {ReadTable, RefusedFile} from './read_table';
import {readText} from './read_text';

/** Reads a CSV, TSV or Parquet file, told apart by its first bytes, not by its name. */
export async function readFile(file: Blob, onShare: (share: number) => void): Promise<ReadTable> {
  if (file.size === 0) throw new RefusedFile(words.file.empty);
  let table: ReadTable;
  try {
    const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
    const begins = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
    if (begins(0x50, 0x41, 0x52, 0x31)) table = await readParquet(file, onShare);
    else if (begins(0x1f, 0x8b)) table = await readText(await unzipped(file), onShare);
    else if (begins(0x50, 0x4b, 3, 4)) throw new RefusedFile(words.file.zip);
    else table = await readText(file, onShare);
  } catch (error) {
    if (error instanceof DOMException) throw new RefusedFile(words.file.unreadable);
    // A string, an array or a map that has no room.
    throw error instanceof RangeError ? new RefusedFile(words.file.tooLarge) : error;
  }
  if (table.columns[0].codes.length === 0) throw new RefusedFile(words.file.noRows);
  return table;
}

async function unzipped(file: Blob): Promise<Blob> {
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).blob();
  } catch {
    throw new RefusedFile(words.file.damagedGzip);
  }
}
