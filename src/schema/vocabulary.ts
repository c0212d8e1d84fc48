import type {FieldSpec} from '../../layers/field_layout';
import {checkInteger, checkNumber, checkThat} from '../checks';
import {AutofisError} from '../errors';
import {checkEdges, checkSchema} from './check_schema';
import {PART_SIZE} from './rules/date_format';
import {FIRST, MISSING, UNSEEN} from './rules/rule';
import type {FieldRule, Schema} from './schema';
import {sha256} from './sha256';

/** Ids of one field, as fitted on the training rows. */
export interface FittedField {
  name: string;
  /** Number of ids, those for missing and unseen included. */
  size: number;
  missingId: number;
  /** Absent where every value has an id: buckets, dates, hashes. */
  unseenId?: number;
  /** The values with ids of their own, in the order of the ids, the first of which is 2. */
  values?: string[];
  /** Edges of the buckets of a numeric field. */
  edges?: number[];
  /**
   * Shares of the training rows, 0 to 1, with a missing and with an unseen (too rare) value: what drift is measured
   * against.
   */
  training: {missing: number; unseen: number};
}

/** A schema with its vocabularies: everything that turns raw rows into ids. Plain JSON. */
export interface FittedSchema {
  version: 1;
  schema: Schema;
  /** Training rows that it was fitted on. */
  rows: number;
  /** In the order of `schema.fields`. */
  fields: FittedField[];
}

/** Tell whether a fitted field of the rule lists its values. */
export function hasVocabulary(rule: FieldRule): boolean {
  return (
    rule.type === 'categorical' ||
    rule.type === 'multiValued' ||
    (rule.type === 'numeric' && rule.bucketing === 'logSquared')
  );
}

/** A fitted field from what was counted: `values` by falling count for rules with a vocabulary, `edges` for buckets. */
export function fittedField(
  rule: FieldRule,
  training: FittedField['training'],
  found: {values?: string[]; edges?: number[]} = {},
): FittedField {
  const {name} = rule;
  if (hasVocabulary(rule)) {
    const values = found.values ?? [];
    return {name, size: FIRST + values.length, missingId: MISSING, unseenId: UNSEEN, values, training};
  }
  if (rule.type === 'numeric') {
    const edges = rule.bucketing === 'edges' ? rule.edges : (found.edges ?? []);
    return {name, size: edges.length + 2, missingId: MISSING, edges, training};
  }
  const buckets = rule.type === 'hashed' ? rule.buckets : 0;
  const size = rule.type === 'dateTime' ? PART_SIZE[rule.part] : buckets;
  return {name, size: 1 + size, missingId: MISSING, training};
}

/** The fields as `FieldEmbedding` takes them. */
export function fieldSpecs({schema, fields}: FittedSchema): FieldSpec[] {
  return fields.map(({name, size}, i) => {
    const rule = schema.fields[i];
    if (rule.type === 'multiValued') return {name, size, width: rule.width, combiner: rule.combiner ?? 'mean'};
    return rule.type === 'numeric' && rule.bucketing !== 'logSquared' ? {name, size, ordered: true} : {name, size};
  });
}

/**
 * Check a fitted schema, such as one read from schema.json, and return it.
 * @throws AutofisError that names what is wrong in it.
 */
export function checkFitted(value: unknown): FittedSchema {
  const where = 'checkFitted';
  const fitted = value as FittedSchema;
  const isFitted = fitted?.version === 1 && Array.isArray(fitted.fields);
  const cure = 'It is the `fitted` of what `prepare` gives, after `await`.';
  checkThat(isFitted, where, 'fitted', 'be a fitted schema {version: 1, schema, rows, fields}', value, cure);
  const schema = checkSchema(fitted.schema);
  checkInteger(where, 'rows', fitted.rows, 0);
  const [{length}, needed] = [fitted.fields, schema.fields.length];
  checkThat(length === needed, where, 'fields', `have one entry for each of the schema's ${needed} fields`, length);
  fitted.fields.forEach((field, i) => {
    const rule = schema.fields[i];
    const at = `fields[${i}]`;
    const name = `be ${JSON.stringify(rule.name)}, as in the schema`;
    checkThat(field?.name === rule.name, where, `${at}.name`, name, field?.name);
    checkNumber(where, `${at}.training.missing`, field.training?.missing, '[0, 1]');
    checkNumber(where, `${at}.training.unseen`, field.training?.unseen, '[0, 1]');
    if (hasVocabulary(rule)) checkValues(`${where}: \`${at}.values\``, field.values);
    if (rule.type === 'numeric' && field.edges?.length) checkEdges(`${at}.edges`, field.edges);
    const expected = fittedField(rule, field.training, field);
    for (const key of ['size', 'missingId', 'unseenId'] as const) {
      const size = `be ${expected[key]}, by the rule and the values of the field`;
      checkThat(field[key] === expected[key], where, `${at}.${key}`, size, field[key]);
    }
  });
  return fitted;
}

function checkValues(where: string, values: unknown): void {
  if (!Array.isArray(values))
    throw new AutofisError(`${where} must be the list of the field's values. Received: ${typeof values}.`);
  const seen = new Set<unknown>();
  for (const value of values) {
    if (typeof value !== 'string')
      throw new AutofisError(`${where} must be strings. Received: ${JSON.stringify(value)}.`);
    if (seen.has(value)) throw new AutofisError(`${where} has ${JSON.stringify(value)} twice. Each value has one id.`);
    seen.add(value);
  }
}

/**
 * SHA-256 of the fitted schema, in hexadecimal, whatever the order of its keys: shards, bundles and models that belong
 * together have the same.
 */
export function schemaHash(fitted: FittedSchema): string {
  return sha256(canonical(fitted));
}

const PIECE = 4096;

/** JSON with sorted keys, in pieces: a vocabulary may be longer than the longest string. */
function* canonical(value: unknown): Iterable<string> {
  if (value === null || typeof value !== 'object') {
    yield JSON.stringify(value);
  } else if (Array.isArray(value) && typeof value[0] === 'string') {
    // The values of a vocabulary: as few pieces as can be held.
    for (let i = 0; i < value.length; i += PIECE)
      yield (i === 0 ? '[' : ',') + JSON.stringify(value.slice(i, i + PIECE)).slice(1, -1);
    yield ']';
  } else if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) {
      yield i === 0 ? '[' : ',';
      yield* canonical(entry);
    }
    yield value.length === 0 ? '[]' : ']';
  } else {
    const entries = Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [i, [key, entry]] of entries.entries()) {
      yield `${i === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      yield* canonical(entry);
    }
    yield entries.length === 0 ? '{}' : '}';
  }
}
