import {MONTHS, WEEKDAYS} from './calendar';
import type {DatePart, DateTimeRule, FieldRule} from './schema';
import type {FittedField, FittedSchema} from './vocabulary';

/** Return readable names of each field's values, by id. */
export function valueNames({schema, fields}: FittedSchema): Array<Array<string | undefined>> {
  return fields.map((field, f) => {
    const names = Array.from({length: field.size}, (_, id) => nameOf(schema.fields[f], field, id));
    names[field.missingId] = 'missing';
    if (field.unseenId !== undefined) names[field.unseenId] = 'rare';
    return names;
  });
}

function nameOf(rule: FieldRule, {values, edges}: FittedField, id: number): string | undefined {
  if (values !== undefined) return values[id - 2];
  if (edges !== undefined) return areHalves(rule, edges) ? integerName(edges, id - 1) : bucketName(edges, id - 1);
  return rule.type === 'dateTime' ? partName(rule, id - 1) : undefined;
}

const PART_NAMES: Record<DatePart, (part: number) => string> = {
  weekday: part => WEEKDAYS[part],
  month: part => MONTHS[part],
  weekend: part => (part === 1 ? 'weekend' : 'working day'),
  day: part => `${part + 1}.`,
  hour: part => `${part}:00`,
};

/** Return the readable name of a part of a date, such as "Monday". */
export function partName(rule: DateTimeRule, part: number): string {
  return PART_NAMES[rule.part](part);
}

/** Bucket i holds edges[i - 1] <= x < edges[i]. */
function bucketName(edges: readonly number[], bucket: number): string {
  // Halfway between 0.1 and 0.2 is 0.15000000000000002.
  const edge = (i: number) => Number(edges[i].toPrecision(12));
  if (edges.length === 0) return 'any number';
  if (bucket <= 0) return `below ${edge(0)}`;
  return bucket < edges.length ? `${edge(bucket - 1)} to below ${edge(bucket)}` : `${edge(edges.length - 1)} or more`;
}

/** Tell whether edges lie halfway between whole numbers, as those of a column of whole numbers do. */
function areHalves(rule: FieldRule, edges: readonly number[]): boolean {
  const hasEdges = rule.type === 'numeric' && rule.bucketing === 'edges';
  const halves = edges.filter(edge => !Number.isInteger(edge)).length;
  return !hasEdges && halves >= 2 && edges.every(edge => Number.isInteger(2 * edge));
}

/** The whole numbers of a bucket, such as "1982" or "6 to 9". */
function integerName(edges: readonly number[], bucket: number): string {
  const last = bucket < edges.length ? Math.ceil(edges[bucket]) - 1 : null;
  if (bucket <= 0) return `at most ${last}`;
  const first = Math.ceil(edges[bucket - 1]);
  if (last === null) return `${first} or more`;
  return first === last ? `${first}` : `${first} to ${last}`;
}
