import {labelsInWords} from '../../schema/label';
import {PROBLEMS} from '../../schema/row_encoder';
import type {FieldValue} from '../../schema/rules/rule';
import type {FieldRule, LabelRule, Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import type {RelationColumn} from './columns';
import {identifier, literals, presentSql} from '../../sql_literals';
import {groupCode, partOfValue} from './split_sql';
import {isDeepSql, isNestedSql, isNestedType, rawValue, rawValueSql, textSql} from './raw_values';

/** A check of staged rows: SQL that is true where the row is bad. */
export interface StagedCheck {
  column: string;
  /** The value as text. */
  text: string;
  bad: string;
  reason: string;
}

/** Expressions to stage, over `from` of the source, by the names that they get. */
export interface StagingPlan {
  /** A relation of the source, with the text of columns whose text takes long expressions. */
  from(source: string): string;
  select: Record<string, string>;
  checks: StagedCheck[];
  /** Name of the staged column a rule reads. */
  nameOf(rule: FieldRule): string;
  /** Reads a staged text of a rule as its encoder takes it. */
  readerOf(rule: FieldRule): (text: string) => FieldValue;
}

/** The staged column of the groups that rows are split by: numbers of 32 bits. */
export const GROUP = 'group_code';
/** The staged column of the dates that rows are split by. */
export const SPLIT_TIME = 'split_time';
const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL[^[]*)$/;

/**
 * Which expressions turn the source's columns into text, raw values of lists, numbers, label and weight. `fileName` is
 * the name of a row's file in SQL.
 */
export function stagingPlan(
  schema: Schema,
  split: Split | undefined,
  columns: readonly RelationColumn[],
  fileName: string,
): StagingPlan {
  const reader = columnReader(columns);
  const select: Record<string, string> = {};
  const checks: StagedCheck[] = [];
  const names = new Map<string, string>();
  const nameOf = (rule: FieldRule) => {
    const {sql, check, prefix} = stagedValue(rule, reader);
    const key = JSON.stringify([prefix, rule.column, prefix === 'n' ? rule.missing : undefined]);
    let name = names.get(key);
    if (name === undefined) {
      name = `${prefix}${names.size}`;
      names.set(key, name);
      select[name] = sql;
      if (check !== undefined) checks.push(check);
    }
    return name;
  };
  if (schema.label !== undefined) {
    const {sql, check} = stagedLabel(schema.label, reader);
    select.label = sql;
    checks.push(check);
  }
  if (schema.weight !== undefined) {
    const {sql, check} = stagedWeight(schema.weight.column, reader);
    select.weight = sql;
    checks.push(check);
  }
  if (split?.by === 'time' && typeof (split.validFrom ?? split.testFrom) === 'number')
    checks.push(stagedNumber(split.column, [], reader).check);
  const partText = split !== undefined && 'column' in split ? reader.text(split.column) : '';
  if (split?.by === 'time' && split.format !== undefined) select[SPLIT_TIME] = partText;
  else if (split !== undefined && 'column' in split) select.part = partOfValue(split, partText);
  if (split?.by === 'group') select[GROUP] = groupCode(split, partText);
  if (split?.by === 'file') select.part = partOfValue(split, fileName);
  schema.fields.forEach(nameOf);
  const readerOf = ({type, column}: FieldRule) =>
    type === 'multiValued' && isNestedType(reader.typeOf(column)) ? rawValue : (text: string) => text;
  return {from: reader.from, select, checks, nameOf, readerOf};
}

/** The columns of a source in SQL. */
interface ColumnReader {
  from(source: string): string;
  text(column: string): string;
  /** A column as a number, and the test of rows where it is not one, nor NULL if that is allowed. */
  number(column: string, missing: readonly string[], optional: boolean, extra?: string): {x: string; bad: string};
  typeOf(column: string): string;
}
function columnReader(columns: readonly RelationColumn[]): ColumnReader {
  const types = new Map(columns.map(({name, type}) => [name, type]));
  const fromText = new Set(columns.filter(column => column.fromText).map(({name}) => name));
  // The reader of text has made NULL of empty text.
  const texts = new Map<string, string>();
  const text = (column: string) => {
    const type = types.get(column)!;
    if (fromText.has(column)) return identifier(column);
    if (!isNestedType(type)) return textSql(column, type);
    // Macros repeat their arguments: of long ones DuckDB would plan for seconds.
    const sql = textSql(column, type);
    if (!texts.has(sql)) texts.set(sql, identifier(`text ${texts.size} of the row`));
    return texts.get(sql)!;
  };
  return {
    from: source =>
      texts.size === 0
        ? source
        : `(SELECT *, ${[...texts].map(([sql, name]) => `${sql} AS ${name}`).join(', ')} FROM ${source})`,
    text,
    number: (column, missing, optional, extra = '') => {
      const type = types.get(column)!;
      const asText = presentSql(text(column), missing);
      const plain = NUMBERS.test(type) && missing.length === 0;
      const double = type === 'DOUBLE' ? identifier(column) : `${identifier(column)}::DOUBLE`;
      const known = /^(FLOAT|DOUBLE)$/.test(type) ? `CASE WHEN NOT isnan(${double}) THEN ${double} END` : double;
      const x = plain ? known : `autofis_number(${asText})`;
      const bad = [
        optional ? undefined : `${x} IS NULL`,
        `NOT isfinite(${x})`,
        plain ? undefined : `(${x} IS NULL AND ${asText} IS NOT NULL)`,
        extra && `${x} ${extra}`,
      ];
      return {x, bad: bad.filter(Boolean).join(' OR ')};
    },
    typeOf: column => types.get(column)!,
  };
}

/** A column of the staged rows, and what its source must hold. */
interface StagedColumn {
  sql: string;
  check: StagedCheck;
}
/** The value of a field, and whether it is a number, a raw value or text. */
function stagedValue(
  rule: FieldRule,
  reader: ColumnReader,
): Pick<StagedColumn, 'sql'> & Partial<StagedColumn> & {prefix: 'n' | 'r' | 't'} {
  const {column, missing = []} = rule;
  if (rule.type === 'numeric') return {prefix: 'n', ...stagedNumber(column, missing, reader)};
  const [type, text] = [reader.typeOf(column), reader.text(column)];
  if (!isNestedType(type)) return {prefix: 't', sql: text};
  if (rule.type === 'multiValued') {
    const check = {column, text, bad: isDeepSql(column, type), reason: PROBLEMS.multiValued};
    return {prefix: 'r', sql: rawValueSql(column, type), check};
  }
  const reason = 'is a list or an object, but the field takes one value';
  return {prefix: 't', sql: text, check: {column, text, bad: isNestedSql(column, type), reason}};
}
function stagedNumber(column: string, missing: readonly string[], reader: ColumnReader): StagedColumn {
  const {x, bad} = reader.number(column, missing, true);
  return {sql: x, check: {column, text: reader.text(column), bad, reason: 'is not a number'}};
}
function stagedLabel(rule: LabelRule, reader: ColumnReader): StagedColumn {
  const text = reader.text(rule.column);
  const x = labelSql(rule, text);
  const bad = `${x} IS NULL OR ${x} NOT IN (0, 1)`;
  return {
    sql: `(${x} = 1)::UTINYINT`,
    check: {column: rule.column, text, bad, reason: `is not a label: ${labelsInWords(rule)}`},
  };
}
/** The label that a text stands for, as a number; NULL or neither 0 nor 1 for other texts. */
function labelSql(rule: LabelRule, text: string): string {
  // Written as text and cast: a literal such as 0.1 would be a decimal.
  if ('comparison' in rule)
    return `(autofis_finite(autofis_number(${text})) ${rule.comparison} '${rule.threshold}'::DOUBLE)::INTEGER`;
  if ('positive' in rule) return `autofis_label_of(${text}, ${literals(rule.positive)}, ${literals(rule.negative)})`;
  return `autofis_label(${text})`;
}

function stagedWeight(column: string, reader: ColumnReader): StagedColumn {
  const {x, bad} = reader.number(column, [], false, '< 0');
  const sql = `TRY_CAST(${x} AS FLOAT)`;
  const reason = 'is not a weight: weights are 32-bit numbers >= 0';
  return {sql, check: {column, text: reader.text(column), bad: `${bad} OR ${sql} IS NULL`, reason}};
}
