import {categoricalEncoder} from './rules/categorical';
import {dateTimeEncoder} from './rules/date_time';
import {hashedEncoder} from './rules/hashed';
import {multiValuedEncoder} from './rules/multi_valued';
import {numericEncoder} from './rules/numeric';
import type {RuleEncoder} from './rules/rule';
import type {FieldRule} from './schema';
import type {FittedField} from './vocabulary';

/** The encoder of one fitted field. */
export function ruleEncoder(rule: FieldRule, field: FittedField): RuleEncoder {
  switch (rule.type) {
    case 'categorical':
      return categoricalEncoder(rule, field.values ?? []);
    case 'numeric':
      return numericEncoder(rule, field);
    case 'multiValued':
      return multiValuedEncoder(rule, field.values ?? []);
    case 'dateTime':
      return dateTimeEncoder(rule);
    case 'hashed':
      return hashedEncoder(rule);
  }
}
