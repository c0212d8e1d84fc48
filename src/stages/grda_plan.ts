import {AutofisError} from '../errors';
import type {SearchMethod} from './search_args';

/** GRDA's constants in a search. */
export interface GrdaPlan {
  c: number;
  mu: number;
  learningRate: number;
  /** Decay of the learning rate; absent where the rate is constant. */
  decay?: {factor: number; steps: number};
}

/** c and mu of AutoDeepFM in the paper, for both of its data sets. */
const PAPER_DEEP = {c: 5e-4, mu: 0.8};
/** Those of AutoFM, and how gamma falls in parts of the search. */
const PAPER_FM = {c: 5e-3, mu: 0.6};
const DECAY = {factor: 0.6, parts: 5};

/**
 * Work out the constants of a search; those of the paper's are in AutoFIS, section 4.1.
 *
 * @param of The number of optimizer steps of the search, null when not known; whether the model has hidden layers.
 * @returns The constants; null where Adam trains alpha.
 */
export function grdaPlan(
  method: SearchMethod,
  {steps, hiddenLayers}: {steps: number | null; hiddenLayers: boolean},
): GrdaPlan | null {
  if (method.type === 'topK') return null;
  // Without a threshold GRDA is gradient descent: alpha learns, and held-out rows close gates.
  if (method.type === 'heldOut') return {c: 0, mu: 0.8, learningRate: 1};
  const paper = hiddenLayers ? PAPER_DEEP : PAPER_FM;
  const {c = paper.c, mu = paper.mu, learningRate = 1} = method;
  if (hiddenLayers) return {c, mu, learningRate};
  if (steps === null) {
    throw new AutofisError(
      "SearchStage: with method 'grda' the search of a model without hidden layers must know its number of steps, " +
        'since the learning rate falls with each fifth of them. Give `batchesPerEpoch` to fitDataset.',
    );
  }
  return {c, mu, learningRate, decay: {factor: DECAY.factor, steps: Math.ceil(steps / DECAY.parts)}};
}
