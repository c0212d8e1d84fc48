import {murmur3} from '../../murmur3';
import type {HashedRule} from '../schema';
import {missingTest, type Outcome, type RuleEncoder, MISSING} from './rule';

/** The id of a value that is not missing: 1 + murmur3-32(UTF-8 bytes, seed) mod buckets, the hash taken as unsigned. */
export function hashedId(value: string, rule: HashedRule): number {
  return 1 + (murmur3(value, rule.seed ?? 0) % rule.buckets);
}

/** The encoder of a hashed field: 0 for missing, else `hashedId`. No value is unseen. */
export function hashedEncoder(rule: HashedRule): RuleEncoder {
  const isMissing = missingTest(rule.missing);
  return {
    width: 1,
    encode(value, ids, at): Outcome {
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      if (typeof value !== 'string') return 'invalid';
      ids[at] = hashedId(value, rule);
      return 'known';
    },
  };
}
