import type {TextColumn} from '../../../src/schema/columns/text_column';

/** A file that cannot be used; its message is for people. */
export class RefusedFile extends Error {}

export interface ReadTable {
  columns: TextColumn[];
  /** Of each row its number in the file, from 1: rows that are left out count, too. */
  numbers: ArrayLike<number>;
  /** What was left out or renamed on the way. */
  problems: string[];
}
