import {checkChoice, checkInteger, checkKeys, checkNumber, checkThat} from '../checks';
import {AutofisError} from '../errors';
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
  const {version, label, weight, fields} = object('schema', value, '{version: 1, label, weight, fields}');
  checkKeys(WHERE, value as Json, ['version', 'label', 'weight', 'fields']);
  const cure = 'A schema is the `schema` of what inferSchema gives, after `await`.';
  check(version === 1, 'version', 'be 1, the only version that this library supports', version, cure);
  if (label !== undefined) checkLabel(object('label', label, '{column}'));
  if (weight !== undefined) checkColumn('weight', object('weight', weight, '{column}'), []);
  check(isFilled(fields), 'fields', 'be a list of rules, one for each field', fields);
  const names = new Set<unknown>();
  fields.forEach((field, i) => {
    const rule = object(`fields[${i}]`, field, 'a rule such as {type: "categorical", name, column}');
    checkRule(`fields[${i}]`, rule);
    if (names.has(rule.name))
      throw new AutofisError(`${WHERE}: two fields are called ${JSON.stringify(rule.name)}. Rename one.`);
    names.add(rule.name);
  });
  return value as Schema;
}

function check(holds: boolean, at: string, rule: string, received: unknown, cure?: string): asserts holds {
  checkThat(holds, WHERE, at, rule, received, cure);
}

const isFilled = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Check the label, or another role of a column, whose other keys are these. */
function checkColumn(role: string, rule: Json, keys: string[]): void {
  checkKeys(`${WHERE}: \`${role}\``, rule, ['column', ...keys]);
  checkText(`${role}.column`, rule.column);
}

function checkLabel(label: Json): void {
  const {comparison, threshold, positive, negative} = label;
  if (comparison !== undefined || threshold !== undefined) {
    checkColumn('label', label, ['comparison', 'threshold']);
    checkChoice(WHERE, 'label.comparison', comparison, COMPARISONS);
    check(Number.isFinite(threshold), 'label.threshold', 'be a finite number', threshold);
    return;
  }
  if (positive === undefined && negative === undefined) return checkColumn('label', label, []);
  checkColumn('label', label, ['positive', 'negative']);
  for (const [key, values] of Object.entries({positive, negative}))
    check(isFilled(values) && values.every(isText), `label.${key}`, 'be a list of non-empty values', values);
  const both = (positive as string[]).find(value => (negative as string[]).includes(value));
  check(both === undefined, 'label.negative', 'not hold a value of `label.positive`', both);
}

function checkRule(at: string, rule: Json): void {
  checkChoice(WHERE, `${at}.type`, rule.type, TYPES);
  checkText(`${at}.name`, rule.name);
  checkText(`${at}.column`, rule.column);
  const {missing = []} = rule;
  const areTexts = Array.isArray(missing) && missing.every(text => typeof text === 'string');
  check(areTexts, `${at}.missing`, 'be a list of strings', missing);
  const keys = TYPE_KEYS[rule.type](at, rule);
  checkKeys(`${WHERE}: \`${at}\``, rule, [...BASE, ...keys]);
}

/** Checks what only this type has; the names of its keys. */
const TYPE_KEYS: Record<FieldRule['type'], (at: string, rule: Json) => string[]> = {
  categorical: vocabularyKeys,
  numeric: (at, rule) => {
    if (rule.bucketing !== undefined) checkChoice(WHERE, `${at}.bucketing`, rule.bucketing, BUCKETINGS);
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
    if (rule.combiner !== undefined) checkChoice(WHERE, `${at}.combiner`, rule.combiner, ['mean', 'sum']);
    return ['separator', 'width', 'combiner', ...vocabularyKeys(at, rule)];
  },
  dateTime: (at, rule) => {
    checkChoice(WHERE, `${at}.part`, rule.part, PARTS);
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
export function checkEdges(at: string, edges: unknown): void {
  const isRising = (edge: number, i: number, all: number[]) => Number.isFinite(edge) && (i === 0 || edge > all[i - 1]);
  const areRising = isFilled(edges) && (edges as number[]).every(isRising);
  check(areRising, at, 'be a list of ascending finite numbers', edges);
}

function integer(at: string, value: unknown, least: number, most?: number): void {
  if (most !== undefined) checkNumber(WHERE, at, value, `[${least}, ${most}]`);
  checkInteger(WHERE, at, value, least);
}

function checkText(at: string, value: unknown): asserts value is string {
  check(isText(value), at, 'be a non-empty string', value);
}

function object(at: string, value: unknown, form: string): Json {
  check(value !== null && typeof value === 'object' && !Array.isArray(value), at, `be ${form}`, value);
  return value as Json;
}
