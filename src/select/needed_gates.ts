import {logitLoss} from '../logistic';
import {INTERVAL, meanOfRows} from '../statistics';
import {gatedLogits, type GarroteFit} from '../decision/garrote';
import type {GarroteRows} from '../decision/gated_loss';

/** Of what open gates save together, the share that those closed may have saved. */
const HARDLY = 0.01;

/**
 * The open gates that are left when those are closed which, as rows that they did not learn from show, save hardly
 * anything: together less than 1 % of what all save, by the upper end of the 95 % interval. So where rows are few, all
 * stay. One after another, the gate that saves least beside those left is closed: of two that say the same one stays,
 * though neither saves much beside the other.
 *
 * A model that is trained without a product has another intercept: a closed gate leaves the mean of its product.
 *
 * @param rows What no gate learnt from: products [rows, gates], the logit without them, and labels.
 * @param fit Gates at one penalty ({@link garrote}).
 * @returns Whether each gate is left; false for those that were closed before.
 */
export function neededGates(rows: GarroteRows, fit: Pick<GarroteFit, 'alpha' | 'intercept'>): boolean[] {
  const {labels, weights} = rows;
  const added = Array.from(fit.alpha, (alpha, p) => (alpha > 0 ? deviations(rows, alpha, p) : null));
  const open = new Set([...added.keys()].filter(p => added[p] !== null));
  const close = (logits: Float64Array, p: number) => logits.map((z, i) => z - added[p]![i]);
  const whole = Float64Array.from(gatedLogits(rows, fit));
  const losses = whole.map((z, i) => logitLoss(z, labels[i]));
  /** What logits lose beside all open gates. */
  const lost = (logits: Float64Array) =>
    meanOfRows(
      logits.map((z, i) => logitLoss(z, labels[i]) - losses[i]),
      weights,
    );
  const most = HARDLY * Math.max(0, lost([...open].reduce(close, whole)).mean);
  for (let logits = whole; open.size > 0;) {
    const each = [...open].map(p => {
      const left = close(logits, p);
      return {p, left, ...lost(left)};
    });
    const {p, left, mean, error} = each.reduce((a, b) => (b.mean < a.mean ? b : a));
    if (mean + INTERVAL * error > most) break;
    logits = left;
    open.delete(p);
  }
  return added.map((_, p) => open.has(p));
}

/** What the gate of an interaction adds to the logit of each row, less its mean. */
function deviations({products, base, weights}: GarroteRows, alpha: number, p: number): Float64Array {
  const count = products.length / base.length;
  const added = Float64Array.from(base, (_, i) => alpha * products[i * count + p]);
  const {mean} = meanOfRows(added, weights);
  return added.map(each => each - mean);
}
