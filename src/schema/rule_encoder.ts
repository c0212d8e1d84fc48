import {murmur3} from '../murmur3';
import {datePartReader} from './rules/date_reader';
import {bucketOf, logSquaredCode, parseNumber} from './rules/numeric';
import {FIRST, MISSING, missingTest, type RuleEncoder, UNSEEN} from './rules/rule';
import type {FieldRule, MultiValuedRule} from './schema';
import {type FittedField, hasVocabulary} from './vocabulary';

/** Padding after the last id of a row. */
const PADDING = -1;

/**
 * The encoder of one fitted field. Values are strings, compared exactly. The id of a missing value is 0. With a
 * vocabulary 1 is for a value that is not in it, then come the values by falling count in the training rows, equal
 * counts by their UTF-8 bytes; other rules have no unseen value.
 */
export function ruleEncoder(rule: FieldRule, field: Pick<FittedField, 'values' | 'edges'>): RuleEncoder {
  const known = new Map(field.values?.map((value, i) => [value, FIRST + i]));
  const isMissing = missingTest(rule.missing);
  if (rule.type === 'multiValued') return listEncoder(rule, known);
  const idOf = idReader(rule, known, Float64Array.from(field.edges ?? []));
  const hasUnseen = hasVocabulary(rule);
  return {
    width: 1,
    encode(value, ids, at) {
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      const id = typeof value === 'string' ? idOf(value) : undefined;
      if (id === undefined) return 'invalid';
      ids[at] = id;
      return hasUnseen && id === UNSEEN ? 'unseen' : 'known';
    },
  };
}

/** Return the ids of texts that are not missing, undefined for one that breaks the rule. */
function idReader(
  rule: Exclude<FieldRule, MultiValuedRule>,
  known: ReadonlyMap<string, number>,
  edges: Float64Array,
): (text: string) => number | undefined {
  switch (rule.type) {
    case 'categorical':
      return text => known.get(text) ?? UNSEEN;
    case 'hashed':
      return text => 1 + (murmur3(text, rule.seed ?? 0) % rule.buckets);
    case 'dateTime':
      return datePartReader(rule.format, rule.part);
    case 'numeric': {
      const isCode = rule.bucketing === 'logSquared';
      return text => {
        const x = parseNumber(text);
        if (x === undefined) return undefined;
        return isCode ? (known.get(String(logSquaredCode(x))) ?? UNSEEN) : 1 + bucketOf(x, edges);
      };
    }
  }
}

/**
 * The encoder of a multi-valued field. The text is split at every separator; empty and missing items and repetitions
 * are dropped. The ids of a row rise, so that the most frequent values come first, and are cut to `width`; all unseen
 * values together are one id 1, which counts as the least frequent and so comes last; then -1. Nothing left is missing:
 * the id 0 alone. The order of the items does not matter.
 *
 * The outcome is `unseen` when an item is unseen, also one that `width` has cut off.
 */
function listEncoder({missing, width, separator}: MultiValuedRule, known: ReadonlyMap<string, number>): RuleEncoder {
  const isMissing = missingTest(missing);
  return {
    width,
    encode(value, ids, at) {
      ids.fill(PADDING, at, at + width);
      ids[at] = MISSING;
      if (isMissing(value)) return 'missing';
      const found = new Set<number>();
      for (const item of typeof value === 'string' ? value.split(separator) : value) {
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
