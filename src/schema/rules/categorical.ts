import type {CategoricalRule} from '../schema';
import {missingTest, type Outcome, type RuleEncoder, MISSING, UNSEEN, vocabularyIds} from './rule';

/**
 * The encoder of a categorical field: 0 for missing, 1 for a value that is not in the vocabulary, then the values by
 * falling count in the training rows, equal counts by their UTF-8 bytes. Values are strings, compared exactly.
 */
export function categoricalEncoder(rule: CategoricalRule, values: readonly string[]): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  const known = vocabularyIds(values);
  return {
    width: 1,
    encode(value, ids, at): Outcome {
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      if (typeof value !== 'string') return 'invalid';
      const id = known.get(value);
      ids[at] = id ?? UNSEEN;
      return id === undefined ? 'unseen' : 'known';
    },
  };
}
