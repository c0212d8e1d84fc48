import type {Recipe} from './auto_select_args';
import {calibratedScores, calibrationOn, lastingLogloss, said, TrainedCandidate} from './candidate';
import {empiricalRidge} from '../components/linear/empirical_ridge';
import type {HeldOutParts} from './held_out_parts';
import {idTable, ofRows} from '../components/linear_model';
import {recipeStep} from './recipe_step';
import {defaultRidges, linearLogits, ridgePath} from '../components/linear/ridge_path';
import type {Ridge} from '../components/linear/ridge_penalty';
import type {LinearFit} from '../components/linear/ridge_regression';

/** Shares of the penalties of `empiricalRidge`, which are too firm for ids whose values have few rows each. */
const EASED = [1, 0.3, 0.1];

/**
 * Logistic regression with the penalty that V2 prefers: one for all fields, or those of `empiricalRidge`. Nothing for
 * the caller's own model.
 */
export async function linearCandidate(recipe: Recipe, parts: HeldOutParts): Promise<TrainedCandidate[]> {
  const {fields, train, seed, onStep} = recipe;
  if (fields === null) return [];
  const trained = await recipeStep(recipe, 'LR', async (): Promise<TrainedCandidate> => {
    const start = performance.now();
    const {choice} = parts;
    const {ids} = ofRows(choice);
    const table = await idTable(train, seed);
    const best = (ridges: readonly Ridge[]): JudgedFit => {
      const seen: JudgedFit[] = [];
      ridgePath(table, fields, ridges, fits => {
        const fit = fits[fits.length - 1];
        const logits = linearLogits(ids, fields, fit);
        seen.push({fit, logits, loss: lastingLogloss(choice, logits)});
        return hasTurned(seen.map(({loss}) => loss));
      });
      return seen.reduce(firmerOrBetter);
    };
    const common = best(defaultRidges);
    const own = [empiricalRidge(table, fields, common.fit).ridge].flat();
    const {fit, logits} = [common, best(EASED.map(share => own.map(ridge => share * ridge)))].reduce(firmerOrBetter);
    const gates = linearLogits(ofRows(parts.gates).ids, fields, fit);
    return {
      logits: {gates: Array.from(gates), choice: Array.from(logits)},
      candidate: {
        name: 'LR',
        form: 'LR',
        selection: [],
        crosses: false,
        parameters: fit.kernel.length + 1,
        choice: calibratedScores(choice, logits),
        calibration: calibrationOn(parts, {gates, choice: logits}),
        schedule: null,
        ridge: fit.ridge,
        tables: null,
        startRidge: null,
        mean: null,
        seconds: (performance.now() - start) / 1000,
      },
    };
  });
  recipe.ridge = trained.candidate.ridge;
  onStep?.(said(trained), {type: 'trained', candidate: trained.candidate});
  return [trained];
}

/** A fit and what V2 says of it. */
interface JudgedFit {
  fit: LinearFit;
  logits: Float64Array;
  /**
   * Logloss after a lasting calibration. A free one would hide that a penalty has made all logits small, which no
   * calibration of few rows makes up for later.
   */
  loss: number;
}

/** The better of two fits; of equal ones the former. */
function firmerOrBetter(one: JudgedFit, other: JudgedFit): JudgedFit {
  return other.loss < one.loss ? other : one;
}

/** Whether a path of losses has risen twice in a row: it is convex but for noise, and what follows is worse. */
function hasTurned(losses: readonly number[]): boolean {
  const [before, last, now] = losses.slice(-3);
  return losses.length > 2 && last > before && now > last;
}
