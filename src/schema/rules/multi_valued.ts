import type {MultiValuedRule} from '../schema';
import {missingTest, type Outcome, type RuleEncoder, MISSING, UNSEEN, vocabularyIds} from './rule';

/** Padding after the last id of a row. */
const PADDING = -1;

/**
 * The encoder of a multi-valued field. The text is parted at every separator; empty and missing items and repetitions
 * are dropped. The ids of a row rise, so that the most frequent values come first, and are cut to `width`; all unseen
 * values together are one id 1, which counts as the least frequent and so comes last; then -1. Nothing left is missing:
 * the id 0 alone. The order of the items does not matter.
 *
 * The outcome is `unseen` when an item is unseen, also one that `width` has cut off.
 */
export function multiValuedEncoder(rule: MultiValuedRule, values: readonly string[]): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  const known = vocabularyIds(values);
  const {width, separator} = rule;
  return {
    width,
    encode(value, ids, at): Outcome {
      ids.fill(PADDING, at, at + width);
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      const items = typeof value === 'string' ? value.split(separator) : value;
      const found = new Set<number>();
      for (const item of items) {
        if (!isMissing(item)) found.add(known.get(item) ?? Infinity);
      }
      if (found.size === 0) return 'missing';
      const sorted = [...found].sort((a, b) => (a < b ? -1 : 1)).slice(0, width);
      sorted.forEach((id, i) => {
        ids[at + i] = id === Infinity ? UNSEEN : id;
      });
      return found.has(Infinity) ? 'unseen' : 'known';
    },
  };
}
