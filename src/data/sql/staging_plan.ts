import {labelsInWords} from '../../schema/label';
import type {FieldRule, LabelRule, Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import type {RelationColumn} from './columns';
import {identifier} from './literals';
import {partOfValue} from './split_sql';
import {FLOATS, isListType, labelSql, presentSql, textSql} from './text_sql';

/** A check of staged rows: SQL that is true where the row is bad. */
export interface StagedCheck {
  column: string;
  /** The value as text. */
  text: string;
  bad: string;
  reason: string;
}

/** What is staged: expressions over the source by the names that they get. */
export interface StagingPlan {
  select: Record<string, string>;
  checks: StagedCheck[];
  /** Names of the staged columns a rule reads. */
  nameOf(rule: FieldRule): string;
}

/** The staged column of the dates that rows are split by. */
export const SPLIT_TIME = 'split_time';
const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;

/**
 * Which expressions turn the source's columns into text, numbers, label and weight. Text of a column of floating-point
 * numbers is written as JavaScript writes integers: 5, not 5.0. `fileName` is the name of a row's file in SQL.
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
  const add = (key: string, prefix: string, sql: () => string) => {
    let name = names.get(key);
    if (name === undefined) {
      name = `${prefix}${names.size}`;
      names.set(key, name);
      select[name] = sql();
    }
    return name;
  };
  const nameOf = (rule: FieldRule) => {
    const {column, missing = []} = rule;
    if (rule.type !== 'numeric') {
      const separator = rule.type === 'multiValued' && reader.isList(column) ? rule.separator : undefined;
      return add(JSON.stringify(['text', column, separator]), 't', () => reader.text(column, separator));
    }
    return add(JSON.stringify(['number', column, missing]), 'n', () => {
      const {sql, check} = stagedNumber(column, missing, reader);
      checks.push(check);
      return sql;
    });
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
  const partText = split?.by === 'column' || split?.by === 'time' ? reader.text(split.column) : '';
  if (split?.by === 'time' && split.format !== undefined) select[SPLIT_TIME] = partText;
  else if (split?.by === 'column' || split?.by === 'time') select.part = partOfValue(split, partText);
  if (split?.by === 'file') select.part = partOfValue(split, fileName);
  schema.fields.forEach(nameOf);
  return {select, checks, nameOf};
}

/** The columns of a source in SQL. */
interface ColumnReader {
  text(column: string, separator?: string): string;
  /** A column as a number, and the test of rows where it is not one, nor NULL if that is allowed. */
  number(column: string, missing: readonly string[], optional: boolean, extra?: string): {x: string; bad: string};
  /** Whether the source itself holds lists. */
  isList(column: string): boolean;
}
function columnReader(columns: readonly RelationColumn[]): ColumnReader {
  const types = new Map(columns.map(({name, type}) => [name, type]));
  const fromText = new Set(columns.filter(column => column.fromText).map(({name}) => name));
  // The reader of text has made NULL of empty text.
  const text = (column: string, separator?: string) =>
    fromText.has(column) ? identifier(column) : textSql(column, types.get(column)!, separator);
  return {
    text,
    number: (column, missing, optional, extra = '') => {
      const type = types.get(column)!;
      const asText = presentSql(text(column), missing);
      const plain = NUMBERS.test(type) && missing.length === 0;
      const double = type === 'DOUBLE' ? identifier(column) : `${identifier(column)}::DOUBLE`;
      const known = FLOATS.test(type) ? `CASE WHEN NOT isnan(${double}) THEN ${double} END` : double;
      const x = plain ? known : `autofis_number(${asText})`;
      const bad = [
        optional ? undefined : `${x} IS NULL`,
        `NOT isfinite(${x})`,
        plain ? undefined : `(${x} IS NULL AND ${asText} IS NOT NULL)`,
        extra && `${x} ${extra}`,
      ];
      return {x, bad: bad.filter(Boolean).join(' OR ')};
    },
    isList: column => types.get(column) === 'json' || isListType(types.get(column)!),
  };
}

/** A column of the staged rows, and what its source must hold. */
interface StagedColumn {
  sql: string;
  check: StagedCheck;
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
function stagedWeight(column: string, reader: ColumnReader): StagedColumn {
  const {x, bad} = reader.number(column, [], false, '< 0');
  const sql = `TRY_CAST(${x} AS FLOAT)`;
  const reason = 'is not a weight: weights are 32-bit numbers >= 0';
  return {sql, check: {column, text: reader.text(column), bad: `${bad} OR ${sql} IS NULL`, reason}};
}
