import type {Schema} from 'tfjs-autofis';

/** Which rows of a calendar are wanted. */
export interface Stretch {
  /** The first period, counted from 1; a fraction begins within it. */
  from: number;
  /** The last one. */
  to: number;
  /** Draws the sample, where a calendar is sampled. */
  seed: number;
  /** Every row, whether or not training takes a sample. Default: false. */
  whole?: boolean;
}

/** A table in the order of time, cut into periods. */
export interface Calendar {
  name: 'fortnights' | 'months';
  period: 'fortnight' | 'month';
  year: number;
  periods: number;
  /** What the rows are, in words. */
  about: string;
  /** How rows become ids. */
  schema: Schema;
  /** A query for the rows of some periods, oldest first. */
  rowsOf(stretch: Stretch): Promise<{sql: string}>;
}

/** Every field as categories, with the label `late`. */
export function categoriesOf(names: readonly string[]): Schema {
  return {
    version: 1,
    label: {column: 'late'},
    fields: names.map(name => ({type: 'categorical', name, column: name})),
  };
}
