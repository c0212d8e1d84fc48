import {AucDifference, aucDifference} from '../metrics/auc_difference';
import {loglossDifference} from '../metrics/logloss_difference';
import type {Form} from '../judge/contestants';
import type {Scores} from '../training/evaluation';
import type {Training} from '../training/train_to_best';

/** A trained set of interactions that could be the result of the retrain stage. */
export interface RetrainCandidate extends Training {
  /** The strength that its interactions were searched with; null for all interactions, which are always among the candidates. */
  strength: number | null;
  /** 'gated' and 'plain' are retrained from fresh weights; 'searched' is the model of the search, pruned and trained on. */
  form: Form | 'searched';
  kept: number;
  /** AUC of predictions for the training rows by cross-validation, by which plain sets are chosen where rows are few; else null. */
  crossAuc: number | null;
  /** Scores on the test rows, where there are any; nothing is chosen by them. */
  test: Scores | null;
}

/** A candidate and what it says of the validation rows. */
export interface Contender {
  candidate: Pick<RetrainCandidate, 'form' | 'kept' | 'validation'>;
  predictions: Float32Array;
  /** What cross-validation says of the training rows, where it was part of it. */
  crossed?: {auc: number; predictions: Float32Array};
  /** Whether interactions that the search had left open were taken from it. */
  shortened: boolean;
}

/** A model with gates must be better than a plain one by so many standard errors: about 5 in 100 are so by chance. */
const SIGNIFICANT = 2;

/**
 * Chooses among candidates by their predictions for the validation rows; among those that were cross-validated by their predictions for the
 * training rows, which are more.
 *
 * A set with fewer interactions is about as good as a better one
 * - where the gates made it, or where it is all there is, if it is no more than one standard error of the AUC difference below;
 * - where it was shortened, if the rows can tell that it loses no more than a given AUC: difference + standard error <= tolerance. Few rows
 *   tell nothing of such a small difference, and then nothing is shortened unless it gets better.
 */
export class Chooser {
  /**
   * @param labels Of the validation rows.
   * @param tolerance AUC that a shortened set may lose.
   * @param crossLabels Of the training rows; null where plain sets are not cross-validated.
   */
  constructor(
    private readonly labels: Float32Array,
    private readonly tolerance: number,
    private readonly crossLabels: Float32Array | null = null,
  ) {}

  /** Whether `contender` is about as good as `other`, or better. */
  matches(contender: Contender, other: Contender): boolean {
    const {difference, standardError} = this.behind(contender, other);
    return (
      difference <= 0 ||
      (contender.shortened ? difference + standardError <= this.tolerance : difference <= standardError)
    );
  }

  private behind(contender: Contender, other: Contender): AucDifference {
    return contender.crossed && other.crossed
      ? aucDifference(this.crossLabels!, other.crossed.predictions, contender.crossed.predictions)
      : aucDifference(this.labels, other.predictions, contender.predictions);
  }

  /** Whether `other` is not significantly better by AUC. */
  private rivals(contender: Contender, other: Contender): boolean {
    const {difference, standardError} = this.behind(contender, other);
    return difference <= SIGNIFICANT * standardError;
  }

  /** Those that could be chosen: of plain ones that can be cross-validated all, for validation rows are not what they are compared by. */
  near<C extends Contender>(contenders: readonly C[]): C[] {
    const [searched, retrained] = bySearch(contenders);
    const plain = bestOf(retrained.filter(isPlain));
    return contenders.filter(contender => {
      const best = bestOf(isSearched(contender) ? searched : retrained)!;
      return (
        this.rivals(contender, best) ||
        this.matches(contender, best) ||
        (isPlain(contender) && (this.crossLabels !== null || this.matches(contender, plain!)))
      );
    });
  }

  /**
   * Whether a search's own model is the best by AUC, and by logloss significantly better than the best plain one.
   *
   * Its alpha learnt from the validation rows. The logloss of k fitted numbers on the n rows that they were fitted to is too low by k / n in
   * expectation (Akaike 1974; for a model with zeros, k are the others: Zou, Hastie and Tibshirani 2007), so k / n is added. That is much where
   * rows are few, and next to nothing where they are many.
   */
  prefersSearched(contenders: readonly Contender[]): boolean {
    const best = bestOf(contenders)!;
    const plain = bestOf(contenders.filter(isPlain));
    if (!isSearched(best) || plain === null) return isSearched(best);
    const {difference, standardError} = loglossDifference(this.labels, best.predictions, plain.predictions);
    return difference + best.candidate.kept / this.labels.length < -SIGNIFICANT * standardError;
  }

  /** Whether of the retrained models no gated one is significantly better than each plain one. */
  prefersPlain(contenders: readonly Contender[]): boolean {
    const retrained = bySearch(contenders)[1];
    const top = bestOf(retrained)!;
    return retrained.some(contender => isPlain(contender) && this.rivals(contender, top));
  }

  /** Whether a contender is about as good as the best plain one. */
  matchesPlain(contender: Contender, contenders: readonly Contender[]): boolean {
    return this.matches(contender, bestOf(contenders.filter(isPlain))!);
  }

  /**
   * Searched models where they are preferred. Else plain ones unless a gated one is significantly better than each of them, for they need
   * neither normalisation nor alpha. Of these, or else of the retrained ones, the fewest interactions that are about as good as their best.
   */
  choose<C extends Contender>(contenders: readonly C[]): C {
    const [searched, retrained] = bySearch(contenders);
    return this.fewest(
      this.prefersSearched(contenders)
        ? searched
        : this.prefersPlain(contenders)
          ? retrained.filter(isPlain)
          : retrained,
    );
  }

  /** The fewest interactions that are about as good as the best; of equal sizes the better. */
  fewest<C extends Contender>(contenders: readonly C[]): C {
    const best = bestOf(contenders)!;
    const enough = contenders.filter(contender => this.matches(contender, best));
    const least = Math.min(...enough.map(({candidate}) => candidate.kept));
    return bestOf(enough.filter(({candidate}) => candidate.kept === least))!;
  }
}

const isSearched = ({candidate}: Contender) => candidate.form === 'searched';
const bySearch = <C extends Contender>(contenders: readonly C[]): [searched: C[], retrained: C[]] => [
  contenders.filter(isSearched),
  contenders.filter(contender => !isSearched(contender)),
];
const isPlain = ({candidate}: Contender) => candidate.form === 'plain';

/** The best by AUC, in cross-validation where all were part of it, else on validation rows; null of none. */
export function bestOf<C extends Contender>(contenders: readonly C[]): C | null {
  const crossed = contenders.every(contender => contender.crossed);
  const auc = (contender: C) => (crossed ? contender.crossed!.auc : contender.candidate.validation.auc);
  return contenders.reduce<C | null>((a, b) => (a === null || auc(b) > auc(a) ? b : a), null);
}
