import type {CategoricalRule, FieldRule, Schema} from '../../schema/schema';
import {literal, literals} from '../../sql_literals';
import {type Source} from '../sources/source';
import type {Split} from '../../schema/split';

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
