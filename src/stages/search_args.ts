import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {checkHeldOut, checkHeldOutBatches, type HeldOut, type HeldOutBatches} from './held_out';

export interface SearchStageArgs {
  /** The rule that closes gates; default {type: 'heldOut'}. */
  method?: SearchMethod;
}

export type SearchMethod = HeldOutMethod | GrdaMethod | TopKMethod;

/** Held-out rows close gates. */
interface HeldOutMethod {
  type: 'heldOut';
  /**
   * Rows that decide; by default a tenth of the rows of `fit`. Their labels then take no part in the training; their
   * inputs are in the batches that products are normalised over.
   */
  rows?: HeldOut;
}

/**
 * gRDA's threshold closes gates: exactly the paper's search. For a model without hidden layers the step size is
 * multiplied by 0.6 after each fifth of the search, as for AutoFM. The retrain stage then starts from a fresh alpha.
 */
interface GrdaMethod {
  type: 'grda';
  /** The threshold's scale; >= 0. Default 5e-4, as for AutoDeepFM; for a model without hidden layers 5e-3. */
  c?: number;
  /** Exponent of the threshold's growth; in (0, 1). Default 0.8, for a model without hidden layers 0.6. */
  mu?: number;
  /** gRDA's step size; > 0, default 1. */
  learningRate?: number;
}

/** Adam trains alpha, and the interactions with the largest |alpha| stay; for comparisons. */
interface TopKMethod {
  type: 'topK';
  /** Number of interactions that stay; an integer >= 1. */
  k: number;
  /** Adam's learning rate for alpha; > 0, default 1e-3. */
  learningRate?: number;
  /**
   * Rows that alpha takes its gradients from, for a first-order bi-level search as in DARTS. By default these are the
   * training batches: the result is the top K of a plain training.
   */
  heldOut?: HeldOutBatches;
}

/** Options by the type of a method. */
const OPTIONS = {heldOut: ['rows'], grda: ['c', 'mu', 'learningRate'], topK: ['k', 'learningRate', 'heldOut']};

/** Check the options of a search; returns its method. */
export function searchMethod(args: SearchStageArgs): SearchMethod {
  const where = 'SearchStage';
  checkKeys(where, args, ['method']);
  const {method = {type: 'heldOut'}} = args;
  checkChoice(where, 'method.type', method?.type, Object.keys(OPTIONS));
  checkKeys(`${where}: method '${method.type}'`, method, ['type', ...OPTIONS[method.type]]);
  if (method.type === 'heldOut') {
    if (method.rows !== undefined) checkHeldOut(where, 'method.rows', method.rows);
    return method;
  }
  if (method.type === 'grda') {
    if (method.c !== undefined) checkNumber(where, 'method.c', method.c, '[0, Infinity)');
    if (method.mu !== undefined) checkNumber(where, 'method.mu', method.mu, '(0, 1)');
  } else {
    checkInteger(where, 'method.k', method.k, 1);
    if (method.heldOut !== undefined) checkHeldOutBatches(where, 'method.heldOut', method.heldOut);
  }
  const {learningRate} = method;
  if (learningRate !== undefined) checkNumber(where, 'method.learningRate', learningRate, '(0, Infinity)');
  return method;
}
