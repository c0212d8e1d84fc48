import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {avazu, criteo, openShards, prepare, type Preset, type Shards} from 'tfjs-autofis/data';
import type {BatchSource, FieldSpec} from 'tfjs-autofis';
import type {Table} from './encode';

/** Data sets with too many rows for memory. */
export const streamedNames = ['criteo', 'avazu'] as const;
export type StreamedName = (typeof streamedNames)[number];

/** Kaggle's files, below the folder of the data. */
const files: Record<StreamedName, string> = {
  criteo: path.join('criteo', 'train.txt'),
  avazu: path.join('avazu', 'train.csv'),
};
const presets: Record<StreamedName, (files: string) => Preset | Promise<Preset>> = {
  criteo: file => criteo({files: file}),
  avazu: file => avazu({files: file}),
};

/** Training rows as a stream from disk; the others in memory. */
export interface Streamed {
  fields: FieldSpec[];
  parts: {train: (seed: number, batchSize: number) => BatchSource; validation: Table; test: Table};
}

export const isStreamed = (name: string): name is StreamedName => (streamedNames as readonly string[]).includes(name);

/** The file that a data set is made of. */
export const streamedFile = (name: StreamedName, folder: string) => path.join(folder, files[name]);

/**
 * The size of the file is in their name, so that those of a sample are not taken for those of the file that replaced
 * it.
 */
const shardsOf = (name: StreamedName, folder: string) =>
  path.join(folder, name, `shards-${statSync(streamedFile(name, folder)).size}`);

/**
 * Encodes a data set by the library's preset into shards next to its file, where they are not there yet. All seeds
 * share its random split, 8 : 1 : 1.
 */
export async function encodeStreamed(name: StreamedName, folder: string): Promise<void> {
  if (existsSync(shardsOf(name, folder))) return;
  await prepare({...(await presets[name](streamedFile(name, folder))), folder: shardsOf(name, folder)});
}

/** Opens what `encodeStreamed` made. */
export async function openStreamed(name: StreamedName, folder: string): Promise<Streamed> {
  const [train, validation, test] = await Promise.all(
    ['train', 'valid', 'test'].map(part => openShards(shardsOf(name, folder), {part})),
  );
  return {
    fields: train.fields,
    parts: {
      train: (seed, batchSize) => train.dataset({seed, batchSize}),
      validation: await tableOf(validation),
      test: await tableOf(test),
    },
  };
}

async function tableOf(shards: Shards): Promise<Table> {
  const {rows, columns} = shards;
  const ids = new Int32Array(rows * columns);
  const labels = new Float32Array(rows);
  let done = 0;
  for await (const batch of shards.batches({batchSize: 10000})) {
    ids.set(batch.ids, done * columns);
    labels.set(batch.labels, done);
    done += batch.rows;
  }
  return {rows, ids, labels};
}
