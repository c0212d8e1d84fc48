import type {RunRecord} from '../record/run_record';
import {answerOf} from './answer';
import {toPlain} from './text';

/** Say what a run found, in the first sentences of its report, as plain text. */
export function headline(run: RunRecord): string {
  return toPlain(answerOf(run));
}
