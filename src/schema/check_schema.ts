import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {COMPARISONS} from './label';
import {dateFormat} from './rules/date_format';
import type {FieldRule, Schema} from './schema';

const WHERE = 'checkSchema';
const TYPES: readonly FieldRule['type'][] = ['categorical', 'numeric', 'multiValued', 'dateTime', 'hashed'];
const BUCKETINGS = ['spikes', 'quantiles', 'logSquared', 'edges'] as const;
const PARTS = ['hour', 'weekday', 'day', 'month', 'weekend'] as const;
const BASE = ['type', 'name', 'column', 'missing'];
const VOCABULARY = ['minCount', 'maxSize'];

type Json = Record<string, unknown>;

/**
 * Check a schema, such as one read from a file, and return it.
 * @param value what should be a `Schema`; it is not changed.
 * @throws AutofisError that names the path, e.g. `fields[3].minCount`, its rule and the received value.
 * @example
 * const schema = checkSchema(JSON.parse('{"version": 1, "label": {"column": "click"}, ' +
 *   '"fields": [{"type": "categorical", "name": "site", "column": "site_id", "minCount": 10}]}'));
 */
export function checkSchema(value: unknown): Schema {
  const schema = object('schema', value, '{version: 1, label, weight, fields}');
  checkKeys(WHERE, schema, ['version', 'label', 'weight', 'fields']);
  if (schema.version !== 1) {
    throw invalidArgument(
      WHERE,
      'version',
      'be 1, the only version that this library supports',
      schema.version,
      'A schema is the `schema` of what inferSchema gives, after `await`.',
    );
  }
  if (schema.label !== undefined) checkLabel(object('label', schema.label, '{column}'));
  if (schema.weight !== undefined) checkColumn('weight', object('weight', schema.weight, '{column}'), []);
  if (!Array.isArray(schema.fields) || schema.fields.length === 0) {
    throw invalidArgument(WHERE, 'fields', 'be a list of rules, one for each field', schema.fields);
  }
  const names = new Set<unknown>();
  schema.fields.forEach((rule: unknown, i) => {
    checkRule(`fields[${i}]`, object(`fields[${i}]`, rule, 'a rule such as {type: "categorical", name, column}'));
    const {name} = rule as FieldRule;
    if (names.has(name)) throw new AutofisError(`${WHERE}: two fields are called ${JSON.stringify(name)}. Rename one.`);
    names.add(name);
  });
  return value as Schema;
}

/** Check the label, or another role of a column, whose other keys are these. */
function checkColumn(role: string, rule: Json, keys: string[]): void {
  checkKeys(`${WHERE}: \`${role}\``, rule, ['column', ...keys]);
  checkText(`${role}.column`, rule.column);
}

function checkLabel(label: Json): void {
  if (label.comparison !== undefined || label.threshold !== undefined) {
    checkColumn('label', label, ['comparison', 'threshold']);
    choice('label.comparison', label.comparison, COMPARISONS);
    if (!Number.isFinite(label.threshold))
      throw invalidArgument(WHERE, 'label.threshold', 'be a finite number', label.threshold);
    return;
  }
  if (label.positive === undefined && label.negative === undefined) return checkColumn('label', label, []);
  checkColumn('label', label, ['positive', 'negative']);
  const [positive, negative] = (['positive', 'negative'] as const).map(key => {
    const values = label[key];
    if (
      !Array.isArray(values) ||
      values.length === 0 ||
      values.some(value => typeof value !== 'string' || value === '')
    ) {
      throw invalidArgument(WHERE, `label.${key}`, 'be a list of non-empty values', values);
    }
    return values as string[];
  });
  const both = positive.find(value => negative.includes(value));
  if (both !== undefined) throw invalidArgument(WHERE, 'label.negative', 'not hold a value of `label.positive`', both);
}

function checkRule(at: string, rule: Json): void {
  choice(`${at}.type`, rule.type, TYPES);
  checkText(`${at}.name`, rule.name);
  checkText(`${at}.column`, rule.column);
  if (
    rule.missing !== undefined &&
    !(Array.isArray(rule.missing) && rule.missing.every(text => typeof text === 'string'))
  ) {
    throw invalidArgument(WHERE, `${at}.missing`, 'be a list of strings', rule.missing);
  }
  const keys = TYPE_KEYS[rule.type as FieldRule['type']](at, rule);
  checkKeys(`${WHERE}: \`${at}\``, rule, [...BASE, ...keys]);
}

/** Checks what only this type has; the names of its keys. */
const TYPE_KEYS: Record<FieldRule['type'], (at: string, rule: Json) => string[]> = {
  categorical: (at, rule) => vocabularyKeys(at, rule),
  numeric: (at, rule) => {
    if (rule.bucketing !== undefined) choice(`${at}.bucketing`, rule.bucketing, BUCKETINGS);
    if (rule.bucketing === 'logSquared') return ['bucketing', ...vocabularyKeys(at, rule)];
    if (rule.bucketing === 'edges') {
      checkEdges(`${at}.edges`, rule.edges);
      return ['bucketing', 'edges'];
    }
    if (rule.bucketing === 'quantiles' || rule.buckets !== undefined) integer(`${at}.buckets`, rule.buckets, 2, 65536);
    return ['bucketing', 'buckets'];
  },
  multiValued: (at, rule) => {
    checkText(`${at}.separator`, rule.separator);
    integer(`${at}.width`, rule.width, 1, 65536);
    if (rule.combiner !== undefined) choice(`${at}.combiner`, rule.combiner, ['mean', 'sum']);
    return ['separator', 'width', 'combiner', ...vocabularyKeys(at, rule)];
  },
  dateTime: (at, rule) => {
    choice(`${at}.part`, rule.part, PARTS);
    if (rule.format !== undefined) {
      checkText(`${at}.format`, rule.format);
      dateFormat(`${WHERE}: \`${at}.format\``, rule.format, rule.part);
    }
    return ['format', 'part'];
  },
  hashed: (at, rule) => {
    integer(`${at}.buckets`, rule.buckets, 1, 2 ** 31 - 2);
    if (rule.seed !== undefined) integer(`${at}.seed`, rule.seed, 0, 2 ** 32 - 1);
    return ['buckets', 'seed'];
  },
};

function vocabularyKeys(at: string, rule: Json): string[] {
  if (rule.minCount !== undefined) integer(`${at}.minCount`, rule.minCount, 1);
  if (rule.maxSize !== undefined) integer(`${at}.maxSize`, rule.maxSize, 3);
  return VOCABULARY;
}

/** Check that `edges` are rising finite numbers, at least one. */
export function checkEdges(at: string, edges: unknown): asserts edges is number[] {
  const holds =
    Array.isArray(edges) &&
    edges.length > 0 &&
    edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]));
  if (!holds) throw invalidArgument(WHERE, at, 'be a list of ascending finite numbers', edges);
}

function integer(at: string, value: unknown, least: number, most?: number): void {
  if (most === undefined) return checkInteger(WHERE, at, value, least);
  checkNumber(WHERE, at, value, `[${least}, ${most}]`);
  checkInteger(WHERE, at, value, least);
}

function choice<T>(at: string, value: unknown, choices: readonly T[]): void {
  checkChoice(WHERE, at, value, choices);
}

function checkText(at: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') throw invalidArgument(WHERE, at, 'be a non-empty string', value);
}

function object(at: string, value: unknown, form: string): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalidArgument(WHERE, at, `be ${form}`, value);
  return value as Json;
}
