import {type Gates, MOST_PRODUCTS, MOST_SAMPLED, recordsOf, selectionBy, thinned} from './fit_gates';
import {defaultLambdas, garrote, gatedLogits, type GarroteFit} from './garrote';
import {type PathPoint, penaltyPath} from './gate_path';
import type {GarroteRows} from './gated_loss';
import {neededGates} from './needed_gates';
import {totalWeight} from '../metrics/row_weights';
import {type PairGain, pairGains} from './stability';
import type {Selection} from '../stages/selection';

/** Many rows tell gates apart that add little. */
const lambdas = [1e-5, 3e-5, ...defaultLambdas];

/** What gates at one penalty keep. */
export interface FoldSet {
  /** Position of the penalty on the path. */
  point: number;
  /** By the gates of all rows. */
  selection: Selection;
  /** Of each fold, by gates that were fitted to the rows of the others. */
  inFolds: Selection[];
}

/** Products of a model of all interactions, by what it was not trained on. */
export interface FoldProducts {
  /** Of the rows of each fold, by a model of the others. */
  folds: readonly GarroteRows[];
  /** Of each fold the rows of the others, those of each by a model that has seen neither fold. */
  others: ReadonlyArray<readonly GarroteRows[]>;
}

/**
 * Gates on products of all training rows, each computed by a model that was not trained on the row. These are many
 * times the rows of V1, so gates tell more interactions apart.
 *
 * The rows of each fold are judged by gates that they had no part in: they choose the penalty, the largest that they
 * cannot tell from the best, and say what each gate adds. The models behind these gates have not seen the fold either:
 * what chance has put into two folds alike would speak for a pair twice.
 */
export class FoldGates {
  private readonly folds: GarroteRows[];
  private readonly joined: GarroteRows;
  /** Of each fold the rows of the others, and the gates that they fit at each penalty. */
  private readonly others: Array<{rows: GarroteRows; fits: GarroteFit[]}>;
  private readonly fits: GarroteFit[];
  private readonly path: PathPoint[];
  /** Position of the penalty that the folds choose. */
  readonly chosen: number;

  /** @param all The interactions of the products. */
  constructor(
    {folds, others}: FoldProducts,
    private readonly all: Selection,
  ) {
    const fewer = (rows: GarroteRows) => thinned(rows, MOST_PRODUCTS / folds.length);
    this.folds = folds.map(fewer);
    this.joined = joinedRows(this.folds);
    this.fits = garrote(this.joined, {lambdas});
    this.others = others.map(each => {
      const rows = joinedRows(each.map(fewer));
      return {rows, fits: garrote(rows, {lambdas})};
    });
    const logits = this.fits.map((_, point) =>
      joinedValues(this.folds.map((rows, fold) => gatedLogits(rows, this.others[fold].fits[point]))),
    );
    const {path, chosen} = penaltyPath(this.fits, logits, this.joined);
    this.path = path;
    this.chosen = chosen;
  }

  /** What is kept at one penalty. */
  setAt(point: number): FoldSet {
    return {
      point,
      selection: this.kept(this.joined, this.fits[point]),
      inFolds: this.others.map(({rows, fits}) => this.kept(rows, fits[point])),
    };
  }

  /** The gates as a record, with what rows say of each at one penalty. */
  recordAt(point: number, base: string, seed: number): Gates {
    const fit = this.fits[point];
    const sampled = thinned(this.joined, MOST_SAMPLED);
    const each = this.folds.map((rows, fold) => pairGains(rows, this.others[fold].fits[point]));
    const known = {fit, sampled, seed, gains: joinedGains(this.folds, each), needed: neededGates(sampled, fit)};
    const interactions = recordsOf(this.all, known);
    return {base, by: 'folds', path: this.path, chosen: this.chosen, sets: [{point, interactions}]};
  }

  private kept(rows: GarroteRows, fit: GarroteFit): Selection {
    const needed = neededGates(thinned(rows, MOST_SAMPLED), fit);
    return selectionBy(
      this.all,
      fit.alpha.map((own, p) => (needed[p] ? own : 0)),
    );
  }
}

function joinedRows(folds: readonly GarroteRows[]): GarroteRows {
  const join = (of: (rows: GarroteRows) => ArrayLike<number>) => Float32Array.from(joinedValues(folds.map(of)));
  return {
    products: join(({products}) => products),
    base: join(({base}) => base),
    labels: join(({labels}) => labels),
    ...(folds[0].weights === undefined ? {} : {weights: join(({weights}) => weights!)}),
  };
}

function joinedValues(each: ReadonlyArray<ArrayLike<number>>): Float64Array {
  const all = new Float64Array(each.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const own of each) {
    all.set(own, at);
    at += own.length;
  }
  return all;
}

/** Means over the rows of all folds, of those of each; their errors are independent. */
function joinedGains(folds: readonly GarroteRows[], each: ReadonlyArray<readonly PairGain[]>): PairGain[] {
  const weight = folds.map(({labels, weights}) => totalWeight(labels.length, weights));
  const sum = weight.reduce((a, b) => a + b, 0);
  return each[0].map((_, p) => ({
    gain: each.reduce((total, gains, fold) => total + (weight[fold] / sum) * gains[p].gain, 0),
    standardError: Math.hypot(...each.map((gains, fold) => (weight[fold] / sum) * gains[p].standardError)),
  }));
}
