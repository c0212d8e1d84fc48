import type {Scores} from '../training/evaluation';
import type {Recipe} from './auto_select_args';
import {calibratedScores, calibrationOn, said, TrainedCandidate} from './candidate';
import {empiricalRidge} from './empirical_ridge';
import type {HeldOutParts} from './held_out_parts';
import {idTable, ofRows} from './linear_model';
import {recipeStep} from './recipe_step';
import {defaultRidges, linearLogits, ridgePath} from './ridge_path';
import type {Ridge} from './ridge_penalty';
import type {LinearFit} from './ridge_regression';

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
        seen.push({fit, logits, scores: calibratedScores(choice, logits)});
        return hasTurned(seen.map(({scores}) => scores.logloss));
      });
      return seen.reduce(firmerOrBetter);
    };
    const common = best(defaultRidges);
    const own = [empiricalRidge(table, fields, common.fit).ridge].flat();
    const {fit, logits, scores} = [common, best(EASED.map(share => own.map(ridge => share * ridge)))].reduce(
      firmerOrBetter,
    );
    const gates = linearLogits(ofRows(parts.gates).ids, fields, fit);
    return {
      logits: {gates: Array.from(gates), choice: Array.from(logits)},
      candidate: {
        name: 'LR',
        form: 'LR',
        selection: [],
        crosses: false,
        parameters: fit.kernel.length + 1,
        choice: scores,
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
  scores: Scores;
}

/** The better of two fits by logloss; of equal ones the former. */
function firmerOrBetter(one: JudgedFit, other: JudgedFit): JudgedFit {
  return other.scores.logloss < one.scores.logloss ? other : one;
}

/** Whether a path of losses has risen twice in a row: it is convex but for noise, and what follows is worse. */
function hasTurned(losses: readonly number[]): boolean {
  const [before, last, now] = losses.slice(-3);
  return losses.length > 2 && last > before && now > last;
}
