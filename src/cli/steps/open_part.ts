import {existsSync} from 'node:fs';
import {openShards} from '../../data/shards/open_shards';
import {Shards} from '../../data/shards/shards';
import {UsageError} from '../usage_error';
import type {RunFolder} from './run_folder';

/** A part of a run's data. */
export async function openPart(folder: RunFolder, part: 'train' | 'valid' | 'test'): Promise<Shards> {
  const data = folder.file('data');
  if (!existsSync(data)) {
    throw new UsageError(
      `${folder.path} has no encoded rows (${data}). Run \`tfjs-autofis encode\` with --folder ${folder.path} first.`,
    );
  }
  return openShards(data, {part});
}
