import {zipSync, type Zippable} from 'fflate';
import type {NamedFile} from '../protocol';

/**
 * The first day that the format knows: the same files give the same bytes. Its numbers are those of the local clock.
 */
const DATE = new Date(1980, 0, 1);

/** An archive of files, not compressed, in their order. */
export function zip(files: readonly NamedFile[]): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({name, bytes}): [string, Zippable[string]] => [name, bytes])), {
    level: 0,
    mtime: DATE,
  });
}
