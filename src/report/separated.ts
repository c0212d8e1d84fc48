/** How an exact logloss of 0 is shown, with four digits. */
const SHOWN_AS_ZERO = 0.00005;

/**
 * Which scores on V2 say nothing: calibration has no bound where a model tells apart all rows of V2, so that the
 * logloss is 0; with an AUC below 0.5 it even turned the model around, as only few rows allow.
 */
export function meaningless({auc, logloss}: {auc: number; logloss: number}): {auc: boolean; logloss: boolean} {
  const separated = logloss < SHOWN_AS_ZERO;
  return {auc: separated && auc < 0.5, logloss: separated};
}
