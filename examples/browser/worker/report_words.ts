import type {RunRecord} from 'tfjs-autofis';
import {contentOf} from '../../../src/report/content';
import {toPlain} from '../../../src/report/text';

/** The sentences that stand at the head of the report. */
export function reportWords(run: RunRecord): {answer: string; verdict: string | null} {
  const {answer, verdict} = contentOf(run);
  return {answer: toPlain(answer), verdict: verdict === null ? null : toPlain(verdict)};
}
