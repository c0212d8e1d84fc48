import {logloss} from '../metrics/logloss';
import {loglossDifference} from '../metrics/logloss_difference';
import type {GarroteFit} from '../decision/garrote';
import type {GarroteRows} from '../decision/gated_loss';
import {calibrated, recalibrate} from './recalibrate';

/** Gates at one penalty, as rows see them that they did not learn from. */
export interface PathPoint {
  lambda: number;
  open: number;
  /** In the order of the base's `all`, six digits; 0 is closed. */
  alpha: number[];
  /** Of the base model under these gates, calibrated. */
  logloss: number;
  /** Logloss less that of the best point, and its standard error over rows. */
  behind: {difference: number; standardError: number};
}

/**
 * The path of penalties, and the position of the largest that rows cannot tell from the best one.
 *
 * @param logits Of the rows under the gates at each penalty.
 */
export function penaltyPath(
  fits: readonly GarroteFit[],
  logits: readonly Float64Array[],
  {labels, weights}: Pick<GarroteRows, 'labels' | 'weights'>,
): {path: PathPoint[]; chosen: number} {
  const probabilities = logits.map(own => calibrated(own, recalibrate(labels, own, weights)));
  const least = probabilities.reduce(
    (best, p, i) => (loglossDifference(labels, p, probabilities[best], weights).difference < 0 ? i : best),
    0,
  );
  const path = fits.map(({lambda, alpha}, i): PathPoint => ({
    lambda,
    open: alpha.filter(a => a > 0).length,
    alpha: Array.from(alpha, a => Number(a.toPrecision(6))),
    logloss: logloss(labels, probabilities[i], undefined, weights),
    behind: loglossDifference(labels, probabilities[i], probabilities[least], weights),
  }));
  const enough = path.map(({behind: {difference, standardError}}) => difference <= standardError);
  return {path, chosen: enough.lastIndexOf(true)};
}
