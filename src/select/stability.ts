import {logitLoss} from '../logistic';
import {seededRandom, shuffle} from '../random';
import {INTERVAL, meanOfRows} from '../statistics';
import {garrote, gatedLogits, GarroteFit} from '../decision/garrote';
import type {GarroteRows} from '../decision/gated_loss';

export interface StabilityOptions {
  /** Half-samples; default 20. */
  samples?: number;
  seed: number;
  /** The fit on all rows, near which those on half of them are found soon. */
  start?: Pick<GarroteFit, 'alpha' | 'intercept'>;
}

/**
 * How often each gate stays open: in how many of a number of half-samples, drawn without replacement, the garrote at
 * the same lambda keeps the interaction (stability selection: Meinshausen and Buehlmann, JRSS B 2010).
 *
 * @param rows Those that the gates were fitted to, V1.
 * @returns Of each interaction the share of half-samples that keep it, in [0, 1].
 */
export function stability(
  rows: GarroteRows,
  lambda: number,
  {samples = 20, seed, start}: StabilityOptions,
): Float64Array {
  const random = seededRandom(seed);
  const count = rows.products.length / rows.base.length;
  const kept = new Float64Array(count);
  for (let s = 0; s < samples; s++) {
    const order = shuffle(
      Int32Array.from({length: rows.base.length}, (_, i) => i),
      random,
    );
    const [fit] = garrote(garroteRowsAt(rows, order.subarray(0, Math.ceil(order.length / 2))), {
      lambdas: [lambda],
      tolerance: 1e-4,
      ...(start === undefined ? {} : {start}),
    });
    fit.alpha.forEach((alpha, p) => {
      if (alpha > 0) kept[p] += 1 / samples;
    });
  }
  return kept;
}

/** What one interaction adds on held-out rows. */
export interface PairGain {
  /** Logloss without it less logloss with it; > 0 where it helps. */
  gain: number;
  /** Standard error of the gain over rows. */
  standardError: number;
}

/** The share of half-samples below which an interaction is uncertain. */
const SURE = 0.6;

/** Whether too few half-samples keep an interaction for it to be certain. */
export function isUnstable({kept, samples}: {kept: number; samples: number}): boolean {
  return kept < SURE * samples;
}

/** Whether the gain may be chance: its 95 % interval reaches down to 0. */
export function mayBeChance({gain, standardError}: PairGain): boolean {
  return gain <= INTERVAL * standardError;
}

/**
 * Whether an interaction is uncertain: fewer than 60 % of the half-samples of V1 keep it, or the 95 % interval of its
 * gain reaches down to 0. The half-samples share what chance has put into V1, so they alone say too little.
 */
export function isUncertain(evidence: PairGain & {stability: {kept: number; samples: number}}): boolean {
  return isUnstable(evidence.stability) || mayBeChance(evidence);
}

/**
 * The gain of each open gate on rows that no gate learnt from: how much the logloss rises where its product is taken
 * out and all else stays, the intercept included. 0 for closed gates.
 */
export function pairGains(rows: GarroteRows, fit: Pick<GarroteFit, 'alpha' | 'intercept'>): PairGain[] {
  const {products, labels, weights} = rows;
  const {alpha} = fit;
  const count = alpha.length;
  const logits = Array.from(gatedLogits(rows, fit));
  const own = logits.map((z, i) => logitLoss(z, labels[i]));
  return Array.from(alpha, (a, p) => {
    if (a === 0) return {gain: 0, standardError: 0};
    const gains = logits.map((z, i) => logitLoss(z - products[i * count + p] * a, labels[i]) - own[i]);
    const {mean, error} = meanOfRows(gains, weights);
    return {gain: mean, standardError: error};
  });
}

/** The rows at these places. */
export function garroteRowsAt({products, base, labels, weights}: GarroteRows, places: Int32Array): GarroteRows {
  const count = products.length / base.length;
  const own = new Float32Array(places.length * count);
  places.forEach((row, i) => own.set(products.subarray(row * count, (row + 1) * count), i * count));
  return {
    products: own,
    base: Float32Array.from(places, row => base[row]),
    labels: Float32Array.from(places, row => labels[row]),
    ...(weights === undefined ? {} : {weights: Float32Array.from(places, row => weights[row])}),
  };
}
