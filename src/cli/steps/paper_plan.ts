import type {SettingValues} from '../settings';
import type {StageSettings} from './run_folder';

/** Settings of the paper's two stages. */
export interface PaperPlan extends StageSettings {
  model: NonNullable<SettingValues['model']>;
  batchSize: number;
  learningRate: number;
  searchEpochs: number;
  /** Most epochs of the retrain stage. */
  epochs: number;
  seed: number;
}

/** Fill in what was not set, as in the paper. */
export function paperPlanOf({
  model = 'autoFm',
  batchSize = 2000,
  learningRate = 1e-3,
  searchEpochs = 1,
  epochs = 60,
  seed = 1,
}: SettingValues): PaperPlan {
  return {model, batchSize, learningRate, searchEpochs, epochs, seed};
}
