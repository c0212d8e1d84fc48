import {existsSync} from 'node:fs';
import {openShards} from '../../data/shards/open_shards';
import {PARTS} from '../../schema/split';
import type {Shards} from '../../data/shards/shards';
import {UsageError} from '../usage_error';
import type {RunFolder, StageSettings} from './run_folder';

/** Open the parts of a run's data. */
export async function openParts(folder: RunFolder): Promise<{train: Shards; valid: Shards; test: Shards}> {
  const data = folder.file('data');
  if (!existsSync(data)) {
    throw new UsageError(
      `${folder.path} has no encoded rows (${data}). Run \`tfjs-autofis encode\` with --folder ${folder.path} first.`,
    );
  }
  const [train, valid, test] = await Promise.all(PARTS.map(part => openShards(data, {part})));
  return {train, valid, test};
}

/** Tell training rows from others in the settings of a stage. */
export function rowSettings({rows, positives, schemaHash}: Shards): StageSettings {
  return {rows, positives, schema: schemaHash};
}
