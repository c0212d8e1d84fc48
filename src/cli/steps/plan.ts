import type {Shards} from '../../data/shards/shards';
import {flagOf} from '../setting';
import type {SettingKey, SettingValues} from '../settings';
import {UsageError} from '../usage_error';
import type {StageSettings} from './run_folder';

/** The settings of search and retrain with their defaults. */
export interface Plan {
  model: NonNullable<SettingValues['model']>;
  order: NonNullable<SettingValues['order']>;
  embeddingDim: number;
  hiddenUnits: number[];
  dropout: number;
  embeddingDropout: number;
  l2: number;
  batchSize: number;
  learningRate: number;
  searchEpochs: number;
  recipe: NonNullable<SettingValues['recipe']>;
  form: NonNullable<SettingValues['form']>;
  epochs: number;
  patience: number;
  leastEpochs: number;
  seed: number;
}

/** Fewest steps of a search. */
const SEARCH_STEPS = 3000;
/** A search of few rows has fewer steps than that, rather than more passes than these. */
const MOST_SEARCH_EPOCHS = 300;
/** With fewer training rows a batch has 500 rows, so that an epoch has enough steps. */
const MANY_ROWS = 200_000;

/** Tell whether a model has hidden layers. */
export const hasNetwork = (model: Plan['model']): boolean => model === 'autoDeepFm' || model === 'autoIpnn';

/** Check that a model has the hidden layers that flags describe. */
export function checkHidden({model = 'autoFm', ...values}: SettingValues): void {
  const vain = (['hiddenUnits', 'dropout'] as const).find(key => values[key] !== undefined);
  if (vain !== undefined && !hasNetwork(model)) {
    throw new UsageError(
      `${flagOf(vain)} is for models with hidden layers, but ${model} is without. Give --model autoDeepFm or autoIpnn.`,
    );
  }
}

/** Fill in what was not set, by the number of training rows; for recipe 'paper' as in the paper, for any number. */
export function planOf(values: SettingValues, rows: number): Plan {
  const {model = 'autoFm', recipe = 'default'} = values;
  if (model === 'autoFfm' && (values.order ?? '2') !== '2') {
    throw new UsageError(
      `--model autoFfm has a vector for each pair of fields, so it has no triples. Omit --order, or give ` +
        `another model. Received: --order ${values.order}.`,
    );
  }
  const paper = recipe === 'paper';
  const {batchSize = paper || rows >= MANY_ROWS ? 2000 : 500} = values;
  const deep = hasNetwork(model);
  const l2 = deep ? 1e-4 : 1e-3;
  const searchEpochs = paper ? 1 : Math.min(MOST_SEARCH_EPOCHS, Math.ceil(SEARCH_STEPS / Math.ceil(rows / batchSize)));
  return {
    model,
    recipe,
    batchSize,
    form: values.form ?? 'gated',
    order: values.order ?? '2',
    embeddingDim: values.embeddingDim ?? 16,
    hiddenUnits: values.hiddenUnits ?? [128, 128, 128],
    dropout: values.dropout ?? (deep && !paper ? 0.2 : 0),
    embeddingDropout: values.embeddingDropout ?? 0,
    l2: values.l2 ?? (paper ? 0 : l2),
    learningRate: values.learningRate ?? 1e-3,
    searchEpochs: values.searchEpochs ?? searchEpochs,
    epochs: values.epochs ?? 60,
    patience: values.patience ?? 3,
    leastEpochs: values.leastEpochs ?? 10,
    seed: values.seed ?? 1,
  };
}

/** The flags that say how a model of --model is built. */
export const ARCHITECTURE = [
  'order',
  'embeddingDim',
  'hiddenUnits',
  'dropout',
  'embeddingDropout',
  'l2',
] as const satisfies readonly SettingKey[];

const MODEL_KEYS = ['model', ...ARCHITECTURE, 'batchSize', 'learningRate', 'seed'] as const;
const SEARCH_KEYS = [...MODEL_KEYS, 'searchEpochs', 'recipe'] as const;
const RETRAIN_KEYS = [...MODEL_KEYS, 'epochs', 'patience', 'leastEpochs'] as const;

/** Return the settings that the result of a stage depends on. */
export function settingsOf(plan: Plan, stage: 'search' | 'retrain', train: Shards): StageSettings {
  const keys = stage === 'search' ? SEARCH_KEYS : RETRAIN_KEYS;
  const plain = Object.fromEntries(
    keys.map(key => [key, Array.isArray(plan[key]) ? plan[key].join(',') : (plan[key] as string | number | null)]),
  );
  return {...plain, rows: train.rows, positives: train.positives, schema: train.schemaHash};
}
