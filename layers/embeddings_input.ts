import {AutofisError} from '../src/errors';
import {checkThat} from '../src/checks';
import type {Shape} from './base_layer';

/** Check that a layer's input is [batch, m, d] with known m and d, and m at least `least`. */
export function checkEmbeddings(
  where: string,
  shape: Shape,
  least: number,
): asserts shape is [number | null, number, number] {
  if (shape.length !== 3 || shape[1] == null || shape[2] == null) {
    throw new AutofisError(
      `${where}: the input must be embeddings of shape [batch, fields, dimension]. Received shape: ` +
        `[${shape.map(n => n ?? 'null')}]. Put FieldEmbedding, or tf.layers.embedding with an inputLength, ` +
        'in front of it.',
    );
  }
  if (shape[1] < least) throw new AutofisError(`${where}: needs at least ${least} fields. Received: ${shape[1]}.`);
}

/** The number of fields that have `pairs` pairs, or null where there is no such number. */
function fieldsOfPairs(pairs: number): number | null {
  const m = Math.round((1 + Math.sqrt(1 + 8 * pairs)) / 2);
  return (m * (m - 1)) / 2 === pairs ? m : null;
}

/**
 * The number of fields of field-aware embeddings [batch, pairs, 2, dimension]: as many as `chosen` pairs name, or
 * as have all pairs where null.
 */
export function checkFieldAware(where: string, shape: Shape, chosen: readonly (readonly number[])[] | null): number {
  const [, pairs, sides, d] = shape;
  if (pairs == null || sides !== 2 || d == null) {
    throw new AutofisError(
      `${where}: field-aware embeddings must have the shape [batch, pairs, 2, dimension]. Received shape: ` +
        `[${shape.map(n => n ?? 'null')}]. Put FieldAwareEmbedding in front of it.`,
    );
  }
  const m = chosen === null ? fieldsOfPairs(pairs) : Math.max(0, ...chosen.flat()) + 1;
  // A layer that has no pair left reads nothing.
  if (m === null || (chosen !== null && chosen.length !== pairs && chosen.length > 0)) {
    throw new AutofisError(
      `${where}: \`interactions\` must be those of the FieldAwareEmbedding in front of it, which has ${pairs}. ` +
        `Received: ${chosen === null ? 'none, which stands for all pairs' : chosen.length}.`,
    );
  }
  return m;
}

/** The names of `fields`, which must be a list of {name}, all different. */
export function differentNames(where: string, fields: unknown): string[] {
  const names = Array.isArray(fields) ? fields.map(field => (field as {name?: unknown} | null)?.name) : [];
  const areDifferent = names.every((name, i) => typeof name === 'string' && names.indexOf(name) === i);
  checkThat(names.length > 0 && areDifferent, where, 'fields', 'be a list of {name}, all different', fields);
  return names as string[];
}
