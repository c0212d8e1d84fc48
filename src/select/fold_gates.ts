import type * as tfl from '@tensorflow/tfjs-layers';
import {logloss} from '../metrics/logloss';
import {totalWeight} from '../metrics/row_weights';
import {keyOf, type Selection} from '../stages/selection';
import {mean} from '../statistics';
import type {LabeledRows} from '../training/rows';
import {type Gates, MOST_PRODUCTS, MOST_SAMPLED, productsOf, recordsOf, selectionBy, thinned} from './fit_gates';
import {FOLD_COUNT} from './folds';
import {defaultLambdas, garrote, gatedLogits, type GarroteFit} from '../decision/garrote';
import {penaltyPath} from './gate_path';
import type {GarroteRows} from '../decision/gated_loss';
import {joined} from '../components/linear_model';
import {neededGates} from './needed_gates';
import {calibrated, recalibrate} from './recalibrate';
import {type PairGain, pairGains} from './stability';

/** From large to small. Many rows tell gates apart that add little. */
const lambdas = [...defaultLambdas, 3e-5, 1e-5].sort((a, b) => b - a);

/** What gates at one penalty keep. */
export interface FoldSet {
  lambda: number;
  /** By the gates of all rows. */
  selection: Selection;
  /** Of each fold, by gates that were fitted to the rows of the others. */
  inFolds: Selection[];
}

/** Gates at one penalty. */
interface FoldPoint {
  /** Fitted to all rows. */
  fit: GarroteFit;
  /** Of each fold, fitted to the rows of the others. */
  others: GarroteFit[];
  /** Of all rows, under the gates of the other folds. */
  logits: Float64Array;
  /** Of these, calibrated. */
  loss: number;
}

/** Products of a model of all interactions, by what it was not trained on. */
export interface FoldProducts {
  /** Of the rows of each fold, by a model of the others. */
  folds: readonly GarroteRows[];
  /** Of each fold the rows of the others, those of each by a model that has seen neither fold. */
  others: ReadonlyArray<readonly GarroteRows[]>;
}

/** The products of a fold's rows, or of some of them: all folds together are what gates are fitted to at most. */
export function foldProducts(model: tfl.LayersModel, rows: LabeledRows): GarroteRows {
  return thinned(productsOf(model, rows), MOST_PRODUCTS / FOLD_COUNT);
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
  private readonly folds: readonly GarroteRows[];
  private readonly joined: GarroteRows;
  /** Of each fold the rows of the others. */
  private readonly others: GarroteRows[];
  /** From the largest penalty on; the smaller a penalty, the longer gates take. */
  private readonly points: FoldPoint[] = [];

  /** @param all The interactions of the products. */
  constructor(
    {folds, others}: FoldProducts,
    private readonly all: Selection,
  ) {
    this.folds = folds;
    this.joined = joinedRows(folds);
    this.others = others.map(joinedRows);
    while (this.extend() && !this.hasTurned());
  }

  /** What is kept at the penalty that the folds choose, and then at each smaller one. */
  *sets(): Generator<FoldSet> {
    const {path, chosen} = this.path();
    let at = path.length - 1 - chosen;
    do {
      const {fit, others} = this.points[at];
      yield {
        lambda: fit.lambda,
        selection: this.kept(this.joined, fit),
        inFolds: this.others.map((rows, fold) => this.kept(rows, others[fold])),
      };
      at++;
    } while (at < this.points.length || this.extend());
  }

  /** The gates as a record, with what rows say of each at the penalty of a set. */
  recordOf({lambda, selection}: FoldSet, base: string, seed: number): Gates {
    const {fit, others} = this.points.find(each => each.fit.lambda === lambda)!;
    const kept = new Set(selection.map(keyOf));
    const each = this.folds.map((rows, fold) => pairGains(rows, others[fold]));
    const known = {
      fit,
      sampled: thinned(this.joined, MOST_SAMPLED),
      seed,
      gains: joinedGains(this.folds, each),
      needed: this.all.map(selected => kept.has(keyOf(selected))),
    };
    const path = this.path();
    const point = path.path.findIndex(own => own.lambda === lambda);
    return {base, by: 'folds', ...path, sets: [{point, interactions: recordsOf(this.all, known)}]};
  }

  /** Fit gates at the next smaller penalty; false where there is none. */
  private extend(): boolean {
    const {points} = this;
    if (points.length === lambdas.length) return false;
    const last = points.at(-1);
    const fitTo = (rows: GarroteRows, start: GarroteFit | undefined) =>
      garrote(rows, {lambdas: [lambdas[points.length]], ...(start === undefined ? {} : {start})})[0];
    const others = this.others.map((rows, fold) => fitTo(rows, last?.others[fold]));
    const logits = joined(
      Float64Array,
      this.folds.map((rows, fold) => gatedLogits(rows, others[fold])),
    );
    const {labels, weights} = this.joined;
    const loss = logloss(labels, calibrated(logits, recalibrate(labels, logits, weights)), undefined, weights);
    points.push({fit: fitTo(this.joined, last?.fit), others, logits, loss});
    return true;
  }

  /** Whether the loss has fallen and now rises. It is convex but for noise. */
  private hasTurned(): boolean {
    const [first] = this.points;
    const [before, last] = this.points.slice(-2);
    return last !== undefined && last.loss > before.loss && before.loss < first.loss;
  }

  private path(): ReturnType<typeof penaltyPath> {
    const rising = [...this.points].reverse();
    return penaltyPath(
      rising.map(({fit}) => fit),
      rising.map(({logits}) => logits),
      this.joined,
    );
  }

  private kept(rows: GarroteRows, fit: GarroteFit): Selection {
    const needed = neededGates(thinned(rows, MOST_SAMPLED), fit);
    return selectionBy(
      this.all,
      fit.alpha.map((own, p) => (needed[p] ? own : 0)),
    );
  }
}

/** The rows of several folds. */
export function joinedRows(folds: readonly GarroteRows[]): GarroteRows {
  const join = (of: (rows: GarroteRows) => ArrayLike<number>) => joined(Float32Array, folds.map(of));
  return {
    products: join(({products}) => products),
    base: join(({base}) => base),
    labels: join(({labels}) => labels),
    ...(folds[0].weights === undefined ? {} : {weights: join(({weights}) => weights!)}),
  };
}

/**
 * Means of the gains over the rows of all folds, and the standard error of what one more model gains. The models of the
 * folds differ, as will the one that is trained for good, and the rows that judge one taught the others: to the errors
 * of the folds over rows comes the variance between them, as far as their gains differ by more than these errors
 * (DerSimonian and Laird, Controlled Clinical Trials 1986).
 */
function joinedGains(folds: readonly GarroteRows[], each: ReadonlyArray<readonly PairGain[]>): PairGain[] {
  const weights = folds.map(({labels, weights}) => totalWeight(labels.length, weights));
  const sum = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map(weight => weight / sum);
  const count = folds.length;
  return each[0].map((_, p) => {
    const own = each.map(gains => gains[p]);
    const gain = own.reduce((total, fold, k) => total + shares[k] * fold.gain, 0);
    const spread = own.reduce((total, fold) => total + (fold.gain - gain) ** 2, 0) / (count - 1);
    const between = Math.max(0, spread - mean(own.map(({standardError}) => standardError ** 2)));
    const errors = own.map(({standardError}, k) => shares[k] * standardError);
    return {gain, standardError: Math.hypot(...errors, Math.sqrt(between * (1 + 1 / count)))};
  });
}
