import type * as tfl from '@tensorflow/tfjs-layers';
import type {Recipe} from './auto_select_args';
import type {Candidate} from './candidate';
import {ga2mInFold} from './ga2m/ga2m_candidates';
import {interactionsAt} from './fit_gates';
import {foldProducts} from './fold_gates';
import type {FoldRows} from './folds';
import type {GarroteRows} from '../decision/gated_loss';
import {inParallel} from './in_parallel';
import {meanLogits} from './mean_candidate';
import {logitsOf} from '../components/products/model_products';
import {trainAgain} from './train_one';

/**
 * A candidate, and where its interactions come from if it has some of them: gates on a base at a penalty. A GA2M has no
 * base with all of them.
 */
export interface Finalist {
  candidate: Candidate;
  origin: {base: Candidate | null; lambda: number} | null;
  /** The finalists whose mean it is; null for others. */
  mean: Finalist[] | null;
}

/** What models say of the rows of a fold that they were not trained on. */
export interface FoldPrediction {
  /** In the order of the candidates. */
  logits: Array<ArrayLike<number>>;
  /** Of the first candidate that is trained on all interactions ({@link foldProducts}); null without one. */
  products: GarroteRows | null;
}

/** Whether it sums the products of all interactions. */
export const hasAllProducts = ({candidate: {schedule, selection}, origin, mean}: Finalist): boolean =>
  schedule !== null && origin === null && mean === null && selection.length > 0;

/**
 * What candidates say of the rows of a fold. Some interactions are found again, by gates on a base that has not seen
 * these rows either: pairs that were found with their help would look better than they are. Where no gate opens, the
 * first candidate speaks, logistic regression.
 */
export async function predictFold(
  recipe: Recipe,
  {train, gates, held, where}: FoldRows,
  finalists: readonly Finalist[],
): Promise<FoldPrediction> {
  const models = new Map<Candidate, Promise<tfl.LayersModel>>();
  const trained = (candidate: Candidate): Promise<tfl.LayersModel> => {
    const model = models.get(candidate) ?? trainAgain(recipe, train, candidate, where);
    models.set(candidate, model);
    return model;
  };
  const ofLinear = async () => logitsOf(await trained(finalists[0].candidate), held.xs);
  const predict = async ({candidate, origin, mean}: Finalist): Promise<ArrayLike<number>> => {
    if (mean !== null) {
      const each = await inParallel(
        recipe.parallel,
        mean.map(own => async () => ({candidate: own.candidate, logits: await predict(own)})),
      );
      return meanLogits(each);
    }
    if (origin === null) return logitsOf(await trained(candidate), held.xs);
    const {base, lambda} = origin;
    if (base === null) {
      const {lightness} = candidate.tables!;
      return (await ga2mInFold(recipe, {train, gates, held}, {lambda, lightness})) ?? ofLinear();
    }
    const {all} = recipe.formOf(base.form);
    const selection = interactionsAt(await trained(base), {rows: gates, all, lambda});
    if (selection.length === 0) return ofLinear();
    return logitsOf(await trained({...candidate, selection}), held.xs);
  };
  try {
    // Trainings may have threads of their own, so that they come before what is computed in this one.
    const inTurn = [...finalists.filter(isTrained), ...finalists.filter(finalist => !isTrained(finalist))];
    const predicted = await inParallel(
      recipe.parallel,
      inTurn.map(finalist => () => predict(finalist)),
    );
    const whole = finalists.find(hasAllProducts);
    return {
      logits: finalists.map(finalist => predicted[inTurn.indexOf(finalist)]),
      products: whole === undefined ? null : foldProducts(await trained(whole.candidate), held),
    };
  } finally {
    for (const model of await Promise.allSettled(models.values()))
      if (model.status === 'fulfilled') model.value.dispose();
  }
}

const isTrained = ({candidate: {schedule}, mean}: Finalist) => schedule !== null || mean !== null;
