import type {Effort} from '../../select/library_forms';
import type {Schedule} from '../../training/schedule';
import {flagOf} from '../setting';
import type {SettingValues} from '../settings';
import {UsageError} from '../usage_error';
import {ARCHITECTURE, checkHidden, Plan, planOf} from './plan';
import type {StageSettings} from './run_folder';

/** What a model with gates is built of. */
export type Architecture = Pick<Plan, (typeof ARCHITECTURE)[number] | 'model' | 'learningRate' | 'recipe' | 'seed'>;

/** The settings of the recipe. */
export interface SelectPlan {
  effort: Effort;
  seed: number;
  /** What was set of the schedule; all else follows from the number of rows. */
  schedule: Partial<Schedule>;
  /** A model with gates instead of FM and FFM; null for these. */
  model: Architecture | null;
}

/** Check that the flags of the model fit together. */
export function checkModelFlags(values: SettingValues): void {
  const {model} = values;
  const vain = ARCHITECTURE.find(key => model === undefined && values[key] !== undefined);
  if (vain !== undefined)
    throw new UsageError(
      `${flagOf(vain)} says how the model of --model is built. Give --model as well, such as autoDeepFm.`,
    );
  if (model === 'autoIpnn') {
    throw new UsageError(
      '--model autoIpnn feeds its products to a network, so gates cannot be fitted to them. Give autoFm, ' +
        'autoFfm or autoDeepFm, or use `tfjs-autofis search` for autoIpnn.',
    );
  }
  if (model !== undefined) checkHidden(values);
}

/** The plan of a command line. */
export function selectPlanOf(values: SettingValues, rows: number): SelectPlan {
  checkModelFlags(values);
  const {effort = 'normal', seed = 1, batchSize, epochs, learningRate, model} = values;
  const schedule = Object.fromEntries(
    Object.entries({batchSize, epochs, learningRate}).filter(([, value]) => value !== undefined),
  ) as Partial<Schedule>;
  return {effort, seed, schedule, model: model === undefined ? null : architectureOf(planOf(values, rows))};
}

function architectureOf(plan: Plan): Architecture {
  const {model, order, embeddingDim, hiddenUnits, dropout, embeddingDropout, l2, learningRate, recipe, seed} = plan;
  return {model, order, embeddingDim, hiddenUnits, dropout, embeddingDropout, l2, learningRate, recipe, seed};
}

/** What the result depends on, as plain values. */
export function selectSettings({effort, seed, schedule, model}: SelectPlan): StageSettings {
  if (model === null) return {effort, seed, ...schedule};
  const {recipe: _, seed: own, hiddenUnits, ...rest} = model;
  return {effort, seed: own, ...schedule, ...rest, hiddenUnits: hiddenUnits.join(',')};
}
