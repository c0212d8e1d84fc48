import {checkChoice, checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';
import {type PaperArgs, paperKeys} from './grda_plan';
import {checkHeldOut, HeldOut} from './held_out';
import {checkSelect, SelectOptions} from './selection';

export interface SearchStageArgs extends SelectOptions, PaperArgs {
  /**
   * 'default': held-out rows close gates. 'paper': exactly the paper's search, in which gRDA's threshold closes them. c
   * is 5e-4 and mu 0.8, as for AutoDeepFM; for a model without hidden layers c is 5e-3, mu 0.6, and the step size is
   * multiplied by 0.6 after each fifth of the search, as for AutoFM. The retrain stage then starts from a fresh alpha.
   */
  recipe?: 'default' | 'paper';
  /**
   * Rows that decide which gates close; by default a tenth of the rows of `fit`, which then take no part in the
   * training. Under Adam alpha takes its gradients from them.
   */
  heldOut?: HeldOut;
  /**
   * The optimizer of alpha. 'adam', for comparisons, closes no gate: `keep` says how many of the largest |alpha| stay,
   * and `learningRate` is Adam's, default 1e-3. With `heldOut` that is a first-order bi-level search as in DARTS,
   * without it the top-K of a plain training. Default 'grda'.
   */
  alphaOptimizer?: 'grda' | 'adam';
}

/** Rule that closes the gates in a search. */
export type SearchKind = 'heldOut' | 'paper' | 'keep';

/** Check that options of a search are known, in range and consistent; tell what closes its gates. */
export function searchKind(args: SearchStageArgs): SearchKind {
  const where = 'SearchStage';
  checkKeys(where, args, ['recipe', ...paperKeys, 'heldOut', 'cut', 'keep', 'alphaOptimizer']);
  const {recipe, c, mu, learningRate, heldOut, cut, keep, alphaOptimizer} = args;
  if (recipe !== undefined) checkChoice(where, 'recipe', recipe, ['default', 'paper']);
  if (alphaOptimizer !== undefined) checkChoice(where, 'alphaOptimizer', alphaOptimizer, ['grda', 'adam']);
  if (c !== undefined) checkNumber(where, 'c', c, '[0, Infinity)');
  if (mu !== undefined) checkNumber(where, 'mu', mu, '(0, 1)');
  if (learningRate !== undefined) checkNumber(where, 'learningRate', learningRate, '(0, Infinity)');
  checkSelect(where, args);
  if (heldOut !== undefined) checkHeldOut(where, heldOut);
  if (recipe === 'paper') return checkPaper(args);
  const isAdam = alphaOptimizer === 'adam';
  const threshold = (['c', 'mu', ...(isAdam ? [] : (['learningRate'] as const))] as const).find(
    key => args[key] !== undefined,
  );
  if (threshold !== undefined) {
    throw new AutofisError(
      `${where}: \`${threshold}\` belongs to recipe 'paper', in which a threshold closes gates. Received: ` +
        `${args[threshold]}. Remove it, or give recipe: 'paper'.`,
    );
  }
  if (!isAdam) return 'heldOut';
  if (keep === undefined && cut === undefined) {
    throw new AutofisError(
      "SearchStage: alphaOptimizer 'adam' closes no gate. Give `keep`, the number of interactions with the " +
        'largest |alpha| that stay.',
    );
  }
  return 'keep';
}

function checkPaper({heldOut, alphaOptimizer}: SearchStageArgs): 'paper' {
  if (heldOut !== undefined) {
    throw new AutofisError(
      "SearchStage: recipe 'paper' takes alpha's gradients from the training batches. Remove `heldOut`.",
    );
  }
  if (alphaOptimizer === 'adam')
    throw new AutofisError("SearchStage: in recipe 'paper' gRDA trains alpha. Remove `alphaOptimizer`.");
  return 'paper';
}
