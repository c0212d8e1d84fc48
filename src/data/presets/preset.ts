import type {CategoricalRule, FieldRule, Schema} from '../../schema/schema';
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

/** `first` to `last` after a prefix: I1, I2, ... */
export const numbered = (prefix: string, first: number, last: number) =>
  Array.from({length: last - first + 1}, (_, i) => `${prefix}${first + i}`);
