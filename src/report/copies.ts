import type {RunRecord} from '../record/run_record';
import {areCopied} from '../training/copied_rows';

/** Check whether test rows are copies of training rows: a report then calls no interaction certain. */
export function hasCopies({copied}: RunRecord): boolean {
  return areCopied(copied);
}
