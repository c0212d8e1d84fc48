import type {LogitShares} from '../../../src/bundle/logit_shares';
import type {Interaction} from '../../../src/interactions';

/** Logits of rows by interaction: logit_i = base_i + sum_p parts_ip. */
export interface InteractionShares {
  /** The model's interactions: pairs, then larger sets. */
  interactions: readonly Interaction[];
  /** [n, P], row-major. */
  parts: Float32Array;
  /** Intercept and shares of single fields: [n]. */
  base: Float32Array;
}

/** Take the logits of rows of ids apart by interaction. */
export async function interactionShares(explained: LogitShares, ids: Int32Array): Promise<InteractionShares> {
  const {logits, intercept, shares} = await explained.of(ids);
  const {terms} = explained;
  const interactions = terms.filter(term => term.length > 1);
  const [all, count] = [terms.length, interactions.length];
  const base = logits.map((_, i) => shares.subarray(i * all, (i + 1) * all - count).reduce((a, b) => a + b, intercept));
  const parts = new Float32Array(logits.length * count);
  base.forEach((_, i) => parts.set(shares.subarray((i + 1) * all - count, (i + 1) * all), i * count));
  return {interactions, parts, base};
}
