import type * as tfl from '@tensorflow/tfjs-layers';
import {logloss} from '../metrics/logloss';
import {loglossDifference} from '../metrics/logloss_difference';
import type {SelectedInteraction, Selection} from '../stages/selection';
import {LabeledRows, labelsOf, weightsOf} from '../training/rows';
import {garrote, gatedLogits, GarroteRows} from './garrote';
import type {HeldOutParts} from './held_out_parts';
import {modelProducts} from './model_products';
import {calibrated, recalibrate} from './recalibrate';
import {PairGain, pairGains, rowsAt, stability} from './stability';

/** Gates at one penalty, as V2 sees them. */
export interface PathPoint {
  lambda: number;
  open: number;
  /** In the order of the base's `all`, six digits; 0 is closed. */
  alpha: number[];
  /** Of the base model under these gates, calibrated, on V2. */
  logloss: number;
  /** Logloss less that of the best point, and its standard error over rows. */
  behind: {difference: number; standardError: number};
}

/** One interaction under the gates. */
export interface GateRecord extends Pick<SelectedInteraction, 'fields' | 'gate' | 'order' | 'interaction'> {
  /** At the chosen penalty; 0 is closed. */
  alpha: number;
  /** Half-samples of V1 whose gates keep it, and all of them. */
  stability: {kept: number; samples: number};
  /** What it adds on V2. */
  held: PairGain;
}

/** The non-negative garrote on one base model; plain JSON. */
export interface Gates {
  /** The base model's candidate, by name. */
  base: string;
  path: PathPoint[];
  /** Position of the chosen point. */
  chosen: number;
  /** In the order of the base's `all`. */
  interactions: GateRecord[];
  /** Sets that are worth a retrain, the chosen one first: positions in the base's `all`. */
  sets: number[][];
}

/** Numbers that the gates are fitted to at most: of more rows a seeded part is taken. */
const MOST_PRODUCTS = 4_000_000;
/** Of the half-samples for stability. */
const MOST_SAMPLED = 1_000_000;
const HALF_SAMPLES = 20;

/**
 * Fits gates to a base model: on V1 by the garrote along a path of penalties, of which V2 chooses the largest that it
 * cannot tell from the best one.
 *
 * @param model The base: all interactions of its form, trained on the training rows.
 * @param all The interactions of its products, in order.
 */
export function fitGates(
  model: tfl.LayersModel,
  {parts: {gates, choice}, ...own}: {base: string; all: Selection; parts: HeldOutParts; seed: number},
): Gates {
  return gatesOf(productsOf(model, gates), productsOf(model, choice), own);
}

/**
 * The same on products that are at hand.
 *
 * @param learnt V1, which gates are fitted to.
 * @param held V2, which chooses the penalty.
 * @param all The interactions of the columns, in order.
 */
export function gatesOf(
  learnt: GarroteRows,
  held: GarroteRows,
  {base, all, seed}: {base: string; all: Selection; seed: number},
): Gates {
  const fitted = thinned(learnt, MOST_PRODUCTS);
  const fits = garrote(fitted);
  const probabilities = fits.map(fit => {
    const logits = gatedLogits(held, fit);
    return calibrated(logits, recalibrate(held.labels, logits, held.weights));
  });
  const least = probabilities.reduce(
    (best, p, i) => (loglossDifference(held.labels, p, probabilities[best], held.weights).difference < 0 ? i : best),
    0,
  );
  const path = fits.map(({lambda, alpha}, i): PathPoint => ({
    lambda,
    open: alpha.filter(a => a > 0).length,
    alpha: Array.from(alpha, a => Number(a.toPrecision(6))),
    logloss: logloss(held.labels, probabilities[i], undefined, held.weights),
    behind: loglossDifference(held.labels, probabilities[i], probabilities[least], held.weights),
  }));
  const enough = path.map(({behind: {difference, standardError}}) => difference <= standardError);
  const chosen = enough.lastIndexOf(true);
  const {alpha, intercept} = fits[chosen];
  const kept = stability(thinned(fitted, MOST_SAMPLED), fits[chosen].lambda, {
    samples: HALF_SAMPLES,
    seed,
    start: fits[chosen],
  });
  const gains = pairGains(held, {alpha, intercept});
  const openOf = (i: number) => [...fits[i].alpha.keys()].filter(p => fits[i].alpha[p] > 0);
  const shorter = path.findIndex(({open}, i) => i > chosen && open > 0 && open <= 0.75 * path[chosen].open);
  return {
    base,
    path,
    chosen,
    interactions: all.map(({fields, gate, order, interaction}, p) => ({
      fields,
      gate,
      order,
      interaction,
      alpha: alpha[p],
      stability: {kept: Math.round(kept[p] * HALF_SAMPLES), samples: HALF_SAMPLES},
      held: gains[p],
    })),
    sets: [chosen, ...(shorter < 0 ? [] : [shorter])].map(openOf).filter(set => set.length > 0),
  };
}

/** Gates in the order of V2: those with the lowest logloss at their chosen penalty first. */
export function byLoss(gates: readonly Gates[]): Gates[] {
  const loss = ({path, chosen}: Gates) => path[chosen].logloss;
  return [...gates].sort((a, b) => loss(a) - loss(b));
}

/**
 * The gates that left a selection open: the first in the order of V2 of which it is a set; for a selection of all
 * interactions, or of none, those that V2 prefers.
 */
export function gatesBehind(gates: readonly Gates[], selection: Selection): Gates {
  const kept = new Set(selection.map(pathOf));
  const isOf = ({interactions, sets}: Gates) =>
    sets.some(set => set.length === kept.size && set.every(p => kept.has(pathOf(interactions[p]))));
  const ordered = byLoss(gates);
  return ordered.find(isOf) ?? ordered[0];
}

const pathOf = ({gate, interaction}: Pick<GateRecord, 'gate' | 'interaction'>) => `${gate}:${interaction}`;

/** Interactions of a set, with alpha as the gates have it, the largest first. */
export function selectionOfSet(all: Selection, {interactions}: Gates, set: readonly number[]): Selection {
  return set
    .map(p => ({...all[p], alpha: interactions[p].alpha > 0 ? interactions[p].alpha : 1}))
    .sort((a, b) => b.alpha - a.alpha)
    .map((selected, i) => ({...selected, rank: i + 1}));
}

/** A model's products for rows, as gates are fitted to them. */
export function productsOf(model: tfl.LayersModel, rows: LabeledRows): GarroteRows {
  const weights = weightsOf(rows);
  return {...modelProducts(model, rows.xs), labels: labelsOf(rows), ...(weights === undefined ? {} : {weights})};
}

/** Every k-th row, so that no more than `most` products are left; the rows are in an order of chance already. */
function thinned(rows: GarroteRows, most: number): GarroteRows {
  const every = Math.ceil(rows.products.length / most);
  if (every <= 1) return rows;
  return rowsAt(
    rows,
    Int32Array.from({length: Math.ceil(rows.base.length / every)}, (_, i) => i * every),
  );
}
