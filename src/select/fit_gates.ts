import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {keyOf, type SelectedInteraction, type Selection} from '../stages/selection';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {garrote, gatedLogits, GarroteFit} from '../decision/garrote';
import {type PathPoint, penaltyPath} from './gate_path';
import type {GarroteRows} from '../decision/gated_loss';
import type {HeldOutParts} from './held_out_parts';
import {modelProducts} from '../components/products/model_products';
import {neededGates} from './needed_gates';
import {PairGain, pairGains, garroteRowsAt, stability} from './stability';

/** One interaction under the gates at one penalty. */
export interface GateRecord extends Pick<SelectedInteraction, 'fields' | 'gate' | 'order' | 'interaction'> {
  /** 0 is closed. */
  alpha: number;
  /** Half-samples of V1 whose gates keep it, and all of them. */
  stability: {kept: number; samples: number};
  /** What it adds on V2. */
  held: PairGain;
  /** Whether it is open, and V2 does not show that it saves hardly anything ({@link neededGates}). */
  kept: boolean;
}

/** The gates at one penalty, and what rows say of each; plain JSON. */
export interface GateSet {
  /** Position of the penalty on the path. */
  point: number;
  /** In the order of the base's `all`. */
  interactions: GateRecord[];
}

/** The non-negative garrote on one base model; plain JSON. */
export interface Gates {
  /** The base model's candidate, by name. */
  base: string;
  /** The rows that chose the penalty and say what each interaction adds: V2, or in folds all training rows. */
  by: 'V2' | 'folds';
  path: PathPoint[];
  /** Position of the chosen point. */
  chosen: number;
  /** At the chosen penalty, and at the first larger one that leaves a clearly smaller set open. */
  sets: GateSet[];
}

/** Numbers that the gates are fitted to at most: of more rows a seeded part is taken. */
export const MOST_PRODUCTS = 4_000_000;
/** Of the half-samples for stability, and of the rows of V2 that say which gates are needed. */
export const MOST_SAMPLED = 1_000_000;
const HALF_SAMPLES = 20;
/** A set is clearly smaller than another with at most this share of its interactions. */
const SHORTER = 0.75;

/** What gates are fitted to: V1 teaches them, V2 chooses the penalty. */
export interface GateRows {
  learnt: GarroteRows;
  held: GarroteRows;
}

/** What {@link fitGates} is given beside the model. */
export interface FitGatesArgs {
  /** What the model is called; the result names it. */
  base: string;
  /** The interactions of the model's products, in order: `all` of its form. */
  all: Selection;
  /** V1 and V2, as `heldOutParts` gives them. */
  parts: HeldOutParts;
  /** Of the half-samples, an integer >= 0; default 1. */
  seed?: number;
}

/**
 * Fit gates to a base model: on V1 by the garrote along a path of penalties, of which V2 chooses the largest that it
 * cannot tell from the best one. The result says of each interaction whether it is kept, what it adds on V2, and how
 * many half-samples of V1 keep it; it has a second, clearly smaller set of interactions where the path has one.
 *
 * @param model The base: all interactions of its form, trained on the training rows. It is not changed.
 * @throws AutofisError if the model has no products to sum, or `all` are not as many.
 * @example
 * const form = ffmForm({fields, embeddingDim: 8, tableL2: 1e-4});
 * const model = form.build(form.all, 1);
 * await fitModel(model, train.dataset({batchSize: 500, seed: 1}), {epochs: 10, callbacks: []});
 * const gates = fitGates(model, {base: form.name, all: form.all, parts: heldOutParts(validation, 1)});
 * const kept = gates.sets[0].interactions.filter(({kept}) => kept);
 */
export function fitGates(model: tfl.LayersModel, args: FitGatesArgs): Gates {
  checkKeys('fitGates', args, ['base', 'all', 'parts', 'seed']);
  const {base, all, parts, seed = 1} = args;
  checkInteger('fitGates', 'seed', seed, 0);
  const learnt = productsOf(model, parts.gates);
  const count = learnt.products.length / learnt.base.length;
  if (all.length !== count)
    throw new AutofisError(`fitGates: \`all\` must list the model's ${count} products. Received: ${all.length}.`);
  return gatesOn({learnt, held: productsOf(model, parts.choice)}, {base, all, seed});
}

/** The same on products that are given. `all` are the interactions of the columns. */
export function gatesOn(rows: GateRows, {base, all, seed}: {base: string; all: Selection; seed: number}): Gates {
  const fitted = fitPath(rows);
  const {path, chosen} = fitted;
  const shorter = path.findIndex(({open}, i) => i > chosen && open > 0 && open <= SHORTER * path[chosen].open);
  return {
    base,
    by: 'V2',
    path,
    chosen,
    sets: [chosen, ...(shorter < 0 ? [] : [shorter])].map(point => ({
      point,
      interactions: recordsAt(fitted, point, {all, seed}),
    })),
  };
}

