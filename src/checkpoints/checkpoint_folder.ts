import {createHash} from 'node:crypto';
import {FileHandle, mkdir, open, readdir, readFile, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {AutofisError} from '../errors';
import {checkEntry, type FileEntry} from '../runtime/file_hash';

export type StateValues = Float32Array | Int32Array | Uint8Array;
export type DType = 'float32' | 'int32' | 'bool';

/** An array of a checkpoint as its list has it. */
export interface ArraySpec {
  name: string;
  shape: number[];
  dtype: DType;
}

/** An array that is read when its turn to be written comes, so that never all of them are in memory. */
export interface ArraySource extends ArraySpec {
  read(): Promise<StateValues>;
}

/** A checkpoint whose checksums hold. */
export interface Checkpoint {
  readonly state: unknown;
  /** The values of the next array, in the order in which they were written. */
  next(spec: ArraySpec): Promise<StateValues>;
  close(): Promise<void>;
}

interface Manifest {
  format: 'tfjs-autofis-checkpoint';
  version: 1;
  files: FileEntry[];
}

const MANIFEST = 'manifest.json';
const STATE = 'state.json';
const ARRAYS = 'arrays.bin';
const PARTIAL = '.partial-';
/** Largest number of bytes that one call writes or reads. */
const PIECE = 2 ** 26;

const nameOf = (step: number) => `step-${String(step).padStart(10, '0')}`;

/** Names of the whole checkpoints in a folder, the newest first; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new AutofisError(`Checkpoints: the folder ${folder} cannot be read: ${error.message}.`);
  });
  return names
    .filter(name => /^step-\d{10,}$/.test(name))
    .sort()
    .reverse();
}

/**
 * Write a checkpoint so that it is there as a whole or not at all: into a folder of another name, every file brought
 * to the disk, which then takes its name.
 */
export async function writeCheckpoint(
  folder: string,
  step: number,
  state: unknown,
  arrays: readonly ArraySource[],
): Promise<void> {
  const name = nameOf(step);
  const partial = path.join(folder, `${PARTIAL}${name}`);
  const file = path.join(folder, name);
  await mkdir(folder, {recursive: true});
  await rm(partial, {recursive: true, force: true});
  await mkdir(partial);
  const values = (async function* () {
    for (const array of arrays) yield bytesOf(await array.read());
  })();
  const files: FileEntry[] = [
    await writeFileSafely(partial, ARRAYS, values),
    await writeFileSafely(partial, STATE, [Buffer.from(JSON.stringify(state))]),
  ];
  const manifest: Manifest = {format: 'tfjs-autofis-checkpoint', version: 1, files};
  await writeFileSafely(partial, MANIFEST, [Buffer.from(JSON.stringify(manifest, null, 1))]);
  await syncFolder(partial);
  // A damaged one of this step may be there, which was passed over.
  await rm(file, {recursive: true, force: true});
  await rename(partial, file);
  await syncFolder(folder);
}

/** Remove all but the newest `keep` checkpoints, and what killed runs have left. */
export async function prune(folder: string, keep: number): Promise<void> {
  const old = (await listCheckpoints(folder)).slice(keep);
  const leftovers = (await readdir(folder).catch(() => [])).filter(name => name.startsWith(PARTIAL));
  for (const name of [...old, ...leftovers]) await rm(path.join(folder, name), {recursive: true, force: true});
}

/**
 * Open the newest checkpoint whose checksums hold, or null.
 *
 * @param warn Called for each damaged checkpoint that is skipped.
 */
export async function openNewest(folder: string, warn: (message: string) => void): Promise<Checkpoint | null> {
  const names = await listCheckpoints(folder);
  for (const [i, name] of names.entries()) {
    try {
      return await openChecked(path.join(folder, name));
    } catch (error) {
      const next =
        i + 1 < names.length
          ? `Using the one before it, ${names[i + 1]}`
          : 'There is no other, so training starts from the beginning';
      warn(`the checkpoint ${path.join(folder, name)} is damaged: ${(error as Error).message}. ${next}.`);
    }
  }
  return null;
}

async function openChecked(folder: string): Promise<Checkpoint> {
  const {format, version, files} = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as Manifest;
  if (format !== 'tfjs-autofis-checkpoint' || version !== 1)
    throw new Error(`${MANIFEST} is not a checkpoint manifest of version 1`);
  for (const file of [STATE, ARRAYS]) {
    const listed = files.find(entry => entry.name === file);
    if (listed === undefined) throw new Error(`${MANIFEST} does not list ${file}`);
    await checkEntry(folder, listed);
  }
  const state = JSON.parse(await readFile(path.join(folder, STATE), 'utf8')) as unknown;
  const handle = await open(path.join(folder, ARRAYS));
  return {state, next: spec => readValues(handle, spec), close: () => handle.close()};
}

async function readValues(handle: FileHandle, {name, shape, dtype}: ArraySpec): Promise<StateValues> {
  const values = new {float32: Float32Array, int32: Int32Array, bool: Uint8Array}[dtype](
    shape.reduce((a, b) => a * b, 1),
  );
  const bytes = bytesOf(values);
  for (let at = 0; at < bytes.length;) {
    const {bytesRead} = await handle.read(bytes, at, Math.min(PIECE, bytes.length - at));
    if (bytesRead === 0) throw new AutofisError(`Checkpoints: the weight file ends inside ${name}.`);
    at += bytesRead;
  }
  return values;
}

function bytesOf(values: StateValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function writeFileSafely(
  folder: string,
  name: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<FileEntry> {
  const handle = await open(path.join(folder, name), 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of parts) {
      for (let at = 0; at < part.length; at += PIECE) {
        const piece = part.subarray(at, at + PIECE);
        hash.update(piece);
        await handle.writeFile(piece);
        bytes += piece.length;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {name, bytes, sha256: hash.digest('hex')};
}

/** Bring the names in a folder to the disk; Windows does so by itself and opens no folder. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
