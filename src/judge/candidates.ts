import {aucDifference} from '../metrics/auc_difference';
import {loglossDifference} from '../metrics/logloss_difference';
import type {Form} from './contestants';
import type {Scores} from './evaluation';
import type {Training} from './training';

/** A trained set of interactions that could be the result of autoSelect. */
export interface Candidate extends Training {
  /** The strength that its interactions were searched with; null for all interactions, which are always among the candidates. */
  strength: number | null;
  /** 'gated' and 'plain' are retrained from fresh weights; 'searched' is the model of the search, pruned and trained on. */
  form: Form | 'searched';
  kept: number;
  /** Scores on the test rows, where there are any; nothing is chosen by them. */
  test: Scores | null;
}

/** A candidate and what it says of the validation rows. */
export interface Contender {
  candidate: Candidate;
  predictions: Float32Array;
}

/** A model with gates must be better than a plain one by so many standard errors: about 5 in 100 are so by chance. */
const SIGNIFICANT = 2;

/** Chooses among candidates by their predictions for the validation rows. */
export class Chooser {
  /**
   * @param labels Of the validation rows.
   * @param tolerance How many standard errors of the difference a set with fewer interactions may be below the best.
   */
  constructor(private readonly labels: Float32Array, private readonly tolerance: number) {}

  /** Whether `contender` is no more than so many standard errors below `other`. */
  matches({candidate, predictions}: Contender, other: Contender, errors = this.tolerance): boolean {
    if (candidate.validation.auc >= other.candidate.validation.auc) return true;
    const {difference, standardError} = aucDifference(this.labels, other.predictions, predictions);
    return difference <= errors * standardError;
  }

  /** Those that could be chosen. */
  near<C extends Contender>(contenders: readonly C[]): C[] {
    const [searched, retrained] = bySearch(contenders);
    const plain = bestOf(retrained.filter(isPlain));
    return contenders.filter(contender => this.matches(contender, bestOf(isSearched(contender) ? searched : retrained)!, Math.max(SIGNIFICANT, this.tolerance)) ||
      (isPlain(contender) && this.matches(contender, plain!)));
  }

  /**
   * Whether a search's own model is the best by AUC, and by logloss significantly better than the best plain one.
   *
   * Its alpha learnt from the validation rows. The logloss of k fitted numbers on the n rows that they were fitted to is too low by k / n in
   * expectation (Akaike 1974; for a model with zeros, k are the others: Zou, Hastie and Tibshirani 2007), so k / n is added. That is much where
   * rows are few, and next to nothing where they are many.
   */
  prefersSearched(contenders: readonly Contender[]): boolean {
    const best = bestOf(contenders)!, plain = bestOf(contenders.filter(isPlain));
    if (!isSearched(best) || plain === null) return isSearched(best);
    const {difference, standardError} = loglossDifference(this.labels, best.predictions, plain.predictions);
    return difference + best.candidate.kept / this.labels.length < -SIGNIFICANT * standardError;
  }

  /** Whether of the retrained models no gated one is significantly better than each plain one. */
  prefersPlain(contenders: readonly Contender[]): boolean {
    const retrained = bySearch(contenders)[1], top = bestOf(retrained)!;
    return retrained.some(contender => isPlain(contender) && this.matches(contender, top, SIGNIFICANT));
  }

  /** Whether a contender is within the tolerance of the best plain one. */
  matchesPlain(contender: Contender, contenders: readonly Contender[]): boolean {
    return this.matches(contender, bestOf(contenders.filter(isPlain))!);
  }

  /**
   * Searched models where they are preferred. Else plain ones unless a gated one is significantly better than each of them, for they need
   * neither normalisation nor alpha. Of these, or else of the retrained ones, the fewest interactions that are within the tolerance of their
   * best; of equal sizes the better.
   */
  choose<C extends Contender>(contenders: readonly C[]): C {
    const [searched, retrained] = bySearch(contenders);
    const pool = this.prefersSearched(contenders) ? searched : this.prefersPlain(contenders) ? retrained.filter(isPlain) : retrained;
    const best = bestOf(pool)!;
    return pool.filter(contender => this.matches(contender, best))
      .reduce((a, b) => b.candidate.kept < a.candidate.kept || (b.candidate.kept === a.candidate.kept &&
        b.candidate.validation.auc > a.candidate.validation.auc) ? b : a);
  }
}

const isSearched = ({candidate}: Contender) => candidate.form === 'searched';
const bySearch = <C extends Contender>(contenders: readonly C[]): [searched: C[], retrained: C[]] =>
  [contenders.filter(isSearched), contenders.filter(contender => !isSearched(contender))];
const isPlain = ({candidate}: Contender) => candidate.form === 'plain';

/** The best by validation AUC, null of none. */
export function bestOf<C extends Contender>(contenders: readonly C[]): C | null {
  return contenders.reduce<C | null>((a, b) => a === null || b.candidate.validation.auc > a.candidate.validation.auc ? b : a, null);
}
