import type {LabelRule} from '../../schema/schema';
import {identifier, literal, literals} from './literals';

export const FLOATS = /^(FLOAT|DOUBLE)$/;

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

/** Whether a type of DuckDB is a list, of any length or of a fixed one such as BIGINT[2]. */
export const isListType = (type: string) => type.endsWith(']');

/** A column of the source as text; a list's items are joined by the separator. */
export function textSql(column: string, type: string, separator = ','): string {
  const name = identifier(column);
  if (type === 'VARCHAR') return `nullif(${name}, '')`;
  if (type === 'json') {
    const key = literal(jsonPath(column));
    return (
      `nullif(CASE WHEN json_type(json, ${key}) = 'ARRAY' THEN array_to_string((json->${key})::VARCHAR[], ` +
      `${literal(separator)}) ELSE json->>${key} END, '')`
    );
  }
  if (isListType(type)) return `nullif(array_to_string(${name}::VARCHAR[], ${literal(separator)}), '')`;
  if (FLOATS.test(type)) return `autofis_float_text(${name})`;
  return `${name}::VARCHAR`;
}

/** Where a key is in an object of JSON. */
export function jsonPath(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
