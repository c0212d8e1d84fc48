import {aucDifference} from '../metrics/auc_difference';
import type {Form} from './contestants';
import type {Scores} from './evaluation';
import type {Training} from './training';

/** A retrained set of interactions that could be the result of autoSelect. */
export interface Candidate extends Training {
  /** The strength that its interactions were searched with; null for all interactions, which are always among the candidates. */
  strength: number | null;
  form: Form;
  kept: number;
  /** Scores on the test rows, where there are any; nothing is chosen by them. */
  test: Scores | null;
}

/** A candidate and what it says of the validation rows. */
export interface Contender {
  candidate: Candidate;
  predictions: Float32Array;
}

/** A gated model must be better than a plain one by so many standard errors: about 5 in 100 are so by chance. */
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
    const best = bestOf(contenders), plain = bestOf(contenders.filter(isPlain));
    return contenders.filter(contender => this.matches(contender, best!, Math.max(SIGNIFICANT, this.tolerance)) ||
      (isPlain(contender) && this.matches(contender, plain!)));
  }

  /** Whether no gated one is significantly better than each plain one. */
  prefersPlain(contenders: readonly Contender[]): boolean {
    const top = bestOf(contenders)!;
    return contenders.some(contender => isPlain(contender) && this.matches(contender, top, SIGNIFICANT));
  }

  /** Whether a contender is within the tolerance of the best plain one. */
  matchesPlain(contender: Contender, contenders: readonly Contender[]): boolean {
    return this.matches(contender, bestOf(contenders.filter(isPlain))!);
  }

  /**
   * Plain models unless a gated one is significantly better than each of them, for they need neither normalisation nor alpha; of these,
   * or else of the gated ones, the fewest interactions that are within the tolerance of their best; of equal sizes the better.
   */
  choose<C extends Contender>(contenders: readonly C[]): C {
    const pool = this.prefersPlain(contenders) ? contenders.filter(isPlain) : contenders;
    const best = bestOf(pool)!;
    return pool.filter(contender => this.matches(contender, best))
      .reduce((a, b) => b.candidate.kept < a.candidate.kept || (b.candidate.kept === a.candidate.kept &&
        b.candidate.validation.auc > a.candidate.validation.auc) ? b : a);
  }
}

const isPlain = ({candidate}: Contender) => candidate.form === 'plain';

/** The best by validation AUC, null of none. */
export function bestOf<C extends Contender>(contenders: readonly C[]): C | null {
  return contenders.reduce<C | null>((a, b) => a === null || b.candidate.validation.auc > a.candidate.validation.auc ? b : a, null);
}
