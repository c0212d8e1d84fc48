import type {Comparison, Estimate} from '../statistics';
import type {Scores} from '../training/evaluation';
import type {Form, Retraining} from './contestants';

/** A set of interactions that is compared with others. */
export type ContestantName = 'all' | 'selection' | 'top-K' | 'random';

/** One contestant in one form. */
export interface Standing {
  contestant: ContestantName;
  form: Form;
  /** Number of interactions. */
  kept: number;
  /** Test scores over the seeds; for random sets over the sets. */
  auc: Estimate;
  logloss: Estimate;
  validationAuc: number;
  parameters: number;
  /** Means over the runs; inference for a million rows. */
  trainingSeconds: number;
  inferenceSeconds: number;
  runs: Retraining[];
}

/** The selection against another contestant, paired by seed, each in its better form by validation AUC. */
export interface Duel extends Comparison {
  opponent: Exclude<ContestantName, 'selection'>;
  /** Test AUCs of the two. */
  own: number;
  other: number;
  /** Comparison of their loglosses, where lower is better. */
  logloss: Comparison;
}

export interface Verdict {
  /** The verdict in words; its first sentence says whether the selection beats random sets and all interactions. */
  words: string;
  /** Share of the interactions that the selection keeps. */
  keptShare: number;
  /** Test scores of the model at the end of its search; null where it was not searched. */
  search: Scores | null;
  standings: Standing[];
  duels: Duel[];
  /** Number of random sets, in the better form, whose test AUC exceeds the selection's mean. */
  betterRandomSets: number;
}
