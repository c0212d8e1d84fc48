import type {TextColumn} from 'tfjs-autofis/schema';

/** A file that cannot be used; its message is for people. */
export class RefusedFile extends Error {}

export interface ReadTable {
  columns: TextColumn[];
  /** What was left out or renamed on the way. */
  problems: string[];
}
