import {checkInteger} from '../checks';
import {AutofisError} from '../errors';

/** GRDA's constants in a search. */
export interface GrdaPlan {
  c: number;
  mu: number;
  learningRate: number;
  warmupSteps: number;
  /** Decay of the learning rate; absent where the rate is constant. */
  decay?: {factor: number; steps: number};
}

/** Options of recipe 'paper'. */
export interface PaperArgs {
  /** The threshold's scale; >= 0. Default 5e-4, for a model without hidden layers 5e-3. */
  c?: number;
  /** Exponent of the threshold's growth; in (0, 1). Default 0.8, for a model without hidden layers 0.6. */
  mu?: number;
  /** gRDA's step size; > 0, default 1. */
  learningRate?: number;
}

/** Keys of `PaperArgs`. */
export const paperKeys = ['c', 'mu', 'learningRate'] as const;

/** c and mu of AutoDeepFM in the paper, for both of its data sets. */
const PAPER_DEEP = {c: 5e-4, mu: 0.8};
/** Those of AutoFM, and how gamma falls in parts of the search. */
const PAPER_FM = {c: 5e-3, mu: 0.6, factor: 0.6, parts: 5};

/** Without a threshold GRDA is gradient descent: alpha learns, and held-out rows close gates. */
export const OPEN_PLAN: GrdaPlan = {c: 0, mu: 0.8, learningRate: 1, warmupSteps: 0};

/**
 * Work out the constants of the paper's search (AutoFIS, section 4.1).
 *
 * @param of The number of optimizer steps of the search, null when not known; whether the model has hidden layers.
 */
export function paperPlan(
  {learningRate = 1, c, mu}: PaperArgs,
  {steps, hiddenLayers}: {steps: number | null; hiddenLayers: boolean},
): GrdaPlan {
  if (hiddenLayers) return {c: c ?? PAPER_DEEP.c, mu: mu ?? PAPER_DEEP.mu, learningRate, warmupSteps: 0};
  if (steps === null) {
    throw new AutofisError(
      "With recipe 'paper' the search of a model without hidden layers must know its number of steps, " +
        'since the learning ' +
        'rate falls with each fifth of them. Give `batchesPerEpoch` to fitDataset.',
    );
  }
  checkInteger('SearchStage', 'steps', steps, 1);
  const {factor, parts} = PAPER_FM;
  return {
    c: c ?? PAPER_FM.c,
    mu: mu ?? PAPER_FM.mu,
    learningRate,
    warmupSteps: 0,
    decay: {factor, steps: Math.ceil(steps / parts)},
  };
}
