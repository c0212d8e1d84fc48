import {type Effort, SHARE} from '../../select/effort';
import type {Schedule} from '../../training/schedule';
import type {SettingValues} from '../settings';
import type {StageSettings} from './run_folder';

/** The settings of a selection. */
export interface SelectPlan {
  effort: Effort;
  /** Share of the gates' saving that closed interactions may give up. */
  share: number;
  seed: number;
  /** Parts of the schedule that were set; the rest follows from the number of rows. */
  schedule: Partial<Schedule>;
}

/** The plan of a command line. */
export function selectPlanOf({
  effort = 'normal',
  share = SHARE,
  seed = 1,
  batchSize,
  epochs,
  learningRate,
}: SettingValues): SelectPlan {
  const schedule = Object.fromEntries(
    Object.entries({batchSize, epochs, learningRate}).filter(([, value]) => value !== undefined),
  ) as Partial<Schedule>;
  return {effort, share, seed, schedule};
}

/** Everything that the result depends on, as plain values. */
export function selectSettings({schedule, ...plan}: SelectPlan): StageSettings {
  return {...plan, ...schedule};
}
