import type {LabelRule} from '../../schema/schema';
import {literals} from './literals';

/** The label that a text stands for, as a number; NULL or neither 0 nor 1 for other texts. */
export function labelSql(rule: LabelRule, text: string): string {
  // Written as text and cast: a literal such as 0.1 would be a decimal.
  if ('comparison' in rule)
    return `(autofis_finite(autofis_number(${text})) ${rule.comparison} '${rule.threshold}'::DOUBLE)::INTEGER`;
  if ('positive' in rule) return `autofis_label_of(${text}, ${literals(rule.positive)}, ${literals(rule.negative)})`;
  return `autofis_label(${text})`;
}

/** A text, NULL where it is one of the missing values. */
export function presentSql(text: string, missing: readonly string[] = []): string {
  return missing.length === 0 ? text : `autofis_present(${text}, ${literals(missing)})`;
}
