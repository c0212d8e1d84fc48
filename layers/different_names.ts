import {invalidArgument} from '../src/errors';

/** The names of `fields`, which must be a list of {name}, all different. */
export function differentNames(where: string, fields: unknown): string[] {
  const names = Array.isArray(fields) ? fields.map(field => (field as {name?: unknown} | null)?.name) : [];
  if (names.length === 0 || names.some((name, i) => typeof name !== 'string' || names.indexOf(name) < i)) {
    throw invalidArgument(where, 'fields', 'be a list of {name}, all different', fields);
  }
  return names as string[];
}
