import type {GrdaPlan} from './calibration';

/** Fewer steps of alpha than this, and the selection is mostly noise. */
const LEAST_STEPS = 300;

/**
 * Warn of a search too short for its selection to be trusted; null where it is long enough or its length is unknown.
 */
export function fewSteps({
  total,
  warmup,
  selects,
}: {
  total: number | null;
  warmup: number;
  /** Whether there is a selection to be doubted: none where all interactions are kept, or in a plain training. */
  selects: boolean;
}): string | null {
  if (total === null || !selects) return null;
  const active = total - warmup;
  if (active >= LEAST_STEPS) return null;
  return (
    `the search has ${active} steps of alpha (${total} in all). Below ${LEAST_STEPS} the selection ` +
    'mostly follows the start values and is unreliable; 1,000 or more are good. ' +
    'Use more epochs or smaller batches.'
  );
}

/** The options that set a search's threshold, with their values; `strength` is null where c was given. */
export function cureBy({c, mu}: GrdaPlan, strength: number | undefined | null): string {
  return strength === null ? `\`c\` (${c}) or \`mu\` (${mu})` : `\`strength\` (${strength ?? 1})`;
}

/**
 * Warn of a threshold that closed every gate or none, or of a training that ended before the threshold was high enough;
 * null otherwise. `cure` names the option to change.
 */
export function ending({
  open,
  total,
  made,
  announced,
  threshold,
  cure,
}: {
  open: number;
  total: number;
  /** Steps of the training, and how many `fit` announced; 0 where it did not. */
  made: number;
  announced: number;
  threshold: number;
  cure: string;
}): string | null {
  const reached = threshold.toPrecision(3);
  if (open === 0) {
    return `all ${total} gates are closed; the threshold reached ${reached}. Search again with a smaller ${cure}.`;
  }
  if (made < announced) {
    return (
      `the training ended after ${made} of ${announced} steps, when the threshold was only ${reached}: gates are ` +
      'open that the rest of the search might have closed. Search again without what ended it, such as `earlyStopping`.'
    );
  }
  if (open < total) return null;
  return (
    `none of the ${total} gates closed; the threshold reached only ${reached}. ` + `Search again with a larger ${cure}.`
  );
}
