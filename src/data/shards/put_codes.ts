import {FIRST, MISSING, UNSEEN} from '../../schema/rules/rule';
import {type Codes, OUTCOME} from '../sql/field_codes';

// Of this module: each access to another module's constant may be a call.
const FIRST_VALUE = FIRST;
/** Outcomes of the ids below FIRST. */
const OUTCOME_OF: number[] = [];
OUTCOME_OF[MISSING] = OUTCOME.missing;
OUTCOME_OF[UNSEEN] = OUTCOME.unseen;

/**
 * Put the codes of one field, which are its ids, into every `columns`-th place from `at` on. Small functions of arrays
 * alone are the fastest.
 */
export function putCodes(
  ids: Int32Array,
  at: number,
  columns: number,
  {items, first, step}: Codes,
  positions: Uint16Array,
  counts: Float64Array,
): void {
  for (let i = 0; i < positions.length; i++, at += columns) {
    const code = items[first + positions[i] * step];
    ids[at] = code;
    if (code < FIRST_VALUE) counts[OUTCOME_OF[code]]++;
  }
}

/** Put the ids of a field's codes in place as `putCodes` does, `width` ids for each code. */
export function putLookedUp(
  ids: Int32Array,
  at: number,
  columns: number,
  {items, first, step}: Codes,
  positions: Uint16Array,
  counts: Float64Array,
  table: {ids: Int32Array; outcomes: Uint8Array},
  width: number,
): void {
  const {ids: known, outcomes} = table;
  for (let i = 0; i < positions.length; i++, at += columns) {
    const code = items[first + positions[i] * step];
    if (width === 1) ids[at] = known[code];
    else for (let k = 0; k < width; k++) ids[at + k] = known[code * width + k];
    counts[outcomes[code]]++;
  }
}
