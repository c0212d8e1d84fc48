import type {CategoricalRule, FieldRule, Schema} from '../../schema/schema';
import {openEngine} from '../sql/duckdb';
import {identifier, literal, literals} from '../sql/literals';
import {type Source} from '../sources/source';
import {resolveFiles} from '../sources/resolve_files';
import {headerOf} from '../sources/text_header';
import type {Split} from '../../schema/split';
import {temporaryFolder} from '../temporary_folder';

/** A published recipe: what `prepare` takes besides the folder. */
export interface Preset {
  source: Source;
  schema: Schema;
  split: Split;
}

/** Categorical fields, named like their columns. */
export function categoricalFields(columns: readonly string[], options: Partial<CategoricalRule> = {}): FieldRule[] {
  return columns.map(column => ({type: 'categorical', name: column, column, ...options}));
}

/** The values of the first line of the first file that the pattern names. */
export async function firstLine(
  where: string,
  files: string | readonly string[],
  separator: string,
): Promise<string[]> {
  const {path: folder, remove} = temporaryFolder();
  const engine = await openEngine(folder);
  try {
    const resolved = await resolveFiles(where, {files, format: 'csv', separator, quote: null}, engine);
    return await headerOf(where, resolved.files[0], resolved);
  } finally {
    engine.close();
    await remove();
  }
}

/** Text without header as a relation of SQL whose columns are all text, in the order of the files. */
export function textFiles(
  files: string | readonly string[],
  separator: string,
  columns: readonly string[],
  encoding = 'utf-8',
): string {
  const names = columns.map(column => `${literal(column)}: 'VARCHAR'`).join(', ');
  return (
    `read_csv(${literals(typeof files === 'string' ? [files] : files)}, auto_detect = false, header = false, ` +
    `delim = ${literal(separator)}, ` +
    `quote = '', escape = '', nullstr = '', encoding = ${literal(encoding)}, columns = {${names}})`
  );
}

/** `first` to `last` after a prefix: I1, I2, ... */
export const numbered = (prefix: string, first: number, last: number) =>
  Array.from({length: last - first + 1}, (_, i) => `${prefix}${first + i}`);

/** Items of a list `t` of "name:value" as columns of SQL. */
export const valueColumns = (columns: readonly string[], list: string) =>
  columns.map((column, i) => `split_part(${list}[${i + 1}], ':', 2) AS ${identifier(column)}`).join(', ');
