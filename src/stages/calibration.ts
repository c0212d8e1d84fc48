import {grdaThreshold} from '../../optimizers/grda';
import {checkChoice, checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';

export interface CalibrationArgs {
  /**
   * The aim: the final threshold in units of alpha's start (the first gate's, should they differ); > 0, default 1.
   * Larger closes more gates. c follows from it and the number of steps. Exclusive with `c`.
   */
  strength?: number;
  /** The threshold's scale itself, instead of `strength`; >= 0. */
  c?: number;
  /** How fast the threshold grows; in (0, 1), default 0.8. */
  mu?: number;
  /** gRDA's step size; > 0, default 1. */
  learningRate?: number;
  /**
   * Share of the search during which alpha is frozen, in [0, 1); default 1/3: otherwise the threshold would close gates
   * of fields with many values before their embeddings have learnt anything.
   */
  warmup?: number;
  /**
   * 'paper': exactly the paper's search, without warm-up and with the gradients of the training batches. c is 5e-4 and
   * mu 0.8, as for AutoDeepFM; for a model without hidden layers c is 5e-3, mu 0.6, and the step size is multiplied by
   * 0.6 after each fifth of the search, as for AutoFM. The retrain stage then starts from a fresh alpha.
   */
  recipe?: 'default' | 'paper';
}

/** Keys of `CalibrationArgs`. */
export const calibrationKeys = ['strength', 'c', 'mu', 'learningRate', 'warmup', 'recipe'] as const;

/** c and mu of AutoDeepFM in the paper, for both of its data sets. */
const PAPER_DEEP = {c: 5e-4, mu: 0.8};
/** Those of AutoFM, and how gamma falls in parts of the search. */
const PAPER_FM = {c: 5e-3, mu: 0.6, factor: 0.6, parts: 5};
/** mu where nothing else is asked for. */
const MU = 0.8;

/** Check that options of a search agree with each other and with their rules. */
export function checkCalibration(where: string, args: CalibrationArgs): void {
  const {strength, c, mu, learningRate, warmup, recipe} = args;
  if (recipe !== undefined) checkChoice(where, 'recipe', recipe, ['default', 'paper']);
  if (strength !== undefined) checkNumber(where, 'strength', strength, '(0, Infinity)');
  if (c !== undefined) checkNumber(where, 'c', c, '[0, Infinity)');
  if (mu !== undefined) checkNumber(where, 'mu', mu, '(0, 1)');
  if (learningRate !== undefined) checkNumber(where, 'learningRate', learningRate, '(0, Infinity)');
  if (warmup !== undefined) checkNumber(where, 'warmup', warmup, '[0, 1)');
  if (strength !== undefined && c !== undefined) {
    throw new AutofisError(
      `${where}: \`strength\` and \`c\` both set how many gates close. Received: strength ${strength}, c ${c}. ` +
        'Give one.',
    );
  }
  const own = (['strength', 'warmup'] as const).find(key => recipe === 'paper' && args[key] !== undefined);
  if (own !== undefined) {
    throw new AutofisError(
      `${where}: recipe 'paper' has no \`${own}\`. Received: ${args[own]}. Remove it, or leave the recipe out.`,
    );
  }
}

/** What GRDA needs, worked out for a search of `steps` steps. */
export interface GrdaPlan {
  c: number;
  mu: number;
  learningRate: number;
  warmupSteps: number;
  /** How the learning rate falls; absent where it stays. */
  decay?: {factor: number; steps: number};
}

/**
 * gRDA's constants from an aim. The threshold after the T steps that follow the warm-up is c gamma^(1/2 + mu) T^mu;
 * with c = strength * alphaInit / (gamma^(1/2 + mu) T^mu) it ends at strength * alphaInit, whatever the size of the
 * data.
 *
 * @throws AutofisError if an argument breaks its rule, or `strength` and `c` are both given.
 * @example
 * const {c, mu, learningRate} = calibrate({steps: 3000, strength: 2});
 */
export function calibrate({
  steps,
  alphaInit = 0.6,
  hiddenLayers = true,
  ...args
}: CalibrationArgs & {
  /** Number of optimizer steps of the whole search, warm-up included; null when not known. */
  steps: number | null;
  /** Where alpha starts; default 0.6. */
  alphaInit?: number;
  /** Whether the model has hidden layers, for which recipe 'paper' takes the constants of AutoDeepFM; default true. */
  hiddenLayers?: boolean;
}): GrdaPlan {
  const where = 'calibrate';
  checkKeys(where, args, calibrationKeys);
  checkCalibration(where, args);
  if (args.recipe === 'paper') return paperPlan(args, steps, hiddenLayers);
  const {c, mu = MU, learningRate = 1, strength = 1, warmup = 1 / 3} = args;
  if (steps === null) {
    if (c === undefined || warmup > 0) {
      throw new AutofisError(
        'The search must know its number of steps, from which c and the warm-up follow. ' +
          'Give `batchesPerEpoch` to fitDataset, or `c` and `warmup: 0` to the search.',
      );
    }
    return {c, mu, learningRate, warmupSteps: 0};
  }
  checkInteger(where, 'steps', steps, 1);
  const warmupSteps = Math.floor(warmup * steps);
  const growth = grdaThreshold(steps - warmupSteps, {learningRate, c: 1, mu});
  return {c: c ?? (strength * Math.abs(alphaInit)) / growth, mu, learningRate, warmupSteps};
}

/** The constants of the paper's search (AutoFIS, section 4.1). */
function paperPlan(
  {learningRate = 1, ...args}: CalibrationArgs,
  steps: number | null,
  hiddenLayers: boolean,
): GrdaPlan {
  if (hiddenLayers) return {c: args.c ?? PAPER_DEEP.c, mu: args.mu ?? PAPER_DEEP.mu, learningRate, warmupSteps: 0};
  if (steps === null) {
    throw new AutofisError(
      "With recipe 'paper' the search of a model without hidden layers must know its number of steps, " +
        'since the learning ' +
        'rate falls with each fifth of them. Give `batchesPerEpoch` to fitDataset.',
    );
  }
  checkInteger('calibrate', 'steps', steps, 1);
  const {c, mu, factor, parts} = PAPER_FM;
  return {
    c: args.c ?? c,
    mu: args.mu ?? mu,
    learningRate,
    warmupSteps: 0,
    decay: {factor, steps: Math.ceil(steps / parts)},
  };
}
