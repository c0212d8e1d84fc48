import {checkChoice} from './checks';
import {AutofisError, invalidArgument} from './errors';

/** Field positions of one interaction, ascending: [i, j] or [i, j, k], counted from 0. */
export type Interaction = number[];

/** Numbers of fields that an interaction may join: 2 or 3 in a gate, up to 4 in memorised crosses. */
export const ORDERS = [2, 3, 4] as const;
export type Order = (typeof ORDERS)[number];

/** Tell whether a value is a number of fields that an interaction may join. */
export function isOrder(value: unknown): value is Order {
  return ORDERS.includes(value as Order);
}

/**
 * Every interaction of m fields, in the order of Python's itertools.combinations:
 * (0,1), (0,2), ..., (0,m-1), (1,2), ... This order is that of alpha everywhere.
 *
 * @throws AutofisError unless `order` is 2, 3 or 4.
 */
export function allInteractions(m: number, order: Order): Interaction[] {
  checkChoice('allInteractions', 'order', order, ORDERS);
  const fields = [...Array(m).keys()];
  let all: Interaction[] = [[]];
  for (let k = 0; k < order; k++)
    all = all.flatMap(chosen => fields.slice((chosen.at(-1) ?? -1) + 1).map(f => [...chosen, f]));
  return all;
}

/** The two fields of every pair, as columns. */
export interface PairSides {
  left: Int32Array;
  right: Int32Array;
}

/** The pairs of m fields in the order of `allInteractions`, as columns. */
export function pairSides(m: number): PairSides {
  const pairs = allInteractions(m, 2);
  return {left: Int32Array.from(pairs, ([i]) => i), right: Int32Array.from(pairs, ([, j]) => j)};
}

/** Compare two interactions of the same order by their positions, first field first. */
export function compareInteractions(a: Interaction, b: Interaction): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}

/**
 * The given interactions in canonical form: fields ascending, list in the order of `allInteractions`.
 * @throws AutofisError when one has the wrong number of fields, names a field twice or an unknown one, or when two are
 * equal.
 */
export function canonicalInteractions(
  where: string,
  interactions: readonly (readonly number[])[],
  m: number,
  order: Order,
): Interaction[] {
  if (!Array.isArray(interactions)) {
    throw invalidArgument(where, 'interactions', 'be a list of field positions such as [[0, 1], [0, 2]]', interactions);
  }
  const result = interactions
    .map(interaction => {
      const sorted = Array.isArray(interaction) ? [...interaction].sort((a, b) => a - b) : [];
      const valid =
        sorted.length === order &&
        sorted.every((f, i) => Number.isInteger(f) && f >= 0 && f < m && (i === 0 || f !== sorted[i - 1]));
      if (!valid) {
        const rule = `hold ${order} different field positions from 0 to ${m - 1} each`;
        const cure = `The input has ${m} fields and the layer is of order ${order}.`;
        throw invalidArgument(where, 'interactions', rule, interaction, cure);
      }
      return sorted;
    })
    .sort(compareInteractions);
  result.forEach((interaction, i) => {
    if (i > 0 && compareInteractions(interaction, result[i - 1]) === 0) {
      throw new AutofisError(`${where}: \`interactions\` holds [${interaction}] twice. Remove one.`);
    }
  });
  return result;
}

/** The name people read: "hour x origin". */
export function interactionName(fields: readonly string[]): string {
  return fields.join(' x ');
}
