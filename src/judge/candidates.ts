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

/** Whether a candidate is at most `tolerance` of validation AUC below the best; more candidates can only take that away. */
export function couldWin(candidate: Candidate, candidates: readonly Candidate[], tolerance: number): boolean {
  return candidate.validation.auc >= Math.max(...candidates.map(c => c.validation.auc)) - tolerance;
}

/** Of the candidates that are about the best by validation AUC the one with the fewest interactions, then the best of those. */
export function choose(candidates: readonly Candidate[], tolerance: number): Candidate {
  return candidates.filter(c => couldWin(c, candidates, tolerance))
    .reduce((a, b) => b.kept < a.kept || (b.kept === a.kept && b.validation.auc > a.validation.auc) ? b : a);
}

/** The candidate with the best validation AUC, null of none. */
export function bestOf(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>((a, b) => a === null || b.validation.auc > a.validation.auc ? b : a, null);
}
