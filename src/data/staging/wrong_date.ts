import {ruleEncoder} from '../../schema/rule_encoder';
import type {DateTimeRule} from '../../schema/schema';
import {fittedField} from '../../schema/vocabulary';

/** Return a test for texts that are not dates by the rule. */
export function wrongDate(rule: DateTimeRule): (value: string) => boolean {
  const encoder = ruleEncoder(rule, fittedField(rule, {missing: 0, unseen: 0}));
  const ids = new Int32Array(1);
  return value => encoder.encode(value, ids, 0) === 'invalid';
}
