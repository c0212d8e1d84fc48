import type {GrdaPlan} from './grda_plan';

/** Fewer steps than this, and embeddings and alpha have hardly learnt. */
const LEAST_STEPS = 300;

/** Warn of a search that is too short to trust; null where it is long enough or its length is unknown. */
export function fewSteps(total: number | null): string | null {
  if (total === null || total >= LEAST_STEPS) return null;
  return (
    `the search has ${total} steps. Below ${LEAST_STEPS} the selection ` +
    'mostly follows the start values and is unreliable; 1,000 or more are good. ' +
    'Use more epochs or smaller batches.'
  );
}

/**
 * Warn of a threshold that closed every gate or none, or of a training that ended before the threshold was high enough;
 * null otherwise.
 */
export function ending({
  open,
  total,
  made,
  announced,
  threshold,
  plan: {c, mu},
}: {
  open: number;
  total: number;
  /** Steps of the training, and how many `fit` announced; 0 where it did not. */
  made: number;
  announced: number;
  threshold: number;
  plan: GrdaPlan;
}): string | null {
  const reached = threshold.toPrecision(3);
  const constants = `\`c\` (${c}) or \`mu\` (${mu})`;
  if (open === 0) {
    return `all ${total} gates are closed; the threshold reached ${reached}. Search again with a smaller ${constants}.`;
  }
  if (made < announced) {
    return (
      `the training ended after ${made} of ${announced} steps, when the threshold was only ${reached}: gates are ` +
      'open that the rest of the search might have closed. Search again without what ended it, such as `earlyStopping`.'
    );
  }
  if (open < total) return null;
  return (
    `none of the ${total} gates closed; the threshold reached only ${reached}. ` +
    `Search again with a larger ${constants}.`
  );
}
