import type {RunRecord} from '../record/run_record';
import {areCopied} from '../training/copied_rows';
import {figuresOf} from './figures';
import {say, Text} from './text';

/** Check whether test rows are copies of training rows: a report then calls no interaction certain. */
export function hasCopies({copied}: RunRecord): boolean {
  return areCopied(copied);
}

/** Say so at the head of the report; nothing without copies. */
export function copiesWords(run: RunRecord): Text {
  if (!hasCopies(run)) return [];
  return say`${figuresOf(run)('/copied/share', 'percent')} of the test rows are copies of training rows, so
    nothing that follows is certain. `;
}
