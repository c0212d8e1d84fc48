import {crossFit, type CrossFit, type FoldedRows} from './cross_fit';
import {lossDifference, meanLoss, rowLosses} from './row_losses';
import {SharedGates} from './shared_gates';

/** Penalties from "close all" to "keep nearly all". */
const LAMBDAS: readonly number[] = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];

/** The gates at one penalty, judged by rows that they did not learn from. */
export interface PathPoint {
  lambda: number;
  logloss: number;
  /** Logloss above the least of the path, with its standard error over rows. */
  behind: {difference: number; standardError: number};
}

/** The path until it clearly rises, the chosen point, and its gates of every fold. */
export function penaltyPath(rows: FoldedRows): {path: PathPoint[]; chosen: number; crossed: CrossFit} {
  const gates = new SharedGates(rows);
  const points: Array<{lambda: number; crossed: CrossFit; losses: Float64Array; loss: number}> = [];
  let [least, risen] = [0, 0];
  for (const lambda of LAMBDAS) {
    const crossed = crossFit(rows, {gates, lambda, starts: points.at(-1)?.crossed.fits});
    const losses = rowLosses(crossed.logits, rows);
    points.push({lambda, crossed, losses, loss: meanLoss(losses, rows)});
    // While every gate is closed the loss stays, and says nothing of smaller penalties.
    if (isClosed(crossed) || points[points.length - 1].loss < points[least].loss) least = points.length - 1;
    const {difference, standardError} = lossDifference(losses, points[least].losses, rows);
    risen = difference > standardError ? risen + 1 : 0;
    if (risen === 2) break;
  }
  const path = points.map(({lambda, losses, loss}): PathPoint => ({
    lambda,
    logloss: loss,
    behind: lossDifference(losses, points[least].losses, rows),
  }));
  const {difference, standardError} = path[0].behind;
  const chosen = isClosed(points[0].crossed) && difference <= standardError ? 0 : least;
  return {path, chosen, crossed: points[chosen].crossed};
}

function isClosed({fits}: CrossFit): boolean {
  return fits.every(({alpha}) => alpha.every(a => a === 0));
}
