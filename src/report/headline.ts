import type {RunRecord} from '../record/run_record';
import {answerOf, verdictWords} from './answer';
import {toPlain} from './text';

/** The sentences at the head of a report, as plain text. */
export interface Headline {
  answer: string;
  /** Sentence on whether the selection beats its opponents; null without a verdict. */
  verdict: string | null;
}

/** Say what a run found, in the words of its report. */
export function headline(run: RunRecord): Headline {
  const verdict = verdictWords(run);
  return {answer: toPlain(answerOf(run)), verdict: verdict === null ? null : toPlain(verdict)};
}
