import type {SettingValues} from '../settings';
import {flagOf} from '../setting';
import {UsageError} from '../usage_error';
import type {StageSettings} from './run_folder';

/** Settings of the paper's two stages. */
export interface PaperPlan {
  model: NonNullable<SettingValues['model']>;
  order: NonNullable<SettingValues['order']>;
  embeddingDim: number;
  /** Empty for a model without hidden layers. */
  hiddenUnits: number[];
  batchSize: number;
  learningRate: number;
  searchEpochs: number;
  /** Most epochs of the retrain stage. */
  epochs: number;
  seed: number;
}

const NETWORKS: ReadonlyArray<PaperPlan['model']> = ['autoDeepFm', 'autoIpnn'];

/** Fill in what was not set, as in the paper. */
export function paperPlanOf({
  model = 'autoFm',
  order = '2',
  embeddingDim = 16,
  hiddenUnits,
  batchSize = 2000,
  learningRate = 1e-3,
  searchEpochs = 1,
  epochs = 60,
  seed = 1,
}: SettingValues): PaperPlan {
  if (model === 'autoFfm' && order !== '2') {
    throw new UsageError(
      `--model autoFfm has a vector for each pair of fields, so it has no triples. Omit --order, or give ` +
        `another model. Received: --order ${order}.`,
    );
  }
  const isNetwork = NETWORKS.includes(model);
  if (hiddenUnits !== undefined && !isNetwork) {
    throw new UsageError(
      `${flagOf('hiddenUnits')} is for models with hidden layers, but ${model} is without. Give --model autoDeepFm ` +
        'or autoIpnn.',
    );
  }
  return {
    model,
    order,
    embeddingDim,
    hiddenUnits: isNetwork ? (hiddenUnits ?? [128, 128, 128]) : [],
    batchSize,
    learningRate,
    searchEpochs,
    epochs,
    seed,
  };
}

/** Everything that the result depends on, as plain values. */
export function paperSettings({hiddenUnits, ...plan}: PaperPlan): StageSettings {
  return {method: 'paper', ...plan, hiddenUnits: hiddenUnits.join(',')};
}
