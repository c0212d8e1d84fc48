import type {RunRecord} from '../record/run_record';
import {say, Text} from './text';
import {figuresOf} from './figures';
import {term} from './glossary';
import {modelIndex, testIndex} from './lookups';

/** Where nothing is kept: what was looked at. */
export function noneSelectedWords(run: RunRecord): Text {
  if (run.interactions.length === 0)
    return say`Gates were not fitted, since too few rows have the rarer label. More rows may show
      interactions.`;
  return say`Held-out rows confirm none of ${figuresOf(run)('/interactions/length', 'count')} interactions.`;
}

/** Define a gain. */
export function gainWords(run: RunRecord): Text {
  return say`A ${term(run, 'gain')} is the rise of held-out logloss without an interaction or field.`;
}

/** The row that is explained: its probability with interactions and without them. */
export function rowWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const at = '/inspection/row';
  if (run.selection.length === 0)
    return say`A test row with its predicted rate of ${f(`${at}/probability`, 'percent')}.`;
  return say`The test row that interactions change most: ${f(`${at}/probability`, 'percent')} instead of
    ${f(`${at}/additive`, 'percent')} without them. Shares add up to its log-odds.`;
}

/** The chosen model beside the others on the test rows. */
export function comparedWords(run: RunRecord): Text {
  const f = figuresOf(run);
  const after = modelIndex(run, 'after');
  return say`The ${f(`/data/parts/${testIndex(run)}/rows`, 'count')} test rows took no part in any choice.
    “${f(`/models/${after}/name`)}” is the chosen model. Each model was trained once:
    other seeds may differ by more than the interval.`;
}
