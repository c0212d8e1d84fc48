import type {GatedLoss, LossState} from './gated_loss';

/** Options of the minimisation of loss + lambda sum_p alpha_p over 0 <= alpha <= most and b. */
export interface NewtonOptions {
  lambda: number;
  /** Upper bound of alpha. */
  most: number;
  /** Most steps. */
  steps: number;
  /** Largest violation of the optimality conditions at which the search ends. */
  tolerance: number;
}

/** Closed gates that one step opens at most, or as many as are open where these are more. */
const MOST_NEW = 16;
/** Passes over the coordinates of one step's quadratic at most: components of one interaction say nearly the same. */
const SWEEPS = 2000;
/** A matrix that still brings the violation down to this share is good enough for the next step. */
const GOOD = 0.5;

/**
 * Minimise a loss with a penalty by proximal Newton steps (Lee, Sun and Saunders, SIAM Journal on Optimization 2014):
 * each minimises the quadratic at the point, the penalty and the bounds included, by coordinate descent, and is
 * shortened until the target falls. Only gates that are open, and those closed ones that violate the conditions most,
 * take part in steps until these fulfil the conditions; the matrix of second derivatives stays while steps go well.
 *
 * @param start (alpha, b), 0 <= alpha <= most.
 * @returns The point: (alpha, b).
 */
export function minimise(loss: GatedLoss, start: Float64Array, options: NewtonOptions): Float64Array {
  const {steps, tolerance} = options;
  const point = start.slice();
  for (let k = 0; k < steps;) {
    const violations = violationsAt(point, loss.at(point), options);
    if (Math.max(...violations) <= tolerance) break;
    const gates = gatesToMove(point, violations);
    const entries = [...gates, loss.count];
    const from = Float64Array.from(entries, p => point[p]);
    const settled = settle(loss.among(gates), from, {...options, steps: steps - k});
    // Rounding hides what a step could still gain.
    if (settled.steps === 0) break;
    entries.forEach((p, j) => (point[p] = settled.point[j]));
    k += settled.steps;
  }
  return point;
}

/** Steps until a point fulfils the conditions. */
function settle(loss: GatedLoss, start: Float64Array, options: NewtonOptions): {point: Float64Array; steps: number} {
  const {steps, tolerance} = options;
  let point = start;
  let state = loss.at(point);
  let curvature: {matrix: Float64Array; of: LossState} | null = null;
  let last = Infinity;
  let k = 0;
  for (; k < steps; k++) {
    const worst = Math.max(...violationsAt(point, state, options));
    if (worst <= tolerance / 2) break;
    if (curvature === null || worst > GOOD * last) curvature = {matrix: loss.hessian(state.curvature), of: state};
    last = worst;
    const next = descend(loss, {point, state}, stepTarget(point, state, curvature.matrix, options), options.lambda);
    if (next !== null) ({point, state} = next);
    // The matrix may be of a point too far away.
    else if (curvature.of === state) break;
    else curvature = null;
  }
  return {point, steps: k};
}

/** Compute the violation of the optimality conditions by each entry, in units of the gradient. */
function violationsAt(point: Float64Array, {gradient}: LossState, {lambda, most}: NewtonOptions): Float64Array {
  const count = point.length - 1;
  return point.map((x, p) => {
    if (p === count) return Math.abs(gradient[p]);
    const slope = gradient[p] + lambda;
    if (x >= most) return Math.max(0, slope);
    return x > 0 ? Math.abs(slope) : Math.max(0, -slope);
  });
}

/** The open gates, and of the closed ones that would open those with the largest violations. */
function gatesToMove(point: Float64Array, violations: Float64Array): number[] {
  const gates = Array.from(point.keys()).slice(0, -1);
  const open = gates.filter(p => point[p] > 0);
  const closed = gates.filter(p => point[p] === 0 && violations[p] > 0);
  closed.sort((a, b) => violations[b] - violations[a]);
  return [...open, ...closed.slice(0, Math.max(MOST_NEW, open.length + 1))];
}

/** Where the quadratic at a point, with penalty and bounds, is least: coordinate descent. */
function stepTarget(
  point: Float64Array,
  {gradient}: LossState,
  matrix: Float64Array,
  {lambda, most, tolerance}: NewtonOptions,
): Float64Array {
  const size = point.length;
  const target = point.slice();
  const slopes = gradient.slice();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let worst = 0;
    for (let j = 0; j < size; j++) {
      const curvature = matrix[j * size + j];
      if (curvature <= 0) continue;
      const x = target[j];
      const isIntercept = j === size - 1;
      const next = isIntercept
        ? x - slopes[j] / curvature
        : Math.min(most, Math.max(0, x - (slopes[j] + lambda) / curvature));
      const moved = next - x;
      if (moved === 0) continue;
      target[j] = next;
      for (let k = 0, at = j * size; k < size; k++) slopes[k] += moved * matrix[at + k];
      worst = Math.max(worst, Math.abs(moved) * curvature);
    }
    // A tenth, so that what is left of the quadratic does not count against the step.
    if (worst <= tolerance / 10) break;
  }
  return target;
}

/** The longest step towards a target, of 1, 1/2, 1/4 ..., by which loss and penalty fall; null where none does. */
function descend(
  loss: GatedLoss,
  {point, state}: {point: Float64Array; state: LossState},
  target: Float64Array,
  lambda: number,
): {point: Float64Array; state: LossState} | null {
  const count = point.length - 1;
  const way = target.map((x, p) => x - point[p]);
  const penalty = lambda * way.subarray(0, count).reduce((sum, d) => sum + d, 0);
  const promised = way.reduce((sum, d, p) => sum + d * state.gradient[p], 0) + penalty;
  for (let share = 1; share > 1e-4; share /= 2) {
    const next = share === 1 ? target : point.map((x, p) => x + share * way[p]);
    const reached = loss.at(next);
    if (reached.loss + share * penalty <= state.loss + 1e-4 * share * promised) return {point: next, state: reached};
  }
  return null;
}