/** The gates of the chosen penalty alone. */
export function gatesAtChosen(rows: GateRows, own: {all: Selection; seed: number}): GateRecord[] {
  const fitted = fitPath(rows);
  return recordsAt(fitted, fitted.chosen, own);
}

interface FittedPath {
  path: PathPoint[];
  chosen: number;
  /** The gates at each point. */
  fits: GarroteFit[];
  /** Rows of V1 for half-samples. */
  sampled: GarroteRows;
  held: GarroteRows;
}

function fitPath({learnt, held}: GateRows): FittedPath {
  const fitted = thinned(learnt, MOST_PRODUCTS);
  const fits = garrote(fitted);
  const path = penaltyPath(
    fits,
    fits.map(fit => gatedLogits(held, fit)),
    held,
  );
  return {...path, fits, sampled: thinned(fitted, MOST_SAMPLED), held};
}

/** What rows say of each gate at one point of a path. */
function recordsAt(
  {fits, sampled, held}: FittedPath,
  point: number,
  {all, seed}: {all: Selection; seed: number},
): GateRecord[] {
  const fit = fits[point];
  const needed = neededGates(thinned(held, MOST_SAMPLED), fit);
  return recordsOf(all, {fit, sampled, seed, gains: pairGains(held, fit), needed});
}

/** What is known of gates: their fit, rows for half-samples, what each adds on rows it did not learn from, its need. */
export interface GatesKnown {
  fit: GarroteFit;
  sampled: GarroteRows;
  seed: number;
  gains: readonly PairGain[];
  needed: readonly boolean[];
}

/** The same in one record for each interaction. */
export function recordsOf(all: Selection, {fit, sampled, seed, gains, needed}: GatesKnown): GateRecord[] {
  const kept = stability(sampled, fit.lambda, {samples: HALF_SAMPLES, seed, start: fit});
  return all.map(({fields, gate, order, interaction}, p) => ({
    fields,
    gate,
    order,
    interaction,
    alpha: fit.alpha[p],
    stability: {kept: Math.round(kept[p] * HALF_SAMPLES), samples: HALF_SAMPLES},
    held: gains[p],
    kept: needed[p],
  }));
}

/** Gates in the order of V2: those with the lowest logloss at their chosen penalty first. */
export function byLoss(gates: readonly Gates[]): Gates[] {
  const loss = ({path, chosen}: Gates) => path[chosen].logloss;
  return [...gates].sort((a, b) => loss(a) - loss(b));
}

/** What gates at their chosen penalty leave open and keep, as a run says it. */
export function gatesInWords(name: string, {sets: [{interactions}]}: Gates): string {
  const [open, kept] = [interactions.filter(({alpha}) => alpha > 0), interactions.filter(each => each.kept)];
  return `gates on ${name} leave ${open.length} open${kept.length < open.length ? `, ${kept.length} needed` : ''}`;
}

/** What each set of gates keeps, with alpha, the largest first: the sets that differ, without empty ones. */
export function selectionsOf(all: Selection, {sets}: Gates): Selection[] {
  const found = new Map<string, Selection>();
  for (const {interactions} of sets) {
    const selection = selectionBy(
      all,
      interactions.map(({alpha, kept}) => (kept ? alpha : 0)),
    );
    const key = selection.map(keyOf).sort().join(' ');
    if (selection.length > 0 && !found.has(key)) found.set(key, selection);
  }
  return [...found.values()];
}

/** The interactions whose gates are open at one penalty, fitted to the products of a base for rows. */
export function interactionsAt(
  model: tfl.LayersModel,
  {rows, all, lambda}: {rows: LabeledRows; all: Selection; lambda: number},
): Selection {
  return openAt(productsOf(model, rows), {all, lambda});
}

/** The same on products that are given. */
export function openAt(rows: GarroteRows, {all, lambda}: {all: Selection; lambda: number}): Selection {
  const [fit] = garrote(thinned(rows, MOST_PRODUCTS), {lambdas: [lambda]});
  return selectionBy(all, fit.alpha);
}

/** What gates of these alphas keep, the largest first. */
export function selectionBy(all: Selection, alpha: ArrayLike<number>): Selection {
  return all
    .map((selected, p) => ({...selected, alpha: alpha[p]}))
    .filter(selected => selected.alpha > 0)
    .sort((a, b) => b.alpha - a.alpha)
    .map((selected, i) => ({...selected, rank: i + 1}));
}

/** A model's products for rows, as gates are fitted to them. */
export function productsOf(model: tfl.LayersModel, rows: LabeledRows): GarroteRows {
  const weights = weightsOf(rows);
  return {...modelProducts(model, rows.xs), labels: labelsOfRows(rows), ...(weights === undefined ? {} : {weights})};
}

/** Every k-th row, so that no more than `most` products are left; the rows are in an order of chance already. */
export function thinned(rows: GarroteRows, most: number): GarroteRows {
  const every = Math.ceil(rows.products.length / most);
  if (every <= 1) return rows;
  return garroteRowsAt(
    rows,
    Int32Array.from({length: Math.ceil(rows.base.length / every)}, (_, i) => i * every),
  );
}
