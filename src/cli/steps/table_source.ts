import path from 'node:path';
import type {Source} from '../../data/sources/source';
import type {SettingKey, SettingValues} from '../settings';
import {UsageError} from '../usage_error';

/** A table as the flags name it. */
export interface TableSource {
  source: Source;
  /** Name of the table in messages. */
  name: string;
}

/** The flags that say which table is read and how. */
export const TABLE_SETTINGS = ['data', 'sql', 'separator', 'columns'] as const satisfies readonly SettingKey[];

/** The table of a command line; undefined where none is named. */
export function tableSource({
  data,
  sql,
  separator,
  columns,
}: Pick<SettingValues, (typeof TABLE_SETTINGS)[number]>): TableSource | undefined {
  if (sql !== undefined) {
    if (data !== undefined)
      throw new UsageError(
        `--sql and ${data} both name rows. Give one of them; a query reads a file with FROM 'file.csv'.`,
      );
    if (separator !== undefined || columns !== undefined)
      throw new UsageError('--separator and --columns apply to text files, not to --sql.');
    return {source: {sql}, name: '--sql'};
  }
  if (data === undefined) return undefined;
  if (separator === undefined && columns === undefined) return {source: data, name: data};
  const header = `${columns}` === 'none' ? {header: false as const} : columns && {columns};
  return {
    name: data,
    source: {
      files: data,
      ...(separator === undefined ? {} : {separator: separator === '\\t' ? '\t' : separator}),
      ...header,
    },
  };
}

/** Tell whether a key that `sourceKey` returned stands for a query. */
export function isQueryKey(key: string): boolean {
  return key.startsWith('{"sql":');
}

/**
 * Return the key of a table that a run depends on. It tells the absolute path of the file, wherever the command is run,
 * and how the file is read.
 */
export function sourceKey({source}: TableSource): string {
  if (typeof source === 'string') return path.resolve(source);
  return JSON.stringify('files' in source ? {...source, files: path.resolve(String(source.files))} : source);
}
