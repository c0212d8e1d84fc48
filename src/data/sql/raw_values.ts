import type {DuckDBDataChunk} from '@duckdb/node-api';
import type {FieldValue} from '../../schema/rules/rule';
import {identifier} from '../../sql_literals';

/** Tell whether a type of DuckDB is a list, of any length or of a fixed one such as BIGINT[2]. */
export const isListType = (type: string) => type.endsWith(']');

/** The type of a key of JSON lines, whose values are in the list `cells` of a row. */
export const jsonType = (index: number) => `json ${index}`;

/** Tell whether values of a type may be lists or objects. */
export const isNestedType = (type: string) => isListType(type) || isJsonType(type);

/** Tell whether values of a type are JSON, or may hold objects or nested lists, which JSON tells apart. */
const isJsonType = (type: string): boolean =>
  isListType(type) ? isNestedType(itemType(type)) : /^((STRUCT|MAP|UNION)\(|json \d|JSON$)/.test(type);

/** The type of a list's items. */
const itemType = (type: string) => type.replace(/\[\d*\]$/, '');

/**
 * A column of the source as text, NULL where it is missing. Equal numbers have one text, that of JavaScript: 5 also for
 * 5.0 and 5e0. The text of a list or an object is its JSON.
 */
export function textSql(column: string, type: string): string {
  if (!isNestedType(type)) return scalarSql(identifier(column), type);
  const raw = rawValueSql(column, type);
  if (!isJsonType(type)) return raw;
  const value = jsonSql(column, type);
  return `CASE WHEN ${isNested(value)} THEN ${raw} ELSE nullif(autofis_json_text(${value}), '') END`;
}

/** A column of the source as the raw values that `rawValue` reads, NULL where it is missing. */
export function rawValueSql(column: string, type: string): string {
  const name = identifier(column);
  if (isJsonType(type)) return `autofis_raw_json(${jsonSql(column, type)})`;
  if (!isListType(type)) return `'.' || ${scalarSql(name, type)}`;
  const items = itemType(type);
  return `autofis_raw_list(list_transform(${name}::${items}[], lambda item: ${itemSql('item', items)}))`;
}

/** Read a raw value: a text or the texts of a list, as the encoders take them, or else what no encoder takes. */
export function rawValue(text: string): FieldValue {
  return text.startsWith('.') ? text.slice(1) : (JSON.parse(text) as FieldValue);
}

/** The values of a column that was selected by `rawValueSql`. */
export const rawValuesOf = (chunk: DuckDBDataChunk, column: number) =>
  chunk.getColumnValues(column).map(text => (text === null ? null : rawValue(text as string)));

/** SQL that is true where a value of a nested type is a list with items, or an object. */
export function isNestedSql(column: string, type: string): string {
  const present = `${rawValueSql(column, type)} IS NOT NULL`;
  return isJsonType(type) ? `(${isNested(jsonSql(column, type))} AND ${present})` : present;
}

/** SQL that is true where a value of a nested type is an object, or a list that holds other lists or objects. */
export function isDeepSql(column: string, type: string): string {
  if (!isJsonType(type)) return 'false';
  const value = jsonSql(column, type);
  return (
    `CASE json_type(${value}) WHEN 'OBJECT' THEN true WHEN 'ARRAY' THEN ` +
    `len(list_filter(${value}::JSON[], lambda item: ${isNested('item')})) > 0 ELSE false END`
  );
}

/** Where a key is in an object of JSON. */
export function jsonPath(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const isNested = (value: string) => `json_type(${value}) IN ('ARRAY', 'OBJECT')`;

/** A column of a type of `isJsonType` as JSON. */
function jsonSql(column: string, type: string): string {
  if (type.startsWith('json ')) return `cells[${Number(type.slice(5)) + 1}]`;
  return type === 'JSON' ? identifier(column) : `to_json(${identifier(column)})`;
}

function scalarSql(value: string, type: string): string {
  return type === 'VARCHAR' ? `nullif(${value}, '')` : itemSql(value, type);
}

/** The text of a value that is not nested; lists keep empty ones. */
function itemSql(value: string, type: string): string {
  if (type === 'VARCHAR') return value;
  if (/^(FLOAT|DOUBLE)$/.test(type)) return `autofis_float_text(${value}::DOUBLE)`;
  if (type.startsWith('DECIMAL')) return `autofis_decimal_text(regexp_replace(${value}::VARCHAR, '[.]0+$', ''))`;
  return `${value}::VARCHAR`;
}
