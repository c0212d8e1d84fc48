/** How an exact logloss of 0 is shown, with four digits. */
const SHOWN_AS_ZERO = 0.00005;

/**
 * Whether scores on V2 say nothing: calibration has turned a model around that orders all rows of V2 the wrong way, so
 * that the logloss is 0. Only few rows allow that.
 */
export function areMeaningless({auc, logloss}: {auc: number; logloss: number}): boolean {
  return logloss < SHOWN_AS_ZERO && auc < 0.5;
}
